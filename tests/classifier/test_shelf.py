"""Models on disk: saved whole, checked before anything is unpickled, promoted and rolled back."""

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from classifier import (
    DamagedModelError,
    ForeignModelError,
    ModelShelf,
    NoChampionError,
    NothingToRollBackError,
    ShelfError,
    UnknownVersionError,
)
from classifier.shelf import _digest


class Bomb:
    """A pickle that leaves a file behind when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def change_manifest(folder: Path, **changes) -> None:
    """Rewrite fields of a model's manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.fixture
def folder(shelf: ModelShelf) -> Path:
    """The champion's folder."""
    return shelf.path / str(shelf.champion)


def test_a_saved_model_answers_as_it_did(shelf, trained_fast, small_history) -> None:
    """What is loaded gives the same probabilities and decisions, and its manifest tells how it was made."""
    manifest, model = shelf.load()
    tickets = [solved.ticket for solved in small_history[:20]]
    before, after = trained_fast.model.bind(None), model.bind(None)
    for target, shares in before.predict_proba(tickets).items():
        np.testing.assert_array_equal(after.predict_proba(tickets)[target], shares)
    assert after.classify(tickets) == before.classify(tickets)
    assert manifest.n_tickets == len(small_history)
    assert manifest.plan == trained_fast.model.plan.as_record()
    assert manifest.macro_f1.keys() == {"level", "category"}
    assert manifest.trained_at.tzinfo is not None


def test_a_model_is_found_by_version_and_by_folder(shelf, folder) -> None:
    """A version on the shelf and a folder anywhere can both be loaded."""
    assert shelf.load(folder.name)[0] == shelf.load(str(folder))[0] == shelf.load()[0]


def test_models_are_listed_newest_first(shelf, second, folder) -> None:
    """All readable models are listed, a broken one is not."""
    assert [manifest.version for manifest in shelf.manifests()] == [second, folder.name]
    (folder / "manifest.json").write_text("{")
    assert [manifest.version for manifest in shelf.manifests()] == [second]


def test_an_empty_shelf_names_the_cure(tmp_path) -> None:
    """Before the first promotion there is no champion, and the error says how to get one."""
    shelf = ModelShelf(tmp_path / "models")
    assert shelf.champion is None
    assert shelf.manifests() == []
    with pytest.raises(NoChampionError, match="stellwerk train HISTORY --promote"):
        shelf.load()


@pytest.mark.parametrize(
    "version", ["unknown", "..", ".", "../shelf", "../../etc", "/etc/passwd", "a/b", "x\0y", "%2e%2e"]
)
def test_only_versions_on_the_shelf_are_promoted(shelf, version: str) -> None:
    """No name leads out of the shelf, and none that is not there changes the champion."""
    before = shelf.champion
    for act in (shelf.promote, shelf.manifest, shelf.load):
        with pytest.raises(UnknownVersionError, match="stellwerk models"):
            act(version)
    assert shelf.champion == before


def test_a_folder_elsewhere_cannot_become_champion(shelf, folder, tmp_path) -> None:
    """A model outside the shelf can be tried, but neither its path nor a way around makes it serve."""
    elsewhere = tmp_path / "elsewhere" / "v9"
    shutil.copytree(folder, elsewhere)
    assert shelf.load(str(elsewhere))
    for name in (str(elsewhere), "../elsewhere/v9"):
        with pytest.raises(UnknownVersionError):
            shelf.promote(name)
    shutil.copy(folder / "manifest.json", shelf.path.parent)
    with pytest.raises(UnknownVersionError):
        shelf.promote("..")


@pytest.mark.parametrize("n_bytes", [0, 1, 1_000, -1])
def test_a_truncated_model_is_refused(shelf, folder, n_bytes: int) -> None:
    """A model file cut short anywhere is told as damaged with the cure."""
    path = folder / "classifier.joblib"
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises(DamagedModelError, match=r"differs from its digest.*nothing was loaded.*rollback"):
        shelf.load()


