"""The comparison of engines, with few documents."""

from importlib.util import find_spec

import pytest
from benchmarks.knowledge.engines import ENGINES, compare
from benchmarks.knowledge.product import Stellwerk
from benchmarks.knowledge.synthetic import SyntheticCorpus

from benchmarks.knowledge import engines


def test_engines_are_measured_in_processes_of_their_own(tmp_path, monkeypatch) -> None:
    """Each installed engine has seconds, memory, disk and full recall on few documents; the others say why not."""
    monkeypatch.setattr(engines, "_N_QUESTIONS", 6)
    monkeypatch.setattr(engines, "_N_WARMING", 1)
    installed = [name for name, (_, _, module) in ENGINES.items() if find_spec(module)]
    assert "stellwerk" in installed
    figures = compare(200, [name for name in ENGINES if name == "stellwerk" or name not in installed], tmp_path)
    ours = figures["stellwerk"]
    assert ours["unfiltered"]["vector_recall_at_10"] == ours["filtered"]["vector_recall_at_10"] == 1
    assert 0 < ours["unfiltered"]["p50_ms"] <= ours["unfiltered"]["p95_ms"]
    assert ours["memory"]["pss_mb"] >= ours["memory"]["anonymous_mb"] > 0
    assert all("not_measured" in figures[name] for name in ENGINES if name not in installed)
    built = (tmp_path / "stellwerk-200" / "built.json").stat().st_mtime_ns
    compare(200, ["stellwerk"], tmp_path)
    assert (tmp_path / "stellwerk-200" / "built.json").stat().st_mtime_ns == built


def test_words_and_meaning_find_what_they_should(tmp_path) -> None:
    """A document's own words and vector find it first, and a filter keeps strangers out."""
    corpus = SyntheticCorpus(300)
    engine = Stellwerk(tmp_path)
    engine.build(corpus)
    (chunk,) = corpus.chunks()
    question = corpus.questions(1)[0]
    asked = type(question)(
        terms=tuple(chunk.titles[7].split()), vector=chunk.vectors[7], customer=int(chunk.customers[7])
    )
    assert engine.hybrid(asked, limit=10, filtered=False)[0] == 7
    theirs = engine.hybrid(asked, limit=10, filtered=True)
    assert theirs[0] == 7
    assert {int(chunk.customers[number]) for number in theirs} == {asked.customer}
    assert engine.nearest(asked, limit=1, filtered=True) == [7]
    engine.close()


@pytest.mark.parametrize("name", ["postgresql", "zvec"])
def test_peers_find_it_too(name, tmp_path) -> None:
    """A peer, where it is installed, finds a document by its own words and vector."""
    if not find_spec(ENGINES[name][2]):
        pytest.skip(f"{ENGINES[name][1]} is not installed; `make bench` installs it")
    with engines._process(name, tmp_path) as connection:
        corpus = SyntheticCorpus(200)
        engines._call(connection, "build", corpus)
        (chunk,) = corpus.chunks()
        question = corpus.questions(1)[0]
        asked = type(question)(
            terms=tuple(chunk.titles[7].split()), vector=chunk.vectors[7], customer=int(chunk.customers[7])
        )
        for filtered in (False, True):
            assert engines._call(connection, "hybrid", asked, limit=5, filtered=filtered)[0][0] == 7
