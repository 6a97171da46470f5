"""The knowledge base: bringing in, letting go, rebuilding, and what goes wrong."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import (
    Article,
    DamagedKnowledgeError,
    IndexProgress,
    KindCounts,
    KnowledgeBase,
    NoKnowledgeError,
    OtherEncoderError,
    Query,
)

VPN = Article(id="KB-1", title="VPN", body="Das Zertifikat ist abgelaufen.", language="de")
MAIL = Article(id="KB-3", title="Mailbox", body="Choose a new password.", language="en")


def found(base, text, **more):
    return [hit.id for hit in base.search(Query(text=text, **more))]


def test_bringing_in_twice_changes_nothing(base, documents, encoder):
    """The second time all are unchanged and nothing is encoded."""
    n_encoded = encoder.n_encoded
    counts = base.upsert(documents)
    assert counts.by_kind == {"article": KindCounts(unchanged=3), "ticket": KindCounts(unchanged=3)}
    assert encoder.n_encoded == n_encoded
    assert base.count() == {"article": 3, "ticket": 3}


def test_only_what_changed_is_written_and_old_passages_are_gone(base, encoder):
    """A changed document replaces all its rows; the others are not encoded again."""
    long = Article(id="L", title="Lang", body="\n\n".join(f"# A{n}\nKapitel{n} " + "wort " * 150 for n in range(3)))
    base.upsert([long])
    assert "L" in found(base, "Kapitel2")
    n_encoded = encoder.n_encoded
    counts = base.upsert([replace(long, body="Kapitel9"), VPN])
    assert counts.of("article") == KindCounts(changed=2)
    assert encoder.n_encoded == n_encoded + 2
    assert not any(hit.id == "L" and hit.why[0].name == "words" for hit in base.search(Query(text="Kapitel2")))


def test_unusable_and_repeated_documents_are_rejected_with_a_cure(base):
    """The first of a repeated id counts, each time the same; wordless documents are told."""
    other = replace(VPN, body="Etwas anderes.")
    for counts in (base.upsert([VPN, other, Article(id="E", title="", body="")]) for _ in range(2)):
        assert counts.of("article").rejected == 2
        assert [(one.id, one.kind) for one in counts.rejections] == [("KB-1", "article"), ("E", "article")]
        assert all(";" in one.reason for one in counts.rejections)
    assert counts.of("article").unchanged == 1


def test_progress_is_told_with_the_total_where_it_is_known(base):
    """A list has a total, a stream has none; the last word is all of them."""
    many = [Article(id=str(number), title=f"Seite {number}", body="x") for number in range(70)]
    told: list[IndexProgress] = []
    base.upsert(many, progress=told.append)
    assert [(one.done, one.total) for one in told] == [(64, 70), (70, 70)]
    told.clear()
    base.upsert(iter(many), progress=told.append)
    assert told[-1] == IndexProgress(done=70, total=None)


def test_what_was_removed_is_not_found_again(base):
    """Removal counts documents, and neither channel finds them."""
    assert base.remove(["KB-1", "T-1", "unknown"]) == 2
    assert base.count() == {"article": 2, "ticket": 2}
    assert not {"KB-1", "T-1"} & set(found(base, "Zertifikat Scanner Etiketten"))
    assert base.remove([]) == 0


def test_purging_wipes_removed_words_from_the_disk_and_keeps_the_rest(base, tmp_path):
    """After a purge the bytes of a removed document are in no file, and the others are found as before."""

    def on_disk(words: str) -> bool:
        return any(words.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    secret = Article(id="S", title="Geheim", body="Quittenmarmelade im Tresor", language="de")
    base.upsert([secret])
    assert on_disk("Quittenmarmelade")
    base.remove(["S"])
    before = found(base, "Drucker druckt leere Seiten")
    base.purge()
    assert not on_disk("Quittenmarmelade")
    assert found(base, "Drucker druckt leere Seiten") == before
    assert base.count() == {"article": 3, "ticket": 3}


def test_rebuilding_replaces_all_and_open_bases_follow(base, encoder, tmp_path):
    """After a rebuild an already open base answers from the new documents, and the old folder is gone."""
    path = tmp_path / "base"
    rebuilt, counts = KnowledgeBase.rebuild(path, encoder, [MAIL])
    assert counts.by_kind == {"article": KindCounts(added=1)}
    assert rebuilt.count() == base.count() == {"article": 1, "ticket": 0}
    assert found(base, "VPN Zertifikat") == ["KB-3"]
    assert len(list(path.glob("rows-*"))) == 1


def test_a_failed_rebuild_leaves_the_old_base_serving(base, encoder, tmp_path):
    """An error half way leaves no trace."""

    def broken():
        yield MAIL
        raise OSError("source gone")

    with pytest.raises(OSError, match="source gone"):
        KnowledgeBase.rebuild(tmp_path / "base", encoder, broken())
    assert base.count() == {"article": 3, "ticket": 3}
    assert len(list((tmp_path / "base").glob("rows-*"))) == 1
    assert base.upsert([VPN]).of("article").changed == 1


def test_another_encoder_is_refused_until_a_rebuild(base, encoder, tmp_path):
    """Vectors of two encoders are never mixed; the error names the cure, and the cure works."""
    other = type(encoder)(name="other", dimension=32)
    with pytest.raises(OtherEncoderError, match="--rebuild"):
        KnowledgeBase.open(tmp_path / "base", other)
    KnowledgeBase.rebuild(tmp_path / "base", other, [MAIL])
    assert KnowledgeBase.open(tmp_path / "base", other).count()["article"] == 1
    with pytest.raises(OtherEncoderError):
        base.search(Query(text="x"))


def test_a_missing_base_is_an_error_unless_it_may_be_made(tmp_path, encoder):
    """Opening nothing says how to index; with leave to create, an empty base answers nothing."""
    with pytest.raises(NoKnowledgeError, match="stellwerk index"):
        KnowledgeBase.open(tmp_path / "none", encoder)
    assert not (tmp_path / "none").exists()
    with KnowledgeBase.open(tmp_path / "none", encoder, create=True) as empty:
        assert empty.search(Query(text="Drucker")) == []
        assert empty.count() == {"article": 0, "ticket": 0}
        assert empty.remove(["x"]) == 0
        assert empty.kinds_of(["x"]) == {}
    assert KnowledgeBase.open(tmp_path / "none", encoder, create=True).count()["ticket"] == 0


def test_damage_is_told_and_cured_by_a_rebuild(base, encoder, tmp_path):
    """Lost files are an error naming the cure, which then works."""
    for file in (tmp_path / "base").rglob("*.lance"):
        if file.is_file():
            file.unlink()
    with pytest.raises(DamagedKnowledgeError, match="--rebuild"):
        KnowledgeBase.open(tmp_path / "base", encoder).search(Query(text="Drucker"))
    rebuilt, _ = KnowledgeBase.rebuild(tmp_path / "base", encoder, [VPN])
    assert found(rebuilt, "Zertifikat") == ["KB-1"]


def test_kinds_of_ids_are_told(base):
    """Each id here is named with its kinds, others are absent."""
    assert base.kinds_of(["KB-1", "T-1", "x"]) == {
        "KB-1": frozenset({"article"}),
        "T-1": frozenset({"ticket"}),
    }


def test_threads_search_while_documents_change(base):
    """Searches never fail and never miss an untouched document while another thread writes and rebuilds."""
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(found, base, "Netzwerkdrucker einrichten") for _ in range(20)]
        for number in range(4):
            base.upsert([replace(VPN, body=f"Fassung {number}")])
        base.purge()
        assert all(answer.result()[0] == "KB-2" for answer in answers)


def _write(path: Path, encoder, number: int) -> None:
    base = KnowledgeBase.open(path, encoder)
    base.upsert([VPN, *(Article(id=f"{number}-{n}", title=f"Seite {n}", body="Text") for n in range(3))])


def test_writers_in_several_processes_lose_and_double_nothing(base, encoder, tmp_path):
    """Two processes write at once, one document in common: each document is there once."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path / "base", encoder, number)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(240)  # seconds; starting a process takes long where many run
        assert writer.exitcode == 0
    fresh = KnowledgeBase.open(tmp_path / "base", encoder)
    assert fresh.count() == {"article": 3 + 6, "ticket": 3}
    assert len([one for one in found(fresh, "Zertifikat abgelaufen", limit=20) if one == "KB-1"]) == 1


