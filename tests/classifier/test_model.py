"""A trained classifier at work."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from classifier import EncoderMismatchError
from tickets import Ticket

CODES = "no_text too_short unknown_language no_similar_history".split()  # noqa: SIM905


def doubts(bound, **facts) -> list[str]:
    """The ticket's own faults, as the decision names them."""
    found = bound.classify([Ticket(**facts)])[0]
    return [reason.code for reason in found.decision.reasons if reason.code in CODES]


@pytest.fixture(scope="module")
def bound(plain_trained):
    """The plain model, ready."""
    return plain_trained.model.bind(None)


def test_probabilities_are_distributions_in_the_taxonomy_s_order(bound, plain_history, taxonomy) -> None:
    """Each ticket has one distribution for each target, in order, and `classify` tells the same."""
    tickets = [solved.ticket for solved in plain_history(10, seed=3)]
    shares = bound.predict_proba(tickets)
    answers = bound.classify(tickets)
    for target in taxonomy:
        assert shares[target.name].shape == (len(tickets), len(target.labels))
        np.testing.assert_allclose(shares[target.name].sum(axis=1), 1)
        for row, answer in zip(shares[target.name], answers, strict=True):
            told = answer.predictions[target.name].probabilities
            assert tuple(told) == target.label_names
            np.testing.assert_allclose(list(told.values()), row)


@pytest.mark.parametrize("fixture", ["trained_fast", "trained_default"])
def test_an_answer_does_not_depend_on_its_neighbours(request, fixture: str, small_history, fake_encoder) -> None:
    """Alone or in a batch a ticket has the same answer."""
    bound = request.getfixturevalue(fixture).model.bind(fake_encoder)
    tickets = [solved.ticket for solved in small_history[:6]]
    together = bound.classify(tickets)
    for ticket, answer in zip(tickets, together, strict=True):
        alone = bound.classify([ticket])[0]
        assert alone.decision == answer.decision
        for name, prediction in alone.predictions.items():
            # float32 products of matrices of other shapes differ in the last bits
            assert prediction.confidence == pytest.approx(answer.predictions[name].confidence, abs=1e-5)


def test_no_tickets_have_no_answers(bound) -> None:
    """An empty list is answered with one."""
    assert bound.classify([]) == []
    assert bound.predict_proba([])["level"].shape == (0, 3)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["no_text"]),
        ({"subject": "   ", "body": "\n\t"}, ["no_text"]),
        ({"body": "?!… ---"}, ["no_text"]),
        ({"body": "<p> </p>"}, ["no_text"]),
        ({"body": "Hilfe"}, ["too_short"]),
        (
            {"body": "Bonjour, mon imprimante ne fonctionne plus depuis hier, pouvez-vous m'aider rapidement ?"},
            ["unknown_language"],
        ),
        ({"body": "<html><head></head><body><p>&nbsp;</p><br></body></html>"}, ["no_text"]),
        ({"body": "Drucker Fehlermeldung Absturz, das ist bei uns seit gestern so und geht nicht"}, []),
    ],
)
def test_unusable_tickets_are_doubted(bound, facts, expected) -> None:
    """No text, too little, a language or words unlike anything solved: each is review with its reason."""
    assert doubts(bound, **facts) == expected


def test_gibberish_is_doubted(bound) -> None:
    """Random letters are taken for a strange language or for unlike anything solved, and reviewed."""
    (doubt,) = doubts(bound, body="qxzvw jkqpz wvxkq zzqpj vwkxz qqpzx jxkvw")
    assert doubt in {"unknown_language", "no_similar_history"}


def test_words_unlike_anything_solved_are_doubted(bound) -> None:
    """A German text that shares nothing with the history is reviewed for that."""
    assert doubts(bound, body="Großmutters Apfelkuchen gelingt mit frischem Zimt und Äpfeln vom Wochenmarkt") == [
        "no_similar_history"
    ]


def test_a_ticket_without_text_gets_neither_labels_nor_evidence(bound) -> None:
    """Nothing is guessed from nothing."""
    answer = bound.classify([Ticket(product="P1")])[0]
    assert (answer.decision.action, answer.decision.labels, answer.evidence) == ("review", {}, ())


def test_a_language_is_only_strange_where_the_history_does_not_speak_it(trained_fast) -> None:
    """A desk with German and English tickets doubts neither, but Spanish."""
    bound = trained_fast.model.bind(None)
    assert {"de", "en"} <= trained_fast.model.languages
    assert "unknown_language" not in doubts(
        bound, body="The printer on the second floor prints empty pages only, please help us with that"
    )
    assert doubts(
        bound, body="La impresora del segundo piso solo imprime páginas vacías, ¿pueden ayudarnos, por favor?"
    ) == ["unknown_language"]


@pytest.mark.parametrize("text", ["Drucker druckt nicht. ", "A", "\n", "<div>", "> zitiert\n", "Ä🙂"])
def test_a_megabyte_is_answered_in_time(bound, text: str) -> None:
    """A huge text of any kind is answered within seconds."""
    started = time.monotonic()
    bound.classify([Ticket(body=text * (1_000_000 // len(text)))])
    assert time.monotonic() - started < 5  # about half a second on a quiet machine


def test_half_characters_are_answered(bound) -> None:
    """A lone surrogate, as broken JSON holds it, is text like any other."""
    assert bound.classify([Ticket(subject="Drucker \ud800", body="Fehlermeldung \udfff am Server, Absturz")])


def test_threads_get_the_same_answers(bound, plain_history) -> None:
    """Eight threads that share a model are answered as one would be."""
    tickets = [solved.ticket for solved in plain_history(10, seed=4)]
    expected = bound.classify(tickets)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: bound.classify(tickets), range(8))) == [expected] * 8


def test_evidence_is_alike_and_labelled(bound, plain_history) -> None:
    """The tickets shown resemble the new one, best first, with the labels people gave them."""
    solved = plain_history(200)[7]
    evidence = bound.classify([solved.ticket])[0].evidence
    assert len(evidence) == 5
    scores = [one.score for one in evidence]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert evidence[0].id == solved.ticket.id
    assert all(one.labels == solved.labels for one in evidence[:3])


def test_another_encoder_is_refused(trained_default, trained_fast, fake_encoder) -> None:
    """A model works with the encoder it learned with, and one that learned without needs none."""
    with pytest.raises(EncoderMismatchError, match=r"encoder fake, but none is set; set STELLWERK_ENCODER"):
        trained_default.model.bind(None)
    other = type(fake_encoder)(name="other")
    with pytest.raises(EncoderMismatchError, match="but other is set"):
        trained_default.model.bind(other)
    assert trained_default.model.bind(fake_encoder)
    assert trained_fast.model.bind(other)
