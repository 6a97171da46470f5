"""Plan best from the first ticket to the last: tuned, kept, served without torch."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from classifier import Trained, TrainingPlan, train
from classifier.members import TUNED
from text import NotTunableError
from text.onnx_encoder import OnnxEncoder

pytestmark = pytest.mark.slow

PLAN = replace(TrainingPlan.named("best", primer=False), n_folds=2, tuning_epochs=1)

_SERVE = """
import json, pickle, sys
from pathlib import Path
from text.onnx_encoder import OnnxEncoder
model, tickets = pickle.loads(Path(sys.argv[1]).read_bytes())
answers = model.bind(OnnxEncoder(Path(sys.argv[2]), "int8")).classify(tickets)
print(json.dumps({
    "shares": [dict(answer.predictions["category"].probabilities) for answer in answers],
    "torch": "torch" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def encoder(encoder_folder) -> OnnxEncoder:
    """The built-in encoder with 8-bit weights."""
    return OnnxEncoder(encoder_folder, "int8")


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    """What the training told of its progress, in order."""
    return []


@pytest.fixture(scope="module")
def trained(plain_history, taxonomy, encoder, steps) -> Trained:
    """A model of 48 plain tickets of 24 problems, its upper layers tuned in one epoch."""
    return train(
        plain_history(24),
        taxonomy=taxonomy,
        plan=PLAN,
        encoder=encoder,
        progress=lambda *step: steps.append(step),
    )


@pytest.fixture(scope="module")
def arriving(plain_history) -> list:
    """Tickets of problems that were not learned from, with their labels."""
    return plain_history(12, seed=9)


def test_a_model_out_of_a_pickle_answers_new_tickets(trained, encoder, arriving) -> None:
    """The tuned layers are a member of every target, and new tickets of a plain desk are answered right."""
    model = pickle.loads(pickle.dumps(trained.model))
    assert all(TUNED in members[-1].weights for members in model.blend.members.values())
    answers = model.bind(encoder).classify([solved.ticket for solved in arriving])
    n_right = sum(
        answer.predictions[name].label == label
        for answer, solved in zip(answers, arriving, strict=True)
        for name, label in solved.labels.items()
    )
    assert n_right / (2 * len(arriving)) > 0.9


def test_each_tuning_is_a_step_of_its_own(trained, steps) -> None:
    """Layers are tuned on each fold and on all tickets; each is told once, from its beginning to its end."""
    tunings = {what: [] for what, _, _ in steps if what.startswith("tuning")}
    assert list(tunings) == [
        "tuning the encoder, fold 1 of 2",
        "tuning the encoder, fold 2 of 2",
        "tuning the encoder",
    ]
    for what, done, total in steps:
        if what in tunings:
            tunings[what].append((done, total))
    for told in tunings.values():
        assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def test_an_explanation_names_words_of_the_ticket(trained, encoder, arriving) -> None:
    """Each target is explained, and by nothing but words that stand in the ticket or name its product."""
    tickets = [solved.ticket for solved in arriving]
    for ticket, answer in zip(tickets, trained.model.bind(encoder).classify(tickets), strict=True):
        text = f"{ticket.subject} {ticket.body} {ticket.product}"
        for words in answer.explanation.values():
            assert words
            assert all(word.text in text for word in words)


def test_same_plan_and_data_give_the_same_probabilities(trained, plain_history, taxonomy, encoder, arriving) -> None:
    """A second training answers alike up to the last bits of sums, which threads may add in another order."""
    again = train(plain_history(24), taxonomy=taxonomy, plan=PLAN, encoder=encoder)
    tickets = [solved.ticket for solved in arriving]
    one, other = (which.model.bind(encoder).predict_proba(tickets) for which in (trained, again))
    for name, shares in one.items():
        np.testing.assert_allclose(shares, other[name], rtol=0, atol=1e-5)


def test_serving_needs_no_torch(trained, encoder, encoder_folder, arriving, run_python, tmp_path) -> None:
    """A process that only answers never imports torch, and answers what the process that trained does."""
    tickets = [solved.ticket for solved in arriving]
    (tmp_path / "model").write_bytes(pickle.dumps((trained.model, tickets)))
    told = json.loads(run_python(_SERVE, tmp_path / "model", encoder_folder).stdout)
    assert told["torch"] is False
    here = trained.model.bind(encoder).predict_proba(tickets)["category"]
    there = np.array([list(shares.values()) for shares in told["shares"]])
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-5)  # the last bits depend on the number of threads


def test_an_encoder_that_cannot_be_tuned_is_refused_before_it_reads(plain_history, taxonomy, fake_encoder) -> None:
    """Nobody waits for thousands of tickets to be read before hearing that the plan cannot be carried out."""
    told = []
    with pytest.raises(NotTunableError, match="encoder fake cannot be tuned"):
        train(
            plain_history(24),
            taxonomy=taxonomy,
            plan=PLAN,
            encoder=fake_encoder,
            progress=lambda *step: told.append(step),
        )
    assert told == []