def test_a_missing_model_file_is_named(shelf, folder) -> None:
    """A folder without its model is damaged."""
    (folder / "classifier.joblib").unlink()
    with pytest.raises(DamagedModelError, match=r"lacks classifier\.joblib"):
        shelf.load()


def test_nothing_is_unpickled_before_the_check(shelf, folder, tmp_path) -> None:
    """A planted pickle with a wrong digest, or none at all, is refused without running any of it."""
    planted = tmp_path / "boom"
    (folder / "classifier.joblib").write_bytes(pickle.dumps(Bomb(planted)))
    with pytest.raises(DamagedModelError):
        shelf.load()
    change_manifest(folder, digests={})
    with pytest.raises(DamagedModelError):
        shelf.load()
    with pytest.raises(DamagedModelError):
        shelf.promote(folder.name)
    change_manifest(folder, digests={"manifest.json": _digest(folder / "manifest.json")})
    with pytest.raises(DamagedModelError):
        shelf.load()
    assert not planted.exists()


def test_a_model_of_other_software_is_not_unpickled(shelf, folder, tmp_path) -> None:
    """Even with a matching digest another scikit-learn's model is refused first, and both versions are named."""
    planted = tmp_path / "boom"
    (folder / "classifier.joblib").write_bytes(pickle.dumps(Bomb(planted)))
    change_manifest(
        folder,
        digests={"classifier.joblib": _digest(folder / "classifier.joblib")},
        software={"scikit-learn": "0.24.2", "numpy": "2"},
    )
    with pytest.raises(ForeignModelError, match=r"scikit-learn 0\.24\.2, here is .*train anew"):
        shelf.load()
    assert not planted.exists()


def test_a_model_that_cannot_be_unpickled_here_is_refused(shelf, folder) -> None:
    """Bytes with a right digest that name what is not installed are refused with a cure."""
    (folder / "classifier.joblib").write_bytes(b"cno_such_module\nThing\n.")
    change_manifest(folder, digests={"classifier.joblib": _digest(folder / "classifier.joblib")})
    with pytest.raises(DamagedModelError, match="cannot be read by the software installed here"):
        shelf.load()


def test_another_format_is_refused(shelf, folder) -> None:
    """A model that a later Stellwerk wrote is foreign, not damaged."""
    change_manifest(folder, format=99)
    with pytest.raises(ForeignModelError, match="model format 99, here is 10"):
        shelf.load()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", "{}", '{"format": 10}', "\xff\xfe"],
)
def test_a_manifest_that_cannot_be_read_is_damage(shelf, folder, text: str) -> None:
    """Whatever stands in the manifest instead of one, the model is refused as damaged."""
    (folder / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(DamagedModelError, match="no readable manifest"):
        shelf.load()


@pytest.mark.parametrize(
    "changes",
    [
        {"digests": []},
        {"digests": None},
        {"software": ["x"]},
        {"report": None},
        {"plan": "fast"},
        {"trained_at": "yesterday"},
        {"trained_at": 5},
        {"warnings": None},
        {"another": 1},
    ],
)
def test_a_manifest_with_a_wrong_field_is_damage(shelf, folder, changes) -> None:
    """A field of the wrong kind, or one too many, is damage and no other error; listing goes on."""
    change_manifest(folder, **changes)
    with pytest.raises(DamagedModelError, match="no readable manifest"):
        shelf.load()
    assert shelf.manifests() == []


def test_promotion_and_rollback(shelf, second, folder) -> None:
    """A promoted model serves, rollback brings back the one before, and past that there is nothing."""
    assert shelf.promote(second).version == second == shelf.champion
    shelf.promote(second)
    assert shelf.rollback().version == folder.name == shelf.champion
    with pytest.raises(NothingToRollBackError, match="promote a version by name"):
        shelf.rollback()
    assert shelf.champion == folder.name


def test_a_damaged_model_cannot_be_promoted(shelf, second, folder) -> None:
    """Promotion loads first; a model that cannot serve leaves the champion in place."""
    (shelf.path / second / "classifier.joblib").write_bytes(b"x")
    with pytest.raises(DamagedModelError):
        shelf.promote(second)
    assert shelf.load()[0].version == folder.name


def test_a_rollback_to_a_damaged_model_changes_nothing(shelf, second, folder) -> None:
    """Where the champion before cannot serve any more, the one that serves stays."""
    shelf.promote(second)
    (folder / "classifier.joblib").unlink()
    with pytest.raises(DamagedModelError):
        shelf.rollback()
    assert shelf.champion == second


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"champions": 5}', "null"])
def test_a_broken_pointer_is_told_with_the_cure(shelf, text: str) -> None:
    """A pointer that cannot be read is never taken for an empty shelf."""
    (shelf.path / "champion.json").write_text(text)
    with pytest.raises(ShelfError, match=r"champion\.json cannot be read; delete it and promote"):
        shelf.load()


