"""A trial runs in a process of its own and tells what it took."""

from multiprocessing import active_children

import numpy as np
import pytest
from benchmarks.classification.comparison import side_by_side
from benchmarks.classification.contestants import NAMES, missing
from benchmarks.classification.figures import cost, quality, routing
from benchmarks.classification.split import Split, groups, recurring_problems
from benchmarks.classification.trial import Trial, TrialError, TrialTimeoutError, conducted
from benchmarks.scope import Scope

from classifier import PLAN_NAMES


@pytest.fixture(scope="module")
def split(small_history, taxonomy) -> Split:
    """The last ticket of each of sixty problems, after the others."""
    return recurring_problems(small_history, taxonomy)


@pytest.fixture(scope="module")
def fast(split) -> Trial:
    """The plan of words alone, with all that is measured of it."""
    return conducted("fast", split, own=True)


def a_trial(shares: list[list[float]], truth: list[int]) -> Trial:
    """A trial of one target with these answers."""
    return Trial(
        shares={"topic": np.array(shares)},
        truth={"topic": np.array(truth)},
        problems=tuple(str(i) for i in range(len(truth))),
        training_seconds=1.0,
        tickets_per_second=10.0,
        peak_memory_bytes=5,
        bare_memory_bytes=3,
        settings={},
    )


def test_every_plan_takes_part() -> None:
    """A plan added to the product is measured without a word here, and needs no further library."""
    assert NAMES[: len(PLAN_NAMES)] == PLAN_NAMES
    assert [missing(name) for name in PLAN_NAMES] == [None] * len(PLAN_NAMES)


@pytest.mark.slow
def test_a_plan_answers_in_a_process_of_its_own(fast, split, taxonomy) -> None:
    """Probabilities for each tested ticket and label, better than the commonest label, and nothing forgotten."""
    for target in taxonomy:
        assert fast.shares[target.name].shape == (len(split.test), len(target.labels))
        np.testing.assert_allclose(fast.shares[target.name].sum(axis=1), 1, atol=1e-6)
        commonest = np.bincount(fast.truth[target.name]).max() / len(split.test)
        assert quality([fast])[f"{target.name}_accuracy"] > commonest
    assert fast.training_seconds > 0
    assert fast.tickets_per_second > 0
    assert fast.peak_memory_bytes > fast.bare_memory_bytes > 10_000_000
    assert fast.settings["name"] == "fast"
    assert fast.own is not None


@pytest.mark.slow
def test_the_memory_is_the_childs_own(split) -> None:
    """What the parent holds is not counted."""
    ballast = np.ones(100_000_000)  # 800 MB
    assert conducted("linear_svc", split).peak_memory_bytes < 700_000_000 < ballast.nbytes


@pytest.mark.slow
def test_the_same_answers_as_without_a_child(fast, split, taxonomy) -> None:
    """Measuring changes nothing: the plan trained here says the same."""
    from classifier import TrainingPlan, train

    model = train(split.learn, taxonomy=taxonomy, plan=TrainingPlan.named("fast")).model
    here = model.bind(None).predict_proba([solved.ticket for solved in split.test])
    for name, shares in here.items():
        np.testing.assert_allclose(fast.shares[name], shares, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tfidf_lr", "linear_svc", "fasttext"])
def test_peers_learn(name, split, taxonomy) -> None:
    """Each gives probabilities that beat the commonest label on problems seen before."""
    if reason := missing(name):
        pytest.skip(reason)
    trial = conducted(name, split)
    for target in taxonomy:
        np.testing.assert_allclose(trial.shares[target.name].sum(axis=1), 1, atol=1e-6)
    assert quality([trial])["level_accuracy"] > np.bincount(trial.truth["level"]).max() / len(split.test)
    assert trial.settings


@pytest.mark.slow
def test_a_trial_without_end_is_stopped(split) -> None:
    """It is told apart from one that failed, and its process is gone."""
    with pytest.raises(TrialTimeoutError, match="tfidf_lr was stopped after 0 seconds"):
        conducted("tfidf_lr", split, most_seconds=0.2)
    assert active_children() == []


@pytest.mark.slow
def test_one_that_fails_does_not_cost_the_others_their_figures(split) -> None:
    """Its place holds the reason, and nobody outside the choice runs."""
    scope = Scope(contestants=frozenset({"nobody", "linear_svc"}))
    told = side_by_side(scope, ("nobody", "linear_svc", "fast"), lambda name: quality([conducted(name, split)]))
    assert list(told) == ["nobody", "linear_svc"]
    assert told["nobody"]["not_measured"].startswith("nobody ended with status 1")
    assert told["linear_svc"]["level_accuracy"] > 0


@pytest.mark.slow
def test_a_trial_that_fails_says_so(split) -> None:
    """Nobody mistakes it for one that measured nothing."""
    with pytest.raises(TrialError, match="nobody ended with status 1"):
        conducted("nobody", split)


def test_certainty_and_faults_are_of_the_whole_answer() -> None:
    """Certainty is the product over targets; one wrong label makes the answer wrong."""
    trial = a_trial([[0.8, 0.2], [0.4, 0.6]], [0, 0])
    both = Trial(**{**vars(trial), "shares": {**trial.shares, "level": trial.shares["topic"]},
                    "truth": {**trial.truth, "level": np.array([0, 1])}})  # fmt: skip
    np.testing.assert_allclose(both.certainty, [0.64, 0.36])
    assert both.wrong.tolist() == [False, True]
    assert both.at(np.array([1])).wrong.tolist() == [True]


def test_figures_pool_what_is_pooled() -> None:
    """Accuracy and F1 are means over trials, log-loss and calibration error are of all tickets together."""
    sure, even = a_trial([[1.0, 0.0]] * 4, [0, 0, 0, 1]), a_trial([[0.5, 0.5], [0.25, 0.75]], [0, 1])
    figures = quality([sure, even])
    assert figures["topic_accuracy"] == pytest.approx((0.75 + 1) / 2)
    assert figures["topic_macro_f1"] == pytest.approx(((6 / 7 + 0) / 2 + 1) / 2)
    losses = [0, 0, 0, -np.log(1e-6), np.log(2), -np.log(0.75)]
    assert figures["topic_log_loss"] == pytest.approx(np.mean(losses), abs=1e-4)  # sure answers are clipped by 1e-6
    assert figures["topic_ece_pooled"] == pytest.approx((4 * 0.25 + 0.5 + 0.25) / 6)
    assert cost([sure, even])["training_seconds"] == 1.0
    assert "pace" not in cost([sure, even])


def test_peers_have_no_promise_of_their_own(split) -> None:
    """The same procedure is tried for all; ``auto_own`` stands only where each trial has one."""
    trial = a_trial([[0.9, 0.1]] * 8, [0] * 8)
    assert set(routing([trial])) == {"auto"}
    assert routing([trial])["auto"]["0.05"] == {"share": 0.0, "error": None}
    assert len(np.unique(groups(split.test))) == len(split.test)
