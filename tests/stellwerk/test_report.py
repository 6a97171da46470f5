"""An evaluation shown to a person."""

from desk import (
    DecisionReportAnswer,
    EvaluationAnswer,
    LabelScoreAnswer,
    ProvenPromiseAnswer,
    TargetReportAnswer,
)
from stellwerk.output import show
from stellwerk.report import report_of


def _answer(threshold: float | None) -> EvaluationAnswer:
    label = LabelScoreAnswer(precision=0.75, recall=0.6, f1=0.667, n_tickets=1234)
    target = TargetReportAnswer(
        n_tickets=1234,
        accuracy=0.81,
        macro_f1=0.79,
        log_loss=0.5,
        ece=0.02,
        labels={"bug": label},
        confusion={"bug": {"bug": 1200, "update": 34}},
    )
    promise = ProvenPromiseAnswer(
        max_error=0.05, confidence=0.95, threshold=threshold, n_tested=800, auto_share=0.4, n_missing=12
    )
    auto_error = None if threshold is None else 0.031
    decision = DecisionReportAnswer(n_tickets=1234, auto_share=0.4, auto_error=auto_error, promise=promise)
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
    ):
        assert number in out
    assert "at most 0.050 of them wrong, with confidence 0.950" in out


def test_an_unproven_promise_is_not_sold_as_one(capsys) -> None:
    """Without a proof the report says so, and how much is missing."""
    show(*report_of(_answer(threshold=None)))
    out = capsys.readouterr().out
    assert "No promise could be proven; 12 more" in out
    assert "at most" not in out
