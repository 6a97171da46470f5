"""Figures against values worked out by hand."""

import math

import numpy as np
import pytest

from classifier import Promise, evaluate
from classifier.calibration import Traits
from classifier.decision import would_route
from classifier.evaluation import label_indices, report_on, wrong_answers
from classifier.proof import Promises
from classifier.proposal import propose
from tickets import SolvedTicket, Taxonomy, Ticket

TAXONOMY = Taxonomy.parse(
    """
    review_cost = 3
    [[target]]
    name = "level"
    labels = ["1", "2", "3"]
    cost = { "2" = { "1" = 4 } }
    [[target]]
    name = "urgent"
    labels = ["no", "yes"]
    """,
    source="test",
)


def promises(threshold: float) -> Promises:
    """A joint promise above that certainty, and none for a target alone."""
    facts = {"max_error": 0.05, "confidence": 0.95, "n_tested": 100, "n_problems": 100}
    none = Promise(threshold=None, auto_share=0.0, **facts)
    return Promises(
        joint=Promise(threshold=threshold, auto_share=0.5, **facts),
        single={"level": none, "urgent": none},
        labels={"level": frozenset("123"), "urgent": frozenset({"no", "yes"})},
    )


PROMISES = promises(0.4)
TRAITS = Traits(np.array(["de", "de", "en", "en"], object), np.array(["short"] * 4, object))
SHARES = {
    "level": np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.1, 0.7, 0.2], [0.2, 0.2, 0.6]]),
    "urgent": np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.3, 0.7]]),
}
TRUTH = {"level": np.array([0, 1, 1, -1]), "urgent": np.array([0, 0, 0, 1])}


def test_the_figures_are_those_worked_out_by_hand() -> None:
    """Four tickets, one without a level: accuracy, F1, log-loss, confusion and calibration error by hand."""
    report = report_on(TAXONOMY, SHARES, TRUTH, np.array([True, False, True, False]), PROMISES, TRAITS)
    level = report.targets["level"]
    assert level.n_tickets == 3
    assert level.accuracy == pytest.approx(2 / 3)
    # label 1: precision 1/2, recall 1; label 2: precision 1, recall 1/2; label 3 has no tickets and does not count
    assert level.labels["1"].precision == pytest.approx(1 / 2)
    assert level.labels["2"].recall == pytest.approx(1 / 2)
    assert level.macro_f1 == pytest.approx(2 / 3)
    assert level.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.3) + math.log(0.7)) / 3)
    assert level.confusion == {
        "1": {"1": 1, "2": 0, "3": 0},
        "2": {"1": 1, "2": 1, "3": 0},
        "3": {"1": 0, "2": 0, "3": 0},
    }
    # three bins of one ticket each: gaps .2, .6 and .3
    assert level.ece == pytest.approx((0.2 + 0.6 + 0.3) / 3)
    # the last ticket has no level: of the English ones one counts, of the short ones three
    sizes = {(part.kind, part.name): part.n_tickets for part in level.calibration}
    assert (sizes["language", "en"], sizes["length", "short"], sizes["label", "1"]) == (1, 3, 2)
    assert [point.accuracy for point in level.reliability] == [0.0, 1.0, 1.0]
    assert report.targets["urgent"].accuracy == pytest.approx(3 / 4)
    assert (report.decision.n_tickets, report.decision.auto_share) == (4, 0.5)
    assert report.decision.auto_error == pytest.approx(1 / 2)


def test_a_certain_mistake_has_a_finite_loss() -> None:
    """A probability of nought for the truth costs much, not infinity."""
    shares = {"level": np.array([[1.0, 0, 0], [0, 1.0, 0]]), "urgent": np.array([[1.0, 0], [1.0, 0]])}
    truth = {"level": np.array([1, 1]), "urgent": np.array([0, 0])}
    loss = (
        report_on(TAXONOMY, shares, truth, np.zeros(2, bool), PROMISES, TRAITS.at(np.arange(4) < 2))
        .targets["level"]
        .log_loss
    )
    assert 5 < loss < 10


def test_rare_labels_are_reported() -> None:
    """A label of nine tickets or of none is named as rare and keeps its place in every table; one of ten is not."""
    truth = {"level": np.repeat([0, 1], [10, 9]), "urgent": np.full(19, -1)}
    shares = {"level": np.tile([0.8, 0.1, 0.1], (19, 1)), "urgent": np.tile([0.9, 0.1], (19, 1))}
    traits = Traits(np.array(["de"] * 19, object), np.array(["long"] * 19, object))
    level = report_on(TAXONOMY, shares, truth, np.zeros(19, bool), PROMISES, traits).targets["level"]
    assert level.rare_labels == ("2", "3")
    assert set(level.labels) == set(level.confusion) == {"1", "2", "3"}


