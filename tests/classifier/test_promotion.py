"""Whether a candidate has earned to serve."""

from datetime import UTC, datetime

import pytest

from classifier import Manifest, judge


def manifest(answered: bool = True, **macro_f1: float) -> Manifest:
    """A manifest with these macro-F1, whose label "2" is answered or never."""
    targets = {
        name: {
            "macro_f1": value,
            "labels": {"1": {"n_tickets": 5}, "2": {"n_tickets": 3}, "3": {"n_tickets": 0}},
            "confusion": {
                "1": {"1": 5, "2": 0, "3": 0},
                "2": {"1": 3 - answered, "2": int(answered), "3": 0},
                "3": {"1": 0, "2": 0, "3": 0},
            },
        }
        for name, value in macro_f1.items()
    }
    return Manifest(
        version="v",
        trained_at=datetime.now(UTC),
        plan={},
        report={"targets": targets},
        n_tickets=8,
        data_fingerprint="",
        encoder=None,
        warnings=(),
        software={},
        digests={},
    )


def test_the_first_model_is_promoted() -> None:
    """Without a champion a sound candidate serves; labels that no ticket has need no answer."""
    assert judge(manifest(level=0.3), None).promoted


@pytest.mark.parametrize(("before", "now", "promoted"), [(0.7, 0.75, True), (0.7, 0.69, True), (0.7, 0.67, False)])
def test_a_candidate_may_not_fall_behind(before: float, now: float, promoted: bool) -> None:
    """Better or as good within chance is promoted; clearly worse is not, and the figures are told."""
    verdict = judge(manifest(level=now), manifest(level=before))
    assert verdict.promoted == promoted
    assert f"{before:.3f}" in verdict.reasons[0]
    assert f"{now:.3f}" in verdict.reasons[0]


def test_one_worse_target_is_enough() -> None:
    """A gain on one target does not buy a loss on another."""
    verdict = judge(manifest(level=0.9, category=0.5), manifest(level=0.7, category=0.6))
    assert not verdict.promoted
    assert "category" in verdict.reasons[0]


@pytest.mark.parametrize("champion", [None, manifest(level=0.1)])
def test_a_label_that_is_never_answered_stops_it(champion: Manifest | None) -> None:
    """A candidate blind to a label that tickets have is not promoted, whoever served before."""
    verdict = judge(manifest(answered=False, level=0.9), champion)
    assert not verdict.promoted
    assert "label '2' is never answered although 3 tickets have it" in verdict.reasons[0]


def test_a_target_may_be_added_but_not_lost() -> None:
    """A new question is welcome; dropping one that the champion answers is not."""
    assert judge(manifest(level=0.7, queue=0.2), manifest(level=0.7)).promoted
    verdict = judge(manifest(level=0.7), manifest(level=0.7, queue=0.2))
    assert not verdict.promoted
    assert "queue" in verdict.reasons[0]
