"""Two models on the same tickets."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score
from tests.classifier.test_promotion import manifest

from classifier import (
    Answers,
    Burden,
    Comparison,
    Gates,
    KeptAnswers,
    compare,
    expected_calibration_error,
    judge,
    keep_answers,
    kept_answers,
    verdict_page,
)
from classifier.resampling import Resampling, ratio
from tickets import SolvedTicket, Taxonomy, Ticket

TAXONOMY = Taxonomy.builtin().only(("level",))
LIGHT = Burden(milliseconds=1, megabytes=1, promises=False)
N = 120


def solved() -> list[SolvedTicket]:
    """120 tickets of 40 problems, two languages and one product."""
    return [
        SolvedTicket(
            ticket=Ticket(id=str(i), body="x", language="de" if i % 2 else "en", product="WMS"),
            labels={"level": "123"[i % 3]},
            problem=str(i // 3),
        )
        for i in range(N)
    ]


def answers(right: float, seed: int = 0, *, never: int | None = None) -> Answers:
    """Answers of which that share is right; one label may never be given."""
    chance = np.random.default_rng(seed)
    truth = np.arange(N) % 3
    label = np.where(chance.random(N) < right, truth, (truth + 1) % 3)
    if never is not None:
        label = np.where(label == never, (never + 1) % 3, label)
    sure = min(0.98, right)
    shares = np.full((N, 3), (1 - sure) / 2)
    shares[np.arange(N), label] = sure
    return Answers.of(TAXONOMY, {"level": shares}, label == truth)


def compared(before: Answers, after: Answers, burdens: tuple[Burden, Burden] = (LIGHT, LIGHT)) -> Comparison:
    """The comparison of both on all tickets."""
    return compare(solved(), before, after, taxonomy=TAXONOMY, basis="newer", burdens=burdens)


def test_the_figures_are_those_of_scikit_learn() -> None:
    """What is summed up for resampling gives the same scores as measured directly."""
    after = answers(0.7, 1)
    measures = compared(answers(0.5), after).targets["level"]
    truth, shares = np.arange(N) % 3, after.shares["level"]
    answered = shares.argmax(axis=1)
    assert measures["macro_f1"].after == pytest.approx(f1_score(truth, answered, average="macro"))
    assert measures["accuracy"].after == pytest.approx((answered == truth).mean())
    ece = expected_calibration_error(shares.max(axis=1), answered == truth)
    assert measures["ece"].after == pytest.approx(ece)


def test_the_same_answers_differ_in_nothing() -> None:
    """Both intervals of a model beside itself are nothing wide."""
    one = answers(0.7)
    for change in compared(one, one).targets["level"].values():
        assert (change.difference, change.low, change.high) == (0, 0, 0)


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of 95 % intervals over problems whose tickets go the same way, about 95 % hold the true difference.

    200 desks: a share outside of 0.88 to 1 would be four standard errors away.
    """
    chance, groups = np.random.default_rng(3), np.repeat(np.arange(40), 3)
    held = []
    for seed in range(200):
        before, after = (np.repeat(chance.random(40) < p, 3).astype(float) for p in (0.5, 0.7))
        sums = [np.column_stack([one, np.ones(120)]) for one in (before, after)]
        change = Resampling.of(groups, seed=seed).change(sums, ratio)
        held.append(change.low <= 0.2 <= change.high)
    assert 0.88 <= np.mean(held) <= 1


def test_a_worse_candidate_is_kept_back_and_a_better_one_passes() -> None:
    """The verdict rests on the shared tickets, not on the reports."""
    champion, candidate = manifest(level=0.1), manifest(level=0.9)
    assert not judge(candidate, champion, compared(answers(0.9), answers(0.5))).promoted
    assert judge(champion, candidate, compared(answers(0.5), answers(0.9))).promoted


def test_a_dead_label_is_told() -> None:
    """A label that 40 of the compared tickets have and the candidate never answers keeps it back."""
    verdict = judge(manifest(level=0.9), manifest(level=0.1), compared(answers(0.4), answers(0.95, never=2)))
    assert any("label '3' is never answered although 40" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (replace(LIGHT, promises=True), LIGHT, "promise"),
        (LIGHT, replace(LIGHT, milliseconds=2_000), "ms"),
        (LIGHT, replace(LIGHT, megabytes=2_000), "MB"),
    ],
)
def test_a_burden_beyond_its_gate_keeps_a_better_candidate_back(before: Burden, after: Burden, word: str) -> None:
    """A promise lost, a slow model or a large one; gates that are opened let it pass."""
    comparison = compared(answers(0.5), answers(0.9), (before, after))
    verdict = judge(manifest(level=0.9), manifest(level=0.1), comparison)
    assert [word in reason for reason in verdict.reasons] == [True]
    wide = Gates(keep_promise=False, most_milliseconds=1e9, most_megabytes=1e9)
    assert judge(manifest(level=0.9), manifest(level=0.1), comparison, wide).promoted


def test_a_language_does_not_pay_for_the_other() -> None:
    """What gets better on the whole is kept back where one language loses for certain."""
    before, after = answers(0.6), answers(1.0)
    english = np.arange(N) % 2 == 0
    before.shares["level"][english] = answers(1.0).shares["level"][english]
    after.shares["level"][english] = answers(0.6, 5).shares["level"][english]
    verdict = judge(manifest(level=0.9), manifest(level=0.1), compared(before, after), Gates(macro_f1_loss=0.5))
    assert any("language en" in reason for reason in verdict.reasons)


def test_labels_stand_by_name() -> None:
    """A model whose labels stand in another order, or that lacks one, is compared by their names."""
    one = answers(0.7)
    turned = Answers(
        labels={"level": ("3", "2")}, shares={"level": one.shares["level"][:, [2, 1]]}, automatic=one.automatic
    )
    told = turned.shares_of("level", ("1", "2", "3"))
    assert (told[:, 1:] == one.shares["level"][:, 1:]).all()
    assert not told[:, 0].any()


def test_answers_come_back_as_they_were_kept(tmp_path) -> None:
    """From the disk, to single precision; a model without any says so."""
    assert kept_answers(tmp_path) is None
    one = answers(0.7)
    keys = tuple(str(i) for i in range(N))
    keep_answers(tmp_path, KeptAnswers(tickets=keys, problems=keys, answers=one))
    found = kept_answers(tmp_path)
    assert found.tickets == keys
    assert found.answers.labels == one.labels
    assert np.allclose(found.answers.shares["level"], one.shares["level"], atol=1e-6)
    assert (found.answers.automatic == one.automatic).all()


def test_the_page_tells_everything_it_rests_on() -> None:
    """Verdict, basis, every measure with its interval, parts and burdens stand in the Markdown."""
    champion, candidate = manifest(level=0.1), manifest(level=0.9)
    comparison = compared(answers(0.5), answers(0.9))
    page = verdict_page(candidate, champion, comparison, judge(candidate, champion, comparison))
    for words in (
        "Passes every gate",
        "120 tickets of 40 problems",
        "| level: macro-F1 |",
        "language de (60",
        "product WMS",
    ):
        assert words in page
