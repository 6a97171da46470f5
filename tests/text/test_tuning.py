"""Upper layers tuned to tell labels apart."""

import importlib
import pickle

import numpy as np
import pytest

from text import NotTunableError, TuningTexts, tune
from text.onnx_encoder import OnnxEncoder
from text.sentence_transformer import SentenceTransformerEncoder

TEXTS = [
    f"{what} {where}"
    for what in ("Passwort vergessen", "Drucker druckt nicht", "Neue Schnittstelle gewünscht", "Update einspielen")
    for where in ("im Büro", "seit heute", "bitte bald", "bei allen Kollegen", "am Standort Nord", "wie besprochen")
]
LABELS = np.repeat(np.arange(4), 6)
N_LABELS = {"category": 4, "half": 2}


def texts_of(states: list[np.ndarray], answers: dict[str, np.ndarray], weight: float = 1.0) -> TuningTexts:
    """Texts that all count the same."""
    return TuningTexts(states, answers, np.full(len(states), weight))


@pytest.fixture(scope="module")
def encoder(encoder_folder) -> OnnxEncoder:
    """The built-in encoder."""
    return OnnxEncoder(encoder_folder, "int8")


@pytest.fixture(scope="module")
def states(encoder) -> list[np.ndarray]:
    """The texts' token states."""
    return [one.states for one in encoder.read(TEXTS)]


@pytest.fixture(scope="module")
def tuned(encoder, states):
    """Layers and heads tuned on two targets, one of them known for half the texts only."""
    half = np.where(np.arange(len(TEXTS)) % 2, LABELS // 2, -1)
    return tune(
        encoder, texts_of(states, {"category": LABELS, "half": half}), N_LABELS, epochs=8, most_steps=99, seed=0
    )


@pytest.mark.slow
def test_what_was_tuned_on_is_told_apart(tuned, states) -> None:
    """The heads answer the texts they learned from, on the mean of the tuned states."""
    layers, heads = tuned
    means = np.stack([layers.read(one).mean(axis=0) for one in states])
    answers = {name: (means @ head.weights.T + head.bias).argmax(axis=1) for name, head in heads.items()}
    assert (answers["category"] == LABELS).mean() > 0.9
    assert (answers["half"] == LABELS // 2).mean() > 0.9


@pytest.mark.slow
def test_untuned_layers_are_the_encoder_s_own(encoder, states) -> None:
    """Without an epoch the upper layers give what the encoder gives, up to its 8-bit weights."""
    layers, _ = tune(encoder, texts_of(states, {"category": LABELS}), {"category": 4}, epochs=0, most_steps=99, seed=0)
    own, again = states[0][:, -encoder.dimension :].mean(axis=0), layers.read(states[0]).mean(axis=0)
    assert own @ again / np.linalg.norm(own) / np.linalg.norm(again) > 0.98


@pytest.mark.slow
def test_a_pickle_gives_the_same_states(tuned, states) -> None:
    """Layers are their graph: what comes out of a pickle reads alike, without torch."""
    layers, _ = tuned
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(layers)).read(states[3]), layers.read(states[3]))


def test_a_long_history_is_seen_as_often_as_the_steps_go(encoder, states) -> None:
    """Where the passes would take more batches than are allowed, it ends with these."""
    told: list[tuple[int, int]] = []
    tune(
        encoder,
        texts_of(states * 3, {"category": np.tile(LABELS, 3)}),
        {"category": 4},
        epochs=2,
        most_steps=4,
        seed=0,
        progress=lambda *step: told.append(step),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_who_asks_for_progress_bars_is_not_warned(encoder, states, monkeypatch) -> None:
    """The library's own bars cannot be turned off then, which is nothing to tell anybody."""
    monkeypatch.setattr(importlib.import_module("huggingface_hub.utils.tqdm"), "HF_HUB_DISABLE_PROGRESS_BARS", False)
    tune(encoder, texts_of(states, {"category": LABELS}), {"category": 4}, epochs=0, most_steps=99, seed=0)


def test_a_foreign_encoder_is_refused(states) -> None:
    """Only our own encoder's layers can be tuned; the message names the cure."""
    with pytest.raises(NotTunableError, match="unset STELLWERK_ENCODER"):
        tune(
            SentenceTransformerEncoder("some/model"),
            texts_of(states, {"category": LABELS}),
            {"category": 4},
            epochs=1,
            most_steps=99,
            seed=0,
        )


def test_a_text_that_counts_nothing_teaches_nothing(encoder, states) -> None:
    """Layers tuned beside texts of no weight are those tuned without what these say."""
    weight = np.tile([1.0, 0.0], len(TEXTS) // 2)
    wrong = np.where(weight > 0, LABELS, 3 - LABELS)
    tuned = [
        tune(
            encoder, TuningTexts(states, {"category": said}, weight), {"category": 4}, epochs=1, most_steps=99, seed=0
        )[1]
        for said in (LABELS, wrong)
    ]
    np.testing.assert_array_equal(tuned[0]["category"].weights, tuned[1]["category"].weights)