def test_nothing_automatic_has_no_error_rate() -> None:
    """Where nothing was routed by itself, the error among it is unknown, not nought."""
    report = report_on(TAXONOMY, SHARES, TRUTH, np.zeros(4, bool), PROMISES, TRAITS)
    assert (report.decision.auto_share, report.decision.auto_error) == (0.0, None)


def test_a_target_nobody_labelled_is_left_out() -> None:
    """A target without a single known label has no figures; no label at all is an error with the cure."""
    truth = {"level": TRUTH["level"], "urgent": np.full(4, -1)}
    assert report_on(TAXONOMY, SHARES, truth, np.zeros(4, bool), PROMISES, TRAITS).targets.keys() == {"level"}
    nothing = {"level": np.full(4, -1), "urgent": np.full(4, -1)}
    with pytest.raises(ValueError, match="--label"):
        report_on(TAXONOMY, SHARES, nothing, np.zeros(4, bool), PROMISES, TRAITS)


def test_an_answer_is_wrong_where_any_known_label_is() -> None:
    """An unknown label is no mistake; one wrong target of two is."""
    answers = {name: of_target.argmax(axis=1) for name, of_target in SHARES.items()}
    assert wrong_answers(answers, TRUTH).tolist() == [False, True, True, False]


def test_routing_follows_the_decision() -> None:
    """Certainties .72, .42 and .42 stand above the threshold of .4; above .5 only the first; a doubt keeps it back.

    The second ticket's cheapest level is the less probable 2, for to take it for 1 would cost four times as much.
    """
    proposals, none = propose(TAXONOMY, SHARES), [()] * 4
    assert [one["level"].label for one in proposals] == ["1", "2", "2", "3"]
    assert would_route(TAXONOMY, proposals, PROMISES, none).tolist() == [True, False, True, True]
    assert would_route(TAXONOMY, proposals, promises(0.5), none).tolist() == [True, False, False, False]
    doubts = [("unknown_language",), (), (), ()]
    assert would_route(TAXONOMY, proposals, promises(0.5), doubts).tolist() == [False] * 4


def test_costs_are_those_of_the_labels_acted_on() -> None:
    """Worked out by hand: level is right at 2 by its cost though 1 is likelier, one urgency is wrong, two are asked."""
    report = report_on(TAXONOMY, SHARES, TRUTH, np.array([True, False, True, False]), PROMISES, TRAITS)
    assert report.targets["level"].accuracy == pytest.approx(2 / 3)  # of the most probable labels
    assert report.targets["level"].cost_per_100 == 0.0
    assert report.targets["urgent"].cost_per_100 == pytest.approx(100 * 1 / 4)
    # routed: nothing wrong, urgency wrong (1); asked: 3 each
    assert report.decision.cost_per_100 == pytest.approx(100 * (0 + 1 + 3 + 3) / 4)
    assert report.decision.review_cost_per_100 == 300.0
    assert report.decision.auto_error == pytest.approx(1 / 2)
    assert report.decision.covered_labels == {"level": ("1", "2", "3"), "urgent": ("no", "yes")}


def test_unknown_and_missing_labels_have_no_index() -> None:
    """A label of another desk counts as none."""
    solved = [
        SolvedTicket(ticket=Ticket(body="x"), labels=labels)
        for labels in ({"level": "2", "urgent": "yes"}, {"level": "9"}, {})
    ]
    found = label_indices(solved, TAXONOMY)
    assert found["level"].tolist() == [1, -1, -1]
    assert found["urgent"].tolist() == [1, -1, -1]


def test_a_model_is_measured_by_what_it_answers(plain_trained, plain_history) -> None:
    """The report on new tickets agrees with the decisions and labels that the model gives for them."""
    solved = plain_history(40, seed=5)
    bound = plain_trained.model.bind(None)
    report = evaluate(bound, solved)
    answers = bound.classify([ticket.ticket for ticket in solved])
    n_right = sum(a.predictions["level"].label == t.labels["level"] for a, t in zip(answers, solved, strict=True))
    assert report.targets["level"].accuracy == pytest.approx(n_right / len(solved))
    n_auto = sum(answer.decision.action == "auto" for answer in answers)
    assert report.decision.auto_share == pytest.approx(n_auto / len(solved))