def test_what_cannot_be_kept_is_not_indexed_and_what_is_kept_comes_first(base, documents):
    """Each batch is handed on before it is indexed, whole, unchanged documents too; a refusal leaves the base alone."""
    handed: list[str] = []

    def keep(accepted) -> None:
        handed.extend(one.key[1] for one in accepted)
        assert not base.kinds_of(["KB-9"])
        if "KB-8" in handed:
            raise OSError("the disk is full")

    base.upsert(
        [documents[0], Article(id="KB-9", title="Neu", body="neu"), Article(id=" ", title="", body="")], keep=keep
    )
    assert handed == ["KB-1", "KB-9"]
    base.remove(["KB-9"])
    with pytest.raises(OSError, match="disk"):
        base.upsert([Article(id="KB-8", title="Neu", body="neu")], keep=keep)
    assert not base.kinds_of(["KB-8", "KB-9"])


def test_what_cannot_be_let_go_of_elsewhere_stays(base):
    """Where the act before a removal fails, nothing is removed."""

    def refuse() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        base.remove(["KB-1"], first=refuse)
    assert base.kinds_of(["KB-1"])


def test_a_writer_knows_what_another_wrote_a_moment_ago(base, encoder):
    """A document put by another process is removed, replaced and wiped at once, not only once a second has passed."""
    with KnowledgeBase.open(base._serving.place.path, encoder) as other:
        assert other.count()["article"] == 3
        for number in range(3):
            base.upsert([Article(id=f"N-{number}", title="Neu", body="frisch")])
            assert other.remove([f"N-{number}"]) == 1
            base.upsert([Article(id="C", title="Neu", body=f"frisch {number}")])
            assert other.upsert([Article(id="C", title="Neu", body=f"frisch {number}")]).of("article").unchanged == 1
        base.upsert([Article(id="last", title="Neu", body="frisch")])
        assert other.purge()
    assert base.kinds_of(["C", "last", "N-2"]).keys() == {"C", "last"}
