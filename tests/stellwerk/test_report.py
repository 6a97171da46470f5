"""An evaluation shown to a person."""

from desk import (
    CalibrationSliceAnswer,
    DecisionReportAnswer,
    EvaluationAnswer,
    LabelScoreAnswer,
    ProvenPromiseAnswer,
    ReliabilityBinAnswer,
    TargetReportAnswer,
)
from stellwerk.output import show
from stellwerk.report import report_of


def _answer(threshold: float | None, n_missing: int | None = 1_234) -> EvaluationAnswer:
    label = LabelScoreAnswer(precision=0.75, recall=0.6, f1=0.667, n_tickets=1234)
    target = TargetReportAnswer(
        n_tickets=1234,
        accuracy=0.81,
        cost_per_100=417.0,
        macro_f1=0.79,
        log_loss=0.5,
        ece=0.02,
        labels={"bug": label, "update": LabelScoreAnswer(precision=0, recall=0, f1=0, n_tickets=3)},
        confusion={"bug": {"bug": 1200, "update": 34}},
        rare_labels=["update"],
        reliability=[ReliabilityBinAnswer(n_tickets=1234, mean_confidence=0.8, accuracy=0.81)],
        calibration=[
            CalibrationSliceAnswer(
                kind="language",
                name="en",
                n_tickets=77,
                mean_confidence=0.707,
                accuracy=0.626,
                ece=0.111,
                too_few=True,
            ),
            CalibrationSliceAnswer(
                kind="length", name="long", n_tickets=0, mean_confidence=None, accuracy=None, ece=None, too_few=True
            ),
        ],
    )
    promise = ProvenPromiseAnswer(
        max_error=0.05,
        confidence=0.95,
        threshold=threshold,
        n_tested=800,
        n_problems=200,
        auto_share=0.4,
        n_missing=n_missing,
    )
    auto_error = None if threshold is None else 0.031
    decision = DecisionReportAnswer(
        n_tickets=1234,
        auto_share=0.4,
        auto_error=auto_error,
        cost_per_100=345.0,
        review_cost_per_100=500.0,
        promise=promise,
        target_promises={"category": promise},
        covered_labels={"category": ["bug"]},
    )
    return EvaluationAnswer(targets={"category": target}, decision=decision)


def test_a_report_holds_every_number(capsys) -> None:
    """Scores, labels, confusions and decisions all stand in the report."""
    show(*report_of(_answer(threshold=0.9)))
    out = capsys.readouterr().out
    for number in (
        "0.810",
        "0.790",
        "0.500",
        "0.020",
        "0.750",
        "0.600",
        "0.667",
        "1,200",
        "34",
        "0.400",
        "0.031",
        "417",
        "345",
        "500",
    ):
        assert number in out
    assert "Proven on 800 tickets of 200 problems: at most 0.050 of them wrong, with confidence 0.950" in out
    assert "category alone: Proven on" in out


def test_small_parts_are_marked_not_hidden(capsys) -> None:
    """The calibration of a part of few tickets is shown and marked, one without tickets too."""
    show(*report_of(_answer(threshold=0.9)))
    lines = capsys.readouterr().out.splitlines()
    [english] = [line for line in lines if "language en" in line]
    assert all(word in english for word in ("77", "0.707", "0.626", "0.111", "too few"))
    [long] = [line for line in lines if "length long" in line]
    assert "too few" in long


def test_rare_labels_are_told(capsys) -> None:
    """A label of few tickets is marked, and one that no promise covers too."""
    show(*report_of(_answer(threshold=0.9)))
    labels = capsys.readouterr().out.partition("Labels of category")[2].partition("Answers to category")[0]
    [rare] = [line for line in labels.splitlines() if "update" in line]
    assert "rare, not covered" in rare
    [common] = [line for line in labels.splitlines() if "bug" in line]
    assert "rare" not in common


def test_an_unproven_promise_is_not_sold_as_one(capsys) -> None:
    """Without a proof the report says so, and how much is missing."""
    show(*report_of(_answer(threshold=None)))
    out = capsys.readouterr().out
    assert "No promise could be proven; about 1,234 more independent problems are needed" in out
    assert "category alone: No promise" in out
    assert "at most" not in out


def test_a_hopeless_proof_asks_for_no_more_tickets(capsys) -> None:
    """Where more tickets alone will not do, none are asked for."""
    show(*report_of(_answer(threshold=None, n_missing=None)))
    assert "more tickets alone will not do" in capsys.readouterr().out
