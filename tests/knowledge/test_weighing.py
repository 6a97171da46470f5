"""Weights are chosen on judgements, and kept only where they find better."""

import pytest

from knowledge import FusionWeights, Hit, Judgement, Query, TooFewJudgementsError
from knowledge.place import place_of
from knowledge.weighing import keep_weights, kept_weights, weigh
from tickets import Ticket

JUDGEMENTS = [Judgement(query=Ticket(body=f"question {i}"), relevant=frozenset({f"a{i}"})) for i in range(60)]


def hit(id_: str) -> Hit:
    return Hit(kind="article", id=id_, title="", snippet="", score=0.5, why=())


def search_where(is_good):
    """A search that finds the right article with good weights, and first another one with others."""

    def search(query, weights):
        right = hit(f"a{query.ticket.body.split()[1]}")
        return [right] if is_good(weights) else [hit("other"), right]

    return search


def weighed(search):
    return weigh(JUDGEMENTS, search=search, encode=lambda _: None, before=FusionWeights())


def test_weights_that_find_better_are_chosen() -> None:
    """The gain is told by judgements that the choice did not see."""
    weighing = weighed(search_where(lambda weights: weights.words == 2.0))
    assert weighing.best.words == 2.0
    assert weighing.is_better
    assert weighing.gain.difference == pytest.approx(1 - 0.6309, abs=1e-3)  # from the second rank to the first


def test_where_nothing_is_gained_the_usual_weights_stay() -> None:
    """All are equally good, and of equals the present ones are taken."""
    weighing = weighed(search_where(lambda _: True))
    assert weighing.best == FusionWeights()
    assert not weighing.is_better


def test_few_judgements_are_refused() -> None:
    """The message says how many are needed."""
    with pytest.raises(TooFewJudgementsError, match="at least 50"):
        weigh(JUDGEMENTS[:49], search=search_where(bool), encode=lambda _: None, before=FusionWeights())


def test_kept_weights_hold_for_their_encoder(tmp_path, caplog) -> None:
    """Vectors of another encoder are weighed as usual, and so is what another version kept."""
    place, chosen = place_of(tmp_path), FusionWeights(words=2.0)
    keep_weights(place, chosen, encoder="e5")
    assert kept_weights(place, encoder="e5") == chosen
    assert kept_weights(place, encoder="other") == FusionWeights()
    (tmp_path / "weights.json").write_text('{"encoder": "e5", "colour": 1}')
    assert kept_weights(place, encoder="e5") == FusionWeights()
    assert "cannot be understood" in caplog.text


def test_a_base_searches_with_what_was_chosen(base) -> None:
    """Weights kept in its place hold from its next search on."""
    query, chosen = Query(text="leere Seiten"), FusionWeights(words=0.1)
    usual = [hit.score for hit in base.search(query)]
    with base._serving.writing():
        keep_weights(base._serving.place, chosen, encoder=base._encoder.name)
    now = [hit.score for hit in base.search(query)]
    assert now == [hit.score for hit in base.search(query, chosen)]
    assert now != usual
