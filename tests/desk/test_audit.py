"""The live audit of the promise: drawn, answered, contradicted, withdrawn."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classifier import ModelShelf
from desk import Desk, ReasonCode
from desk.audit import PromiseAudit
from journal import Correction, DecisionRecord, Journal, JournalError
from tickets import Ticket

N_CONTRADICTIONS = 5


@pytest.fixture
def version(settings, promising) -> str:
    """The champion: a model with a promise."""
    shelf = ModelShelf(settings.models)
    version = shelf.save(promising, n_tickets=1, data_fingerprint="x").version
    shelf.promote(version)
    return version


@pytest.fixture
def desk_with(settings, opened) -> Callable[..., Desk]:
    """Opens a desk that draws this share of its decisions."""

    def open_desk(share: float = 1.0, **options) -> Desk:
        desk = opened(**options)
        desk._audit._share = share
        return desk

    return open_desk


@pytest.fixture
def easy(small_history) -> Ticket:
    """A ticket the model has learned, so that nothing about it is in doubt."""
    return replace(small_history[0].ticket, id="4711")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every desk looks into the journal each time."""
    monkeypatch.setattr("desk.audit._FRESH_SECONDS", 0.0)


def other(labels: dict[str, str]) -> dict[str, str]:
    """Final labels that contradict these."""
    return labels | {"level": "1" if labels["level"] != "1" else "2"}


def contradict(desk: Desk, ticket: Ticket, n: int = N_CONTRADICTIONS) -> None:
    """Answer so many audited decisions with other labels."""
    for answer in desk.classify_many([ticket] * n):
        assert answer.decision.audit
        desk.correct(answer.id, other(answer.decision.labels))


