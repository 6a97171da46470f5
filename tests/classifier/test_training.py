"""Learning from solved tickets, and the histories that are refused."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from classifier import TrainingError, TrainingPlan, train
from classifier.evaluation import label_indices
from classifier.learnable import check_learnable, problem_groups
from tickets import SolvedTicket, Taxonomy, Ticket

FAST = TrainingPlan.named("fast", primer=False)


def test_labels_that_stand_in_the_words_are_learned(plain_trained, plain_history) -> None:
    """On new tickets of a plain desk nearly all answers are right, and the promise routes most of them."""
    tickets = plain_history(40, seed=9)
    answers = plain_trained.model.bind(None).classify([solved.ticket for solved in tickets])
    n_right = sum(
        {name: p.label for name, p in answer.predictions.items()} == solved.labels
        for answer, solved in zip(answers, tickets, strict=True)
    )
    assert n_right / len(tickets) > 0.95
    assert plain_trained.report.decision.auto_share > 0.8
    assert sum(answer.decision.action == "auto" for answer in answers) > 0.7 * len(answers)


def test_real_tickets_are_told_better_than_by_guessing(trained_fast, small_history) -> None:
    """On the small history the blend beats always answering the most frequent label."""
    report = trained_fast.report.targets["level"]
    most_frequent = max(score.n_tickets for score in report.labels.values()) / report.n_tickets
    assert report.n_tickets == len(small_history)
    assert report.accuracy > most_frequent
    assert report.macro_f1 > 1 / 3


@pytest.mark.slow
def test_same_plan_and_data_give_the_same_model(small_history, taxonomy, fake_encoder, trained_default) -> None:
    """A second training gives bit for bit the same probabilities, report and promise."""
    again = train(
        small_history, taxonomy=taxonomy, plan=TrainingPlan.named("default", primer=False), encoder=fake_encoder
    )
    tickets = [solved.ticket for solved in small_history[:30]]
    one = trained_default.model.bind(fake_encoder).predict_proba(tickets)
    other = again.model.bind(fake_encoder).predict_proba(tickets)
    for target, shares in one.items():
        np.testing.assert_array_equal(shares, other[target])
    assert trained_default.report == again.report
    assert trained_default.model.promises == again.model.promises


def test_siblings_are_never_parted(monkeypatch: pytest.MonkeyPatch, plain_history, taxonomy) -> None:
    """In every fold no problem stands on both sides, and every ticket is tested once."""
    folds = []
    split = StratifiedGroupKFold.split

    def watch(self, *arguments, **named):
        for fold in split(self, *arguments, **named):
            folds.append(fold)
            yield fold

    monkeypatch.setattr(StratifiedGroupKFold, "split", watch)
    solved = plain_history(40, siblings=3)
    train(solved, taxonomy=taxonomy, plan=FAST)
    assert len(folds) == FAST.n_folds
    for seen, held_out in folds:
        assert not {solved[i].problem for i in seen} & {solved[i].problem for i in held_out}
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == list(range(len(solved)))


def test_siblings_do_not_flatter_the_report(plain_history, taxonomy) -> None:
    """A desk whose labels follow from the problem alone is not called well learned because siblings repeat."""
    dice = np.random.default_rng(0)
    solved = []
    for problem in range(40):
        words = " ".join(f"wort{problem}x{i}" for i in range(6))
        labels = {"level": str(dice.integers(1, 4)), "category": "bug" if dice.random() < 0.5 else "question"}
        for i in range(4):
            ticket = Ticket(id=f"{problem}-{i}", subject="Störung", body=f"{words} Meldung", language="de")
            solved.append(SolvedTicket(ticket=ticket, labels=labels, problem=f"p{problem}"))
    honest = train(solved, taxonomy=taxonomy, plan=FAST).report.targets["level"].accuracy
    alone = [replace(one, problem=None) for one in solved]
    flattered = train(alone, taxonomy=taxonomy, plan=FAST).report.targets["level"].accuracy
    assert flattered > 0.95
    assert honest < 0.6


def test_the_promise_rests_on_problems(plain_trained, trained_fast) -> None:
    """All tickets are tested, but as many proofs as there are problems: 60 are too few for any promise."""
    joint = plain_trained.model.promises.joint
    assert (joint.n_tested, joint.n_problems) == (400, 200)
    few = trained_fast.model.promises.joint
    assert (few.n_problems, few.threshold) == (60, None)
    assert few.n_missing is None or few.n_missing > 0


def test_a_label_tested_too_seldom_is_not_routed(plain_history, taxonomy) -> None:
    """An update among 200 problems that came up five times is not routed by itself, however sure the model is of it."""
    solved = [one for one in plain_history(240) if one.labels["category"] != "update" or int(one.problem[4:]) < 20]
    trained = train(solved, taxonomy=taxonomy, plan=FAST)
    assert "update" not in trained.report.decision.covered_labels["category"]
    tickets = [one.ticket for one in plain_history(8, seed=3) if one.labels["category"] == "update"]
    for answer in trained.model.bind(None).classify(tickets):
        assert answer.decision.labels["category"] != "update" or answer.decision.action != "auto"


def test_tickets_without_a_problem_stand_alone() -> None:
    """Only tickets that name the same problem belong together."""
    solved = [SolvedTicket(ticket=Ticket(body="x"), problem=problem) for problem in ("a", None, "a", None, "", "")]
    groups = problem_groups(solved)
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 5


@pytest.mark.parametrize("n", [0, 5])
def test_too_few_tickets_are_refused(plain_history, taxonomy, n: int) -> None:
    """Five tickets teach nothing, and the message says how many would."""
    with pytest.raises(TrainingError, match=rf"only {n} usable tickets; give at least 20"):
        train(plain_history(40)[:n], taxonomy=taxonomy, plan=FAST)


def test_one_label_is_refused(plain_history, taxonomy) -> None:
    """Where all tickets have the same label there is nothing to tell apart."""
    solved = [replace(one, labels={**one.labels, "level": "2"}) for one in plain_history(20)]
    with pytest.raises(TrainingError, match=r"level has only the label '2'; add tickets .*--label level:"):
        train(solved, taxonomy=taxonomy, plan=FAST)


def test_a_target_without_labels_is_refused(plain_history, taxonomy) -> None:
    """A target that no ticket answers is named with the ways out."""
    solved = [replace(one, labels={"level": one.labels["level"]}) for one in plain_history(20)]
    with pytest.raises(TrainingError, match=r"category has no labels.*--target"):
        train(solved, taxonomy=taxonomy, plan=FAST)
    assert train(solved, taxonomy=taxonomy.only(("level",)), plan=FAST).model.pools.keys() == {"level"}


def test_few_problems_are_refused(plain_history, taxonomy) -> None:
    """Forty tickets of four problems cannot be tested on problems not learned from."""
    with pytest.raises(TrainingError, match="only 4 different problems; 5 are needed"):
        train(plain_history(4, siblings=10), taxonomy=taxonomy, plan=FAST)


def test_five_problems_are_enough_to_answer(plain_history, taxonomy) -> None:
    """One problem to each fold leaves labels that the other folds never saw; the model still answers."""
    trained = train(plain_history(5, siblings=8), taxonomy=taxonomy, plan=FAST)
    assert trained.model.promises.joint.threshold is None
    assert trained.model.promises.joint.n_problems == 5


def test_a_label_seen_once_is_a_warning(plain_history, taxonomy) -> None:
    """A rare label does not stop the training; it is told, and the model can be used."""
    first, *rest = [
        replace(one, labels={**one.labels, "level": "1" if one.labels["level"] == "3" else one.labels["level"]})
        for one in plain_history(40)
    ]
    solved = [replace(first, labels={**first.labels, "level": "3"}), *rest]
    trained = train(solved, taxonomy=taxonomy, plan=FAST)
    assert [warning for warning in trained.warnings if warning.startswith("level: label '3' has 1 tickets")]
    shares = trained.model.bind(None).predict_proba([first.ticket])["level"][0]
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1)


def test_a_label_of_the_taxonomy_that_nobody_has_is_a_warning(plain_history, taxonomy) -> None:
    """A label without any ticket is told and gets a small share."""
    solved = [one for one in plain_history(60) if one.labels["category"] != "update"]
    trained = train(solved, taxonomy=taxonomy, plan=FAST)
    assert any("'update' has 0 tickets" in warning for warning in trained.warnings)
    assert trained.model.bind(None).predict_proba([solved[0].ticket])["category"][0, 3] < 0.2


def test_some_tickets_may_lack_a_label(plain_history, taxonomy) -> None:
    """Tickets with one label of two teach that one; the promise is proven on complete ones only."""
    solved = [
        one if i % 4 else replace(one, labels={"level": one.labels["level"]})
        for i, one in enumerate(plain_history(60, siblings=1))
    ]
    trained = train(solved, taxonomy=taxonomy, plan=FAST)
    assert trained.report.targets["level"].n_tickets == 60
    assert trained.report.targets["category"].n_tickets == 45
    assert trained.model.promises.joint.n_tested == 45


def test_a_ticket_never_complete_proves_nothing(plain_history, taxonomy) -> None:
    """Where no ticket has all labels the model answers and promises nothing."""
    solved = [
        replace(one, labels={name: one.labels[name]})
        for one, name in zip(
            plain_history(80, siblings=1), ["level", "level", "category", "category"] * 20, strict=True
        )
    ]
    swapped = [
        replace(one, labels={name: one.labels[name]})
        for one, name in zip(
            plain_history(80, siblings=1, seed=1), ["category", "category", "level", "level"] * 20, strict=True
        )
    ]
    promise = train([*solved, *swapped], taxonomy=taxonomy, plan=FAST).model.promises.joint
    assert (promise.threshold, promise.n_tested) == (None, 0)


def test_tickets_without_a_product_are_learned(plain_history, taxonomy) -> None:
    """Neither learning nor answering needs a product."""
    solved = plain_history(40, product=None)
    bound = train(solved, taxonomy=taxonomy, plan=FAST).model.bind(None)
    assert bound.classify([solved[0].ticket])[0].predictions["level"].label == solved[0].labels["level"]


def test_a_desk_s_own_targets_are_learned(plain_history) -> None:
    """Two labels, five labels and one target alone work like the built-in ones."""
    own = Taxonomy.parse(
        """
        [[target]]
        name = "queue"
        labels = ["a", "b", "c", "d", "e"]
        [[target]]
        name = "urgent"
        labels = ["no", "yes"]
        """,
        source="test",
    )
    queue = {"1": "a", "2": "c", "3": "e"}
    solved = [
        replace(
            one,
            labels={"queue": queue[one.labels["level"]], "urgent": "yes" if one.labels["level"] == "3" else "no"},
        )
        for one in plain_history(60)
    ]
    trained = train(solved, taxonomy=own, plan=FAST)
    assert trained.report.targets["urgent"].accuracy > 0.95
    assert trained.report.targets["queue"].accuracy > 0.95
    shares = trained.model.bind(None).predict_proba([solved[0].ticket])
    assert shares["queue"].shape == (1, 5)
    assert shares["urgent"].shape == (1, 2)
    assert trained.model.bind(None).classify([solved[0].ticket])[0].explanation["urgent"]


def test_progress_ends_where_it_said(plain_history, taxonomy) -> None:
    """Every stage is told from nought to its end, in order."""
    told = []
    train(plain_history(20), taxonomy=taxonomy, plan=FAST, progress=lambda *step: told.append(step))
    stages = list(dict.fromkeys(what for what, _, _ in told))
    assert stages == [
        "reading tickets",
        "testing on tickets not learned from",
        "learning from all tickets",
    ]
    for stage in stages:
        steps = [(done, total) for what, done, total in told if what == stage]
        assert steps[0][0] == 0
        assert steps[-1][0] == steps[-1][1]
        assert steps == sorted(steps)


def test_warnings_name_what_is_rare(plain_history, taxonomy) -> None:
    """Labels with fewer tickets than folds are each warned of, others are not."""
    solved = plain_history(40)
    warnings = check_learnable(solved, taxonomy, label_indices(solved, taxonomy), FAST)
    assert warnings == ()