def test_many_promote_at_once(shelf, second, folder) -> None:
    """Promotions that cross leave a readable pointer with one of the versions, and each is in the past of the other."""
    with ThreadPoolExecutor(8) as pool:
        versions = [second, folder.name] * 4
        assert [manifest.version for manifest in pool.map(shelf.promote, versions)] == versions
    past = json.loads((shelf.path / "champion.json").read_text())["champions"]
    assert all(one != other for one, other in pairwise(past))
    assert set(past) == {second, folder.name}
    assert shelf.load()[0].version == past[-1]
    assert not list(shelf.path.glob(".champion*"))


def test_saving_the_same_model_twice_gives_two_versions(shelf, trained_fast) -> None:
    """The same model saved twice at once is kept twice or found as one, and never refused."""
    first = shelf.save(trained_fast, n_tickets=1, data_fingerprint="a")
    again = shelf.save(trained_fast, n_tickets=1, data_fingerprint="a")
    assert shelf.load(first.version)
    assert shelf.load(again.version)


@pytest.mark.parametrize("room", [20_000, 200_000])
def test_a_full_disk_leaves_the_old_champion(run_python, shelf, folder, room: int) -> None:
    """Where writing ends early, saving is told with the cure, nothing half-made stays, and the champion serves."""
    code = """
import resource, signal, sys
from pathlib import Path
from classifier import ModelShelf, ShelfError, Trained
shelf = ModelShelf(Path(sys.argv[1]))
_, model = shelf.load()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    shelf.save(Trained(model, None, (), None), n_tickets=1, data_fingerprint="")
except ShelfError as error:
    print(error)
"""
    before = sorted(path.name for path in shelf.path.iterdir())
    done = run_python(code, shelf.path, room)
    assert "cannot be saved" in done.stdout
    assert "free space" in done.stdout
    assert sorted({path.name for path in shelf.path.iterdir()} - {".lock"}) == sorted(set(before) - {".lock"})
    assert shelf.load()[0].version == folder.name


def test_a_full_disk_while_promoting_leaves_the_old_champion(run_python, shelf, second, folder) -> None:
    """Where the pointer cannot be written, the old one stays whole."""
    code = """
import resource, signal, sys
from pathlib import Path
from classifier import ModelShelf, ShelfError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
try:
    ModelShelf(Path(sys.argv[1])).promote(sys.argv[2])
except ShelfError as error:
    print(error)
"""
    assert "the old one stays" in run_python(code, shelf.path, second).stdout
    assert shelf.load()[0].version == folder.name
    assert not list(shelf.path.glob(".champion*"))


def test_a_shelf_that_cannot_be_made_is_told(trained_fast, tmp_path) -> None:
    """A path that leads through a file is the shelf's own error."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ShelfError, match="cannot be saved"):
        ModelShelf(tmp_path / "file" / "models").save(trained_fast, n_tickets=1, data_fingerprint="")
