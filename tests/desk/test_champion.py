"""The model that answers, and how another one takes its place."""

import shutil
import threading

import pytest

from classifier import DamagedModelError, ShelfError
from desk.champion import Champion


@pytest.fixture
def save(shelf, trained_fast):
    """Puts a further version on the shelf, promoted by nobody."""
    return lambda: shelf.save(trained_fast, n_tickets=1, data_fingerprint="x").version


@pytest.fixture
def champion(shelf, fake_encoder) -> Champion:
    """The champion of the shelf, loaded."""
    one = Champion(shelf, fake_encoder)
    one.current()
    return one


def test_a_request_never_waits_for_a_model_that_loads(champion, shelf, save, monkeypatch) -> None:
    """While another model is being taken up, the old one answers at once."""
    old, new = shelf.champion, save()
    shelf.promote(new)
    begun, may_end = threading.Event(), threading.Event()
    prepared = champion.prepared

    def slowly(version):
        begun.set()
        assert may_end.wait(30)
        return prepared(version)

    monkeypatch.setattr(champion, "prepared", slowly)
    loading = threading.Thread(target=champion.follow)
    loading.start()
    assert begun.wait(30)
    assert champion.current().manifest.version == old
    may_end.set()
    loading.join(30)
    assert champion.current().manifest.version == new


def test_the_first_champion_is_picked_up(shelf, fake_encoder) -> None:
    """Where none was promoted at the start nothing serves; the first one is taken up like any other."""
    version = shelf.champion
    (shelf.path / "champion.json").rename(shelf.path / "aside")
    champion = Champion(shelf, fake_encoder)
    assert champion.current() is None
    (shelf.path / "aside").rename(shelf.path / "champion.json")
    assert champion.current() is None
    champion.follow()
    assert champion.current().manifest.version == version


@pytest.mark.parametrize("harm", ["pointer", "folder", "bytes"])
def test_what_happens_to_files_does_not_stop_a_model_that_serves(champion, shelf, save, harm, caplog) -> None:
    """A torn pointer, a deleted folder, changed bytes: the old model goes on, and the reason is told once."""
    old, new = shelf.champion, save()
    shelf.promote(new)
    match harm:
        case "pointer":
            (shelf.path / "champion.json").write_text('{"champ')
        case "folder":
            shutil.rmtree(shelf.path / new)
        case "bytes":
            (shelf.path / new / "classifier.joblib").write_bytes(b"x")
    for _ in range(3):
        champion.follow()
    assert champion.current().manifest.version == old
    assert champion.refusal.version == (None if harm == "pointer" else new)
    assert champion.refusal.reason
    assert len([record for record in caplog.records if "refused" in record.message]) == 1


def test_a_refusal_ends_with_the_next_good_champion(champion, shelf, save) -> None:
    """After a rollback nothing is refused any more; a promoted good model serves."""
    old, bad = shelf.champion, save()
    shelf.promote(bad)
    shutil.rmtree(shelf.path / bad)
    champion.follow()
    assert champion.refusal.version == bad
    shelf.rollback()
    champion.follow()
    assert champion.refusal is None
    assert champion.current().manifest.version == old


def test_without_any_model_damage_is_raised_until_it_is_mended(shelf, fake_encoder) -> None:
    """A first champion that cannot serve is told at every request; nothing hides it."""
    pointer = shelf.path / "champion.json"
    whole = pointer.read_text()
    champion = Champion(shelf, fake_encoder)
    pointer.write_text("{")
    for _ in range(2):
        with pytest.raises(ShelfError):
            champion.current()
    pointer.write_text(whole)
    (shelf.path / shelf.champion / "classifier.joblib").write_bytes(b"x")
    with pytest.raises(DamagedModelError):
        champion.current()