def fill(journal: Journal, version: str, n: int, *, age: timedelta, wrong: int = 0) -> None:
    """Draw decisions that are so old; a few among them, far apart, are contradicted and the others stay open."""
    time = datetime.now(UTC) - age
    record = DecisionRecord(
        id="", ticket=Ticket(), predictions={}, action="auto", labels={"level": "1"}, model=version, audit=True
    )
    ids = [f"c_{age.days}_{i:04}" for i in range(n)]
    journal.record_decisions([replace(record, id=id_, time=time) for id_ in ids])
    for id_ in ids[n // 10 :: n // 8][:wrong]:
        journal.record_correction(Correction(classification_id=id_, labels={"level": "2"}))


@pytest.mark.parametrize(("share", "expected"), [(0.0, set()), (1.0, {True}), (0.5, {True, False})])
def test_the_share_that_is_set_is_drawn(desk_with, version, easy, settings, share, expected) -> None:
    """Equal tickets are drawn by chance alone, all or none at the ends, and the journal remembers which."""
    desk = desk_with(share)
    answers = desk.classify_many([easy] * 40)
    assert {answer.decision.action for answer in answers} == {"auto"}
    assert {answer.decision.audit for answer in answers} == (expected or {False})
    n_drawn = sum(answer.decision.audit for answer in answers)
    audit = desk.audit(version)
    assert (audit.n_drawn, audit.n_answered, audit.n_wrong, audit.withdrawn_since) == (n_drawn, 0, 0, None)
    assert 5 <= n_drawn <= 35 or share in {0.0, 1.0}  # missed twice in a million times
    with Journal.open(settings.journal) as journal:
        assert [journal.decision(answer.id).audit for answer in answers] == [a.decision.audit for a in answers]


def test_only_automatic_decisions_are_drawn(desk_with, version) -> None:
    """What a person sees anyway is not asked back."""
    answer = desk_with().classify(Ticket(body="hm"))
    assert (answer.decision.action, answer.decision.audit) == ("review", False)


def test_without_a_journal_there_is_no_audit(desk_with, version, easy) -> None:
    """Scoring a file of tickets draws nothing, and tells of no audit."""
    desk = desk_with(journal=False)
    answer = desk.classify(easy)
    assert (answer.decision.action, answer.decision.audit) == ("auto", False)
    assert desk.models().models[0].audit is None


def test_answers_that_contradict_withdraw_the_promise(desk_with, version, easy, opened, settings, caplog) -> None:
    """After a few contradictions the next ticket is a proposal that says why, at this desk and after a restart."""
    desk = desk_with()
    with caplog.at_level(logging.WARNING, logger="desk"):
        contradict(desk, easy)
        later = desk.classify(easy)
    assert later.decision.action == "suggest"
    assert [reason.code for reason in later.decision.reasons] == [ReasonCode.PROMISE_WITHDRAWN]
    assert later.decision.labels
    assert later.decision.promise is None
    assert not later.decision.audit
    (entry,) = desk.models().models
    assert entry.audit.withdrawn_since is not None
    assert entry.audit.n_drawn == entry.audit.n_answered == entry.audit.n_wrong == N_CONTRADICTIONS
    (line,) = [record.message for record in caplog.records if "promise withdrawn" in record.message]
    assert line.startswith(f"promise withdrawn model={version} n_drawn=5 n_answered=")
    assert line.endswith("max_error=0.05")
    assert opened().classify(easy).decision.action == "suggest"
    with Journal.open(settings.journal) as journal:
        assert journal.decision(later.id).reasons[0].code == "promise_withdrawn"


def test_confirmations_keep_the_promise(desk_with, version, easy) -> None:
    """Answers with the same labels are counted, and one contradiction among them changes nothing."""
    desk = desk_with()
    answers = desk.classify_many([easy] * 30)
    for answer in answers:
        desk.correct(answer.id, answer.decision.labels)
    desk.correct(answers[0].id, other(answers[0].decision.labels))
    audit = desk.audit(version)
    assert (audit.n_answered, audit.n_wrong, audit.withdrawn_since) == (30, 1, None)
    assert desk.classify(easy).decision.action == "auto"


def test_corrections_of_what_was_not_drawn_are_no_audit(desk_with, version, easy) -> None:
    """People correct errors and are silent about what is right, so only drawn decisions count."""
    desk = desk_with(0.0)
    for answer in desk.classify_many([easy] * 20):
        desk.correct(answer.id, other(answer.decision.labels))
    assert desk.audit(version).n_drawn == 0
    assert desk.classify(easy).decision.action == "auto"


@pytest.mark.usefixtures("at_once")
def test_a_withdrawal_holds_in_every_process(desk_with, opened, version, easy) -> None:
    """A desk that routed by itself a moment ago learns from the journal that another one withdrew the promise."""
    here, there = desk_with(), opened()
    assert there.classify(easy).decision.action == "auto"
    contradict(here, easy)
    assert there.classify(easy).decision.action == "suggest"


@pytest.mark.usefixtures("at_once")
def test_another_version_starts_anew(desk_with, version, easy, promising, settings) -> None:
    """A newly promoted model has its own audit; going back finds the promise still withdrawn."""
    desk = desk_with()
    contradict(desk, easy)
    fresh = ModelShelf(settings.models).save(promising, n_tickets=1, data_fingerprint="y").version
    desk.promote(fresh)
    answer = desk.classify(easy)
    assert (answer.decision.action, answer.model.version) == ("auto", fresh)
    assert {entry.version: entry.audit.n_wrong for entry in desk.models().models} == {fresh: 0, version: 5}
    desk.rollback()
    assert desk.classify(easy).decision.action == "suggest"


def test_haste_does_not_contradict(desk_with, version, easy, settings) -> None:
    """Contradictions that come before the confirmations of other draws wait for them."""
    with Journal.open(settings.journal) as journal:
        fill(journal, version, 200, age=timedelta(days=3), wrong=6)
    assert desk_with().classify(easy).decision.action == "auto"


def test_silence_is_no_confirmation_forever(desk_with, version, easy, settings) -> None:
    """Draws that nobody answered in two weeks no longer speak for the model."""
    with Journal.open(settings.journal) as journal:
        fill(journal, version, 200, age=timedelta(days=15), wrong=6)
    answer = desk_with().classify(easy)
    assert [reason.code for reason in answer.decision.reasons] == [ReasonCode.PROMISE_WITHDRAWN]


def test_what_cannot_be_checked_is_not_automatic(trained_fast, promising, settings, caplog) -> None:
    """While the journal cannot be read the promise is unchecked, the log says so, and it is read again later."""
    promise = promising.model.promises.joint
    with Journal.open(settings.journal) as journal:
        found: list[Journal] = []

        def lost() -> Journal:
            if not found:
                raise JournalError("sqlite:///j.db", "no such file", "put the file back")
            return found[0]

        audit = PromiseAudit(lost, share=1.0)
        assert audit.standing("v1", promise) == "unchecked"
        assert audit.told("v1") is None
        assert "promise unchecked model=v1" in caplog.text
        assert "put the file back" in caplog.text
        found.append(journal)
        assert audit.standing("v1", promise, anew=True) == "kept"


def test_an_unchecked_promise_makes_proposals(desk_with, version, easy, settings, tmp_path) -> None:
    """A desk that can write decisions but not read the audit goes on answering, and asks a person."""
    desk = desk_with()
    assert desk.classify(easy).decision.action == "auto"
    with desk._journal._writing() as connection:
        connection.exec_driver_sql("ALTER TABLE journal_withdrawal RENAME TO lost")
    desk._audit._known.clear()
    answer = desk.classify(easy)
    assert (answer.decision.action, answer.decision.audit) == ("suggest", False)
    assert [reason.code for reason in answer.decision.reasons] == [ReasonCode.PROMISE_UNCHECKED]
    assert answer.decision.promise is not None


def test_the_journal_is_not_read_for_each_ticket(promising, settings) -> None:
    """What was found is kept for a moment."""
    with Journal.open(settings.journal) as journal:
        looks: list[int] = []

        def counted() -> Journal:
            looks.append(1)
            return journal

        audit = PromiseAudit(counted, share=1.0)
        for _ in range(100):
            assert audit.standing("v1", promising.model.promises.joint) == "kept"
        assert len(looks) <= 2  # a second look only where this machine stands still for two seconds
