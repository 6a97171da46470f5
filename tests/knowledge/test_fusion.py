"""Documents ranked from what the channels found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine import Found
from knowledge.fusion import CosineScale, FusionWeights, fuse, scale_of
from knowledge.query import Channel

WEIGHTS = FusionWeights()
SCALE = CosineScale(mean=0.5, spread=0.05)


def found(document, score, *, field="passage", part=0, language="de"):
    kind = "article" if field == "passage" else "ticket"
    key = f"{kind}:{document}:{field}:{part}"
    return Found(key=key, document=document, kind=kind, field=field, language=language, score=score)


def ranked(meaning, words, signatures=(), *, depth=100, limit=99, **more):
    return fuse(meaning, words, signatures, limit=limit, depth=depth, scale=SCALE, weights=WEIGHTS, **more)


def test_a_document_counts_once_by_its_best_passage():
    """Two passages of one article are one document, shown by the better passage."""
    answer = ranked({"passage": [found("a", 0.9, part=1), found("b", 0.8), found("a", 0.7)]}, [])
    assert [(one.document, one.key) for one in answer] == [
        (("article", "a"), "article:a:passage:1"),
        (("article", "b"), "article:b:passage:0"),
    ]


def test_both_channels_agreeing_beat_either_alone():
    """Found by words and by meaning ranks above found by one of them."""
    answer = ranked(
        {"passage": [found("both", 0.80), found("near", 0.81), found("far", 0.5)]},
        [found("both", 9), found("far", 8)],
    )
    assert answer[0].document == ("article", "both")
    assert answer[0].why == (Channel("words", 1), Channel("meaning", 2))


def test_a_ticket_is_weighed_by_its_words_and_more_by_its_resolution():
    """A like resolution outranks like words, and both together outrank each."""
    told, solved = (
        [("told", 0.9), ("both", 0.9), ("solved", 0.5)],
        [("solved", 0.9), ("both", 0.9), ("told", 0.5)],
    )
    answer = ranked(
        {
            "ticket": [found(name, score, field="ticket") for name, score in told],
            "resolution": [found(name, score, field="resolution") for name, score in solved],
        },
        [],
    )
    assert [one.document[1] for one in answer] == ["both", "solved", "told"]


def test_an_unsolved_ticket_is_judged_by_its_words_alone():
    """Missing a resolution is not held against a ticket."""
    answer = ranked({"ticket": [found("open", 0.9, field="ticket")], "resolution": []}, [])
    assert [one.document for one in answer] == [("ticket", "open")]
    other = ranked({"ticket": [found("open", 0.9, field="ticket"), found("low", 0.2, field="ticket")]}, [])
    assert other[0].document == ("ticket", "open")


def test_rows_below_a_full_list_count_as_its_last():
    """A document only words found is given the cosine the list ended with, not none."""
    near = [found(f"n{number}", 0.9 - number / 100) for number in range(3)]
    answer = ranked({"passage": near}, [found("words", 5), found("n0", 5)], depth=3)
    assert answer[0].document[1] == "n0"
    assert answer[1].document[1] == "words"


def test_words_of_another_language_do_not_count():
    """An untrusted row keeps its meaning and loses its words, in score and in why."""
    meaning = {"passage": [found("de", 0.8), found("en", 0.8, language="en")]}
    words = [found("en", 9, language="en"), found("de", 1)]
    answer = ranked(meaning, words, trusted=lambda one: one.language == "de")
    assert [one.document[1] for one in answer] == ["de", "en"]
    assert answer[1].why == (Channel("meaning", 2),)


def test_the_only_row_with_a_rare_word_beats_likeness():
    """A code that stands in one document finds it first, though others lie nearer by two spreads."""
    near = [found(f"n{number}", 0.9 - number / 1000) for number in range(30)]
    answer = ranked({"passage": [*near, found("code", 0.8)]}, [found("code", 7)])
    assert answer[0].document[1] == "code"


def test_a_shared_rare_signature_beats_likeness_and_a_common_one_does_not():
    """One document in ten thousand has BM25 about 9, one in four about 1.4: the first outweighs three spreads."""
    near = {"passage": [found(f"n{number}", 0.9 - number / 1000) for number in range(30)] + [found("same", 0.75)]}
    assert ranked(near, [], [found("same", 9.0)])[0].document[1] == "same"
    assert ranked(near, [], [found("same", 1.4)])[0].document[1] == "n0"


def test_a_signature_speaks_for_the_whole_ticket_in_any_language():
    """What a ticket's own words share is not halved by its resolution, nor by another language, and is told."""
    meaning = {
        "ticket": [found("other", 0.9, field="ticket"), found("same", 0.8, field="ticket", language="en")],
        "resolution": [found("other", 0.9, field="resolution"), found("same", 0.8, field="resolution")],
    }
    marked = [found("same", 9.0, field="ticket", language="en")]
    first = ranked(meaning, [], marked, trusted=lambda one: one.language == "de")[0]
    assert first.document == ("ticket", "same")
    assert first.why == (Channel("signature", 1), Channel("meaning", 2))


