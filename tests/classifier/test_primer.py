"""What a model knows before a desk's own history."""

from collections import Counter

import numpy as np
import pytest
from benchmarks.sample import solved_tickets

from classifier import TrainingPlan, train
from classifier.evaluation import label_indices
from classifier.primer import primed, primer_tickets
from classifier.reading import TicketReader
from tickets import Taxonomy


def _target(name: str, *labels: str) -> str:
    """A target as a taxonomy file holds it."""
    named = ", ".join(f'{{ name = "{label}" }}' for label in labels)
    return f'[[target]]\nname = "{name}"\nlabels = [{named}]\n'


PLAN = TrainingPlan.named("fast")


def read(taxonomy: Taxonomy, plan: TrainingPlan = PLAN):
    """The primer as material."""
    return primed(taxonomy, reader=TicketReader(None), plan=plan, tell=lambda *_: None)


def test_every_ticket_is_one_of_a_kind_and_shows_what_labels_mean(taxonomy) -> None:
    """Ids and words are never told twice, labels are the built-in ones, and closing words say how it was solved."""
    solved = primer_tickets()
    assert len({one.ticket.id for one in solved}) == len({one.ticket.body for one in solved}) == len(solved)
    for one in solved:
        assert one.ticket.body.strip()
        assert one.solution is not None
        assert one.solution.resolution.strip()
        assert all(one.labels[target.name] in target.label_names for target in taxonomy)


def test_all_combinations_of_level_and_category_are_shown_alike(taxonomy) -> None:
    """None is shown less than two thirds as often as the commonest."""
    counts = Counter((one.labels["level"], one.labels["category"]) for one in primer_tickets())
    assert len(counts) == 12
    assert min(counts.values()) > 2 / 3 * max(counts.values())


def test_no_ticket_of_the_primer_stands_in_the_sample() -> None:
    """What is measured on the sample was not taught by the primer."""
    words = {one.ticket.body.strip().lower() for one in solved_tickets()}
    assert not words & {one.ticket.body.strip().lower() for one in primer_tickets()}


def test_a_desks_own_targets_are_not_taught(tmp_path, taxonomy) -> None:
    """Only a target with a built-in one's name and labels is; where there is none, there is no primer."""
    file = tmp_path / "taxonomy.toml"
    file.write_text(
        _target("level", "1", "2") + _target("category", "bug", "question", "requirement", "update"), "utf-8"
    )
    material = read(Taxonomy.read(file))
    assert set(material.truth["level"]) == {-1}
    assert set(material.truth["category"]) == {0, 1, 2, 3}
    file.write_text(_target("queue", "a", "b"), "utf-8")
    assert read(Taxonomy.read(file)) is None


def test_the_primer_can_be_left_out(taxonomy) -> None:
    """A plan without it learns from history alone."""
    assert read(taxonomy, TrainingPlan.named("fast", primer=False)) is None


@pytest.mark.slow
def test_a_small_history_is_read_better_with_the_primer(taxonomy) -> None:
    """A desk with a hundred tickets has its new problems read better, of both targets."""
    solved = solved_tickets()
    learn, test = (
        solved[:100],
        [one for one in solved[100:] if one.problem not in {seen.problem for seen in solved[:100]}],
    )
    truth = label_indices(test, taxonomy)
    right = {}
    for primer in (False, True):
        trained = train(learn, taxonomy=taxonomy, plan=TrainingPlan.named("fast", primer=primer))
        assert trained.report.targets["level"].n_tickets == len(learn), "a ticket of the primer was tested"
        shares = trained.model.bind(None).predict_proba([one.ticket for one in test])
        right[primer] = {name: np.mean(shares[name].argmax(axis=1) == truth[name]) for name in shares}
    assert right[True]["level"] > right[False]["level"] + 0.05
    assert right[True]["category"] > right[False]["category"] + 0.05
