"""Which words spoke for a label."""

import re
from dataclasses import replace

import numpy as np
import pytest

from classifier.explanation import WordShares, strongest
from classifier.members import Terms


@pytest.fixture(scope="module")
def terms() -> Terms:
    """The terms of two short texts."""
    learned = Terms()
    learned.fit_transform(np.array(["Der Drucker druckt nicht", "Passwort vergessen, Konto gesperrt"], dtype=object))
    return learned


def test_every_word_feature_is_shared_out_whole(terms) -> None:
    """What a text's features add is what its words get together: nothing is lost or counted twice."""
    text = "Der Drucker druckt nicht"
    row = terms.transform(np.array([text], dtype=object))
    added = {int(i): 1.0 for i in row.indices}
    weights = WordShares.of(text, terms).weights(added)
    assert sum(weights.values()) == pytest.approx(len(added))
    assert set(weights) <= set(text.split())


def test_words_are_shown_as_they_stand(terms) -> None:
    """Case is kept, though the features do not know it."""
    weights = WordShares.of("DRUCKER", terms).weights(dict.fromkeys(range(1_000), 1.0))
    assert set(weights) == {"DRUCKER"}


def test_the_strongest_words_come_first() -> None:
    """At most eight words, by weight whatever its sign, without those that hardly weigh."""
    words = strongest({f"w{i}": (-1) ** i * i / 10 for i in range(12)} | {"none": 0.001})
    assert [word.text for word in words] == [f"w{i}" for i in range(11, 3, -1)]
    assert words[0].weight < 0 < words[1].weight


@pytest.mark.parametrize("fixture", ["trained_fast", "trained_default"])
def test_taking_the_strongest_words_away_lowers_the_label(request, fixture, small_history, fake_encoder) -> None:
    """Without its two strongest words a label is less probable in four tickets of five (.87 measured)."""
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
    assert n_lower / len(pairs) > 0.8


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
