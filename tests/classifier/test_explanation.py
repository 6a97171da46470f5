"""Which words spoke for a label."""

import re
from dataclasses import replace

import numpy as np
import pytest

from classifier.explanation import WordTerms, state_losses, strongest
from classifier.members import WORDS
from classifier.terms import Terms
from text import TokenStates

LEARNED = np.array(["Der Drucker druckt nicht", "Passwort vergessen, Konto gesperrt"], dtype=object)


@pytest.fixture(scope="module")
def terms() -> Terms:
    """The terms of two short texts."""
    learned = Terms()
    learned.learn(LEARNED)
    learned.learn_rarity(WORDS, learned.count(LEARNED))
    return learned


def weighed(terms: Terms, text: str):
    """The text's row in the learned terms."""
    return terms.weigh(WORDS, terms.count(np.array([text], dtype=object)))


def test_a_word_that_shares_no_term_loses_what_the_score_falls_by(terms) -> None:
    """Taking the last word away changes the score by just what was told of it."""
    advantage = np.random.default_rng(0).normal(size=weighed(terms, "Drucker").shape[1]).astype(np.float32)
    text = "Passwort Konto"  # never neighbours in what was learned, so they have no pair of their own
    row = weighed(terms, text)
    told = WordTerms.of(text, terms).losses(row, advantage[row.indices])
    fall = (row @ advantage - weighed(terms, "Passwort") @ advantage)[0]
    assert told["Konto"] == pytest.approx(fall, abs=1e-5)


def test_words_are_shown_as_they_stand(terms) -> None:
    """Case is kept, though the features do not know it."""
    row = weighed(terms, "DRUCKER")
    assert set(WordTerms.of("DRUCKER", terms).losses(row, np.ones(row.nnz, np.float32))) == {"DRUCKER"}


def test_a_word_of_states_loses_what_the_mean_moves_by() -> None:
    """Without the tokens of a word, said twice, the mean of the others stands."""
    text = "Drucker kaputt Drucker"
    spans = np.array([[0, 0], [0, 4], [4, 7], [7, 14], [14, 22]])  # the encoder's own, Druc, ker, kaputt, Drucker
    states = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    advantage = np.array([1.0, -2.0, 0.5], np.float32)
    told = state_losses(text, TokenStates(spans, states), states, advantage)
    whole, without = states.mean(axis=0), states[[0, 3]].mean(axis=0)
    assert set(told) == {"Drucker", "kaputt"}
    assert told["Drucker"] == pytest.approx((whole - without) @ advantage, abs=1e-5)


def test_a_text_cut_short_explains_what_was_read() -> None:
    """Words behind the last token that was read have no part."""
    states = np.ones((2, 2), np.float32)
    told = state_losses(
        "Drucker kaputt", TokenStates(np.array([[0, 0], [0, 7]]), states), states, np.ones(2, np.float32)
    )
    assert set(told) == {"Drucker"}


def test_the_strongest_words_come_first() -> None:
    """At most eight words, by weight whatever its sign, without those that hardly weigh."""
    words = strongest({f"w{i}": (-1) ** i * i / 10 for i in range(12)} | {"none": 0.001})
    assert [word.text for word in words] == [f"w{i}" for i in range(11, 3, -1)]
    assert words[0].weight < 0 < words[1].weight


@pytest.mark.parametrize("fixture", ["trained_fast", "trained_default"])
def test_taking_the_strongest_words_away_lowers_the_label(request, fixture, small_history, fake_encoder) -> None:
    """Without its two strongest words a label is less probable in most tickets (.80 and .87 measured)."""
    bound = request.getfixturevalue(fixture).model.bind(fake_encoder)
    tickets = [solved.ticket for solved in small_history[:80]]
    before = bound.classify(tickets)
    pairs = []
    for ticket, answer in zip(tickets, before, strict=True):
        for target, words in answer.explanation.items():
            strong = [word.text for word in words if word.weight > 0.02][:2]
            if len(strong) == 2:
                pattern = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in strong)
                rest = replace(
                    ticket, subject=re.sub(pattern, "", ticket.subject), body=re.sub(pattern, "", ticket.body)
                )
                label = answer.predictions[target].label
                pairs.append((rest, target, label, answer.predictions[target].confidence))
    assert len(pairs) > 60
    after = bound.classify([rest for rest, *_ in pairs])
    n_lower = sum(
        answer.predictions[target].probabilities[label] < confidence
        for answer, (_, target, label, confidence) in zip(after, pairs, strict=True)
    )
    assert n_lower / len(pairs) > 0.75


def test_the_words_that_matter_are_found(plain_trained, plain_history) -> None:
    """On a plain desk the strongest word of most tickets is one of its label's own, never a filler."""
    bound = plain_trained.model.bind(None)
    solved = plain_history(40, seed=11)
    own = {
        "1": "passwort vergessen konto gesperrt anmeldung zurücksetzen",
        "3": "schnittstelle wunsch erweiterung feld export",
    }
    chosen = [one for one in solved if one.labels["level"] in own]
    answers = bound.classify([one.ticket for one in chosen])
    n_found = sum(
        answer.explanation["level"][0].text.lower() in own[one.labels["level"]].split()
        for answer, one in zip(answers, chosen, strict=True)
    )
    assert n_found >= 0.9 * len(chosen)
