"""A target of two hundred labels, such as the queues of a large desk."""

import random
from itertools import product

import pytest

from classifier import Trained, TrainingPlan, train
from tickets import SolvedTicket, Taxonomy, Ticket

PARTS = (  # noqa: SIM905
    "Drucker Scanner Monitor Dockingstation Tastatur Notebook Server Router Switch Telefon Headset Beamer Kasse Waage "
    "Terminal Tablet Kamera Schranke Etikett Lizenz"
).split()
FAULTS = "Absturz Anmeldung Austausch Bestellung Freigabe Kopplung Meldung Störung Umzug Panne".split()  # noqa: SIM905
FILLERS = "bitte hallo leider heute wieder seit gestern Kollege Büro dringend danke Montag".split()  # noqa: SIM905
QUEUES = tuple(f"{part}-{fault}".lower() for part, fault in product(PARTS, FAULTS))
RARE = QUEUES[-1]


def solved_tickets(n_problems: int, *, seed: int) -> list[SolvedTicket]:
    """Two tickets for each of every queue's problems; the queue is told by two words together, by neither alone."""
    dice = random.Random(seed)
    return [
        SolvedTicket(
            ticket=Ticket(
                subject=f"{part} {fault}", body=" ".join([*dice.sample(FILLERS, 5), part, fault]), language="de"
            ),
            labels={"queue": queue},
            problem=f"{queue}-{seed}-{problem}",
        )
        for queue, (part, fault) in zip(QUEUES, product(PARTS, FAULTS), strict=True)
        for problem in range(n_problems)
        for _ in range(2)
    ]


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Trained:
    """A model of 200 queues with four problems each, save one with a single ticket."""
    file = tmp_path_factory.mktemp("many") / "taxonomy.toml"
    file.write_text('[[target]]\nname = "queue"\nlabels = [' + ", ".join(f'"{queue}"' for queue in QUEUES) + "]\n")
    common = [one for one in solved_tickets(4, seed=0) if one.labels["queue"] != RARE]
    rare = [one for one in solved_tickets(1, seed=0) if one.labels["queue"] == RARE][:1]
    return train(common + rare, taxonomy=Taxonomy.read(file), plan=TrainingPlan.named("fast", primer=False))


@pytest.mark.slow
def test_two_hundred_labels_are_told_apart(trained) -> None:
    """New tickets are mostly sent to the right one of 200 queues, with probabilities that sum to one."""
    tickets = [one for one in solved_tickets(1, seed=1) if one.labels["queue"] != RARE]
    answers = trained.model.bind(None).classify([one.ticket for one in tickets])
    n_right = sum(
        answer.predictions["queue"].label == one.labels["queue"] for answer, one in zip(answers, tickets, strict=True)
    )
    assert n_right / len(tickets) > 0.9
    assert trained.report.targets["queue"].accuracy > 0.9
    for answer in answers[:10]:
        assert len(answer.predictions["queue"].probabilities) == 200
        assert sum(answer.predictions["queue"].probabilities.values()) == pytest.approx(1)


@pytest.mark.slow
def test_a_rare_label_among_many_is_warned_of_and_not_covered(trained) -> None:
    """The queue with one ticket is the only one named, and no promise speaks of it."""
    [warning] = trained.warnings
    assert f"label '{RARE}' has 1 tickets" in warning
    assert RARE not in trained.report.decision.covered_labels["queue"]