def test_a_document_found_by_its_signature_alone_is_ranked():
    """Beyond the lists of words and meaning it counts as their end, and its signature on top."""
    near = {"passage": [found(f"n{number}", 0.9 - number / 100) for number in range(3)]}
    answer = ranked(near, [], [found("same", 9.0)], depth=3)
    assert (answer[0].document[1], answer[0].why) == ("same", (Channel("signature", 1),))


def test_nothing_found_is_nothing_ranked():
    """Empty lists give an empty ranking."""
    assert ranked({}, []) == ranked({"passage": []}, []) == []


FIELDS = ("passage", "ticket")
ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(0, 1), st.sampled_from(FIELDS)), max_size=20)


def best_first(rows):
    made = [found(name, score, field=field, part=part) for part, (name, score, field) in enumerate(rows)]
    return sorted(made, key=lambda one: -one.score)


@given(ROWS, ROWS, ROWS)
def test_scores_lie_in_the_unit_interval_and_fall(meaning, words, signatures):
    """Whatever the scores, shares fall along the ranking within [0, 1], and ranks start at 1."""
    lists = {field: [one for one in best_first(meaning) if one.field == field] for field in FIELDS}
    found_by = best_first(words), best_first(signatures)
    answer = ranked(lists, *found_by, depth=5)
    assert ranked(lists, *found_by, depth=5, limit=3) == answer[:3]
    scores = [one.score for one in answer]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len({one.document for one in answer}) == len(answer)
    for name in ("signature", "words", "meaning"):
        ranks = sorted(channel.rank for one in answer for channel in one.why if channel.name == name)
        assert ranks == list(range(1, len(ranks) + 1))


def test_meaning_makes_up_for_words_that_cannot_match():
    """A page of another language beats one of the query's own that shares words but means something else."""
    near = {"passage": [found("en", 0.65, language="en"), found("de", 0.58)]}
    words = [found(f"w{number}", 9) for number in range(19)] + [found("de", 9)]
    answer = ranked(near, words, trusted=lambda one: one.language == "de")
    assert answer[0].document[1] == "en"
    alike = ranked(near, words)
    assert alike[0].document[1] == "de"


def test_what_means_nothing_gains_nothing_by_its_language():
    """At the mean of unrelated texts, another language is worth neither more nor less."""
    near = {"passage": [found("de", 0.5), found("en", 0.5, language="en")]}
    answer = ranked(near, [], trusted=lambda one: one.language == "de")
    assert answer[0].score == answer[1].score


def test_the_scale_is_that_of_the_cosines():
    """Random directions around a common one: a mean of 1/2, and 400 dimensions spread them; few give a usual spread."""
    vectors = np.random.default_rng(5).standard_normal((200, 400)).astype(np.float32) / 20
    scale = scale_of(_unit(vectors))
    assert scale.spread == pytest.approx(0.05, rel=0.1)
    assert scale.mean == pytest.approx(0.0, abs=0.01)
    vectors[:, 0] += 1
    assert scale_of(_unit(vectors)).mean == pytest.approx(0.5, abs=0.02)
    assert scale_of(vectors[:1]) == CosineScale()
    assert scale_of(np.repeat(vectors[:1], 50, axis=0)).spread > 0


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
