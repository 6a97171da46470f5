"""The journal: remembers decisions, what people said, and documents as they came, and forgets a ticket when asked."""

import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import ColumnElement, Connection, Engine, delete, false, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from journal import approval, audits, latest, naming, rows
from journal.activity import Activity
from journal.copying import copy, file_of, replace
from journal.database import WRITES, connect, is_missing, scrub
from journal.documents import Documents, erase
from journal.errors import JournalError, UnknownClassificationError, explain
from journal.feedback import Feedback
from journal.forgettings import Forgettings
from journal.keys import Keys
from journal.once import Once, wipe_answers
from journal.records import Audit, Correction, DecisionRecord, ErasedCounts, JournalCounts, Vote, sum_of
from journal.retention import Retention
from journal.reviews import Reviews
from journal.schema import corrections, decisions, documents, revisions, votes
from journal.shadows import Shadows
from journal.trail import Trail, keep
from journal.upgrading import bring_up
from steps import step

_log = logging.getLogger(__name__)


class Journal:
    """What a desk's Stellwerk remembers; safe to share between threads, and its database between processes.

    What a ``record_...`` has returned from is on the disk. Every method raises `JournalError` with its cure
    when the database is lost, locked or cannot be written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._place = engine.url.render_as_string(hide_password=True)
        self.documents = Documents(self._reading, self._writing, self._scrub)
        self.trail = Trail(self._reading, self._writing)
        self.once = Once(self._reading, self._writing)
        self.retention = Retention(self._reading, self._writing, self._scrub)
        self.keys = Keys(self._reading, self._writing)
        self.forgettings = Forgettings(self._reading, self._writing, self._scrub)
        self.feedback = Feedback(self._reading)
        self.shadows = Shadows(self._reading, self._writing)
        self.reviews = Reviews(self._reading)
        self.activity = Activity(self._reading)

    @classmethod
    def open(cls, url: str, *, wait_seconds: float = 10.0) -> Self:
        """The journal at a SQLAlchemy URL (``sqlite:///var/journal.db``), begun or brought up to date there.

        Parameters
        ----------
        wait_seconds
            How long to wait for another program's writing before giving up; SQLite only.

        Raises
        ------
        JournalError
            The database cannot be opened, or a newer Stellwerk has upgraded it.
        """
        try:
            journal = cls(connect(url, wait_seconds=wait_seconds))
        except (SQLAlchemyError, ImportError, OSError) as error:
            raise explain(error, url.partition(":")[0]) from error
        try:
            with journal._explained():
                bring_up(journal._engine, journal._place)
        except JournalError:
            journal.close()
            raise
        return journal

    @staticmethod
    def exists(url: str) -> bool:
        """Whether something was begun at ``url``, so that opening it makes no new file; told without opening it."""
        return not is_missing(url)

    @staticmethod
    def file(url: str) -> Path:
        """The SQLite file that ``url`` names.

        Raises
        ------
        JournalError
            It names another database.
        """
        return file_of(url)

    @staticmethod
    def replace(url: str, copy: Path) -> None:
        """Put a `copy_to` copy in place of the journal at ``url``, also while others use it; all of it or nothing.

        Raises
        ------
        JournalError
            The database is no SQLite file, is locked or cannot be written.
        """
        replace(url, copy)

    def copy_to(self, file: Path) -> None:
        """Write all that the journal holds at this moment into a new SQLite file, while others use it.

        Raises
        ------
        JournalError
            The database is no SQLite file, or the copy cannot be written.
        """
        file_of(self._engine.url)
        with self._explained():
            copy(self._engine, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def ping(self) -> None:
        """Nothing, when the journal can be read."""
        with self._reading() as connection:
            connection.execute(select(revisions.c.version_num))

    def record_decision(self, record: DecisionRecord) -> None:
        """Remember one decision."""
        self.record_decisions([record])

    def record_decisions(self, records: Sequence[DecisionRecord]) -> None:
        """Remember all these decisions, or, when one cannot be kept, none."""
        if not records:
            return
        with self._writing() as connection:
            connection.execute(insert(decisions), [rows.of_decision(record) for record in records])
            audits.draw(connection, [record for record in records if record.audit])

    def record_correction(self, correction: Correction) -> None:
        """Remember what a person says is right; where the decision is audited, this is its answer.

        Raises
        ------
        UnknownClassificationError
            No such decision was recorded, or its ticket was erased.
        """
        with self._writing() as connection:
            try:
                connection.execute(insert(corrections), rows.of_correction(correction))
            except IntegrityError as error:
                raise UnknownClassificationError(correction.classification_id) from error
            audits.answer(connection, correction.classification_id)

    def record_vote(self, vote: Vote) -> None:
        """Remember a yes or no to a hit."""
        with self._writing() as connection:
            connection.execute(insert(votes), rows.of_vote(vote))

    def decision(self, classification_id: str) -> DecisionRecord | None:
        """The decision with this id, or ``None`` when there is none."""
        with self._reading() as connection:
            row = connection.execute(audits.WITH_AUDIT.where(decisions.c.id == classification_id)).one_or_none()
        return None if row is None else rows.decision(row)

    def decisions(self, since: datetime) -> Iterator[DecisionRecord]:
        """The decisions made at ``since`` or later, oldest first, read as they are asked for."""
        with self._reading() as connection:
            yield from latest.since(connection, since)

    def latest(self, model: str, *, limit: int) -> list[DecisionRecord]:
        """A model's latest decisions, newest first."""
        with self._reading() as connection:
            return latest.of_model(connection, model, limit=limit)

    def known(self, classification_ids: Collection[str]) -> set[str]:
        """Those of these decisions that are in the journal."""
        query = select(decisions.c.id).where(decisions.c.id.in_(sorted(classification_ids)))
        with self._reading() as connection:
            return set(connection.scalars(query))

    def corrections(self, since: datetime | None = None) -> list[Correction]:
        """The corrections made at ``since`` or later, oldest first; all of them without it."""
        query = select(corrections).order_by(corrections.c.time, corrections.c.id)
        if since is not None:
            query = query.where(corrections.c.time >= since)
        with self._reading() as connection:
            return [rows.correction(row) for row in connection.execute(query)]

    def votes(self) -> list[Vote]:
        """All votes, oldest first."""
        with self._reading() as connection:
            return [rows.vote(row) for row in connection.execute(select(votes).order_by(votes.c.time, votes.c.id))]

    def approval(self) -> dict[str, int]:
        """By document id, how many more people confirmed it than rejected it; zeros are left out."""
        with self._reading() as connection:
            return approval.of_documents(connection)

    def audit(self, model: str) -> Audit:
        """What was asked back about the automatic decisions of one model version."""
        with self._reading() as connection:
            return audits.of_model(connection, model)

    def withdraw_promise(self, model: str) -> bool:
        """Remember that a model version's promise is withdrawn; whether it was not before."""
        with self._writing() as connection:
            withdrawn = audits.withdraw(connection, model)
            if withdrawn:
                keep(connection, "withdraw promise", model, actor="stellwerk", outcome="done")
            return withdrawn

    def counts(self) -> JournalCounts:
        """How much is remembered."""
        with self._reading() as connection:
            n_decisions, n_corrections, n_votes = (
                connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (decisions, corrections, votes)
            )
        return JournalCounts(decisions=n_decisions, corrections=n_corrections, votes=n_votes)

    def erase_ticket(self, ticket_id: str) -> ErasedCounts:
        """Forget a ticket and its solution: decisions, their corrections and audits, votes for it or in its words."""
        return self._erase(decisions.c.ticket_id == ticket_id, documents.c.id == ticket_id, hit_ids=[ticket_id])

    def erase_customer(self, customer: str) -> ErasedCounts:
        """Forget every ticket of one customer, as `erase_ticket` does."""
        return self._erase(decisions.c.customer == customer, documents.c.customer == customer, hit_ids=[])

    def erase_person(self, words: Collection[str]) -> ErasedCounts:
        """Forget every ticket that holds one of these words, as `erase_ticket` does, and who gave feedback by them."""
        with self._reading() as connection:
            found = naming.naming(connection, words)
        erased = [self.erase_ticket(ticket) for ticket in sorted(found.tickets)]
        erased += [self._erase(decisions.c.id == id_, false(), hit_ids=[]) for id_ in found.decisions]
        with self._writing() as connection:
            n_votes = naming.erase_said(connection, words)
        self._scrub()
        return sum_of([*erased, ErasedCounts(decisions=0, corrections=0, votes=n_votes)])

    def tickets_of(self, *, customer: str) -> set[str]:
        """The ids of a customer's tickets."""
        decided = select(decisions.c.ticket_id).where(decisions.c.customer == customer)
        kept = select(documents.c.id).where(documents.c.customer == customer)
        with self._reading() as connection:
            return {id_ for query in (decided, kept) for id_ in connection.scalars(query) if id_}

    def tickets_naming(self, words: Collection[str]) -> set[str]:
        """The ids of the tickets that hold one of these words."""
        with self._reading() as connection:
            return naming.naming(connection, words).tickets

    def _erase(
        self, chosen: ColumnElement[bool], solved: ColumnElement[bool], *, hit_ids: Iterable[str]
    ) -> ErasedCounts:
        with self._writing() as connection:
            records = [rows.decision(row) for row in connection.execute(audits.WITH_AUDIT.where(chosen))]
            hits = {*hit_ids, *(record.ticket.id for record in records if record.ticket.id)}
            words = {text for record in records for text in naming.own_words(record.ticket)}
            traces = [votes.c.hit_id == hit for hit in hits] + [votes.c.query == text for text in words]
            n_votes = sum(connection.execute(delete(votes).where(trace)).rowcount for trace in traces)
            theirs = corrections.c.classification_id.in_(select(decisions.c.id).where(chosen))
            n_corrections = connection.execute(delete(corrections).where(theirs)).rowcount
            n_decisions = connection.execute(delete(decisions).where(chosen)).rowcount
            n_documents = erase(connection, solved)
            wipe_answers(connection)
        self._scrub()
        _log.info("journal erased decisions=%d corrections=%d votes=%d", n_decisions, n_corrections, n_votes)
        return ErasedCounts(decisions=n_decisions, corrections=n_corrections, votes=n_votes, documents=n_documents)

    def _scrub(self) -> None:
        with self._explained():
            scrub(self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        writer = self._engine.execution_options(**WRITES)
        with step("write journal"), self._explained(), writer.begin() as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explain(error, self._place) from error
