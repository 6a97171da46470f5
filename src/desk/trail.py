"""The audit trail of one desk: acts are kept before they are done, and how they went after."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from desk.settings import Settings
from journal import Journal, JournalError

COMMAND_LINE: Final = "command line"
"""The actor of what is done on the machine itself."""
ITSELF: Final = "stellwerk"
"""The actor of what a service does by itself."""
log = logging.getLogger(__name__)


class ActAnswer(BaseModel):
    """One act."""

    model_config = ConfigDict(frozen=True)

    id: int
    time: datetime
    actor: str = Field(description="who: `key:<id>`, `oidc:<subject>`, `command line`, `stellwerk`, `trial`")
    act: str = Field(description="what: `promote`, `roll back`, `delete document`, `withdraw promise`, ...")
    subject: str | None = Field(description="to which: a version or an id; null where it has none")
    outcome: Literal["begun", "done", "refused"] = Field(description="`begun` where it did not come to its end")


class AuditTrailAnswer(BaseModel):
    """Acts, the last one first, and where the next page begins."""

    model_config = ConfigDict(frozen=True)

    acts: list[ActAnswer]
    before: int | None = Field(description="ask with this `before` for those before; null where there are none")


class Subject:
    """What an act is done to, where only the act can tell."""

    name: str | None = None


class AuditTrail:
    """The acts of one desk; where no journal is kept, none are."""

    def __init__(self, journal: Callable[[], Journal] | None) -> None:
        self._journal = journal

    @contextmanager
    def acting(self, act: str, subject: str | None = None, *, actor: str) -> Iterator[Subject]:
        """Keep what is done in the block: begun before, done after, refused where it raises.

        Raises
        ------
        JournalError
            It cannot be kept, and was not done.
        """
        told = Subject()
        if self._journal is None:
            yield told
            return
        trail = self._journal().trail
        act_id = trail.begin(act, subject, actor=actor)
        outcome: Literal["done", "refused"] = "refused"
        try:
            yield told
            outcome = "done"
        finally:
            self._end(act_id, outcome, told)

    def told(self, *, since: datetime | None = None, before: int | None = None, limit: int) -> AuditTrailAnswer:
        """A page of acts, the last one first."""
        acts = self._journal().trail.acts(since=since, before=before, limit=limit) if self._journal else []
        answers = [ActAnswer(**asdict(act)) for act in acts]
        return AuditTrailAnswer(acts=answers, before=acts[-1].id if len(acts) == limit else None)

    def _end(self, act_id: int, outcome: Literal["done", "refused"], told: Subject) -> None:
        assert self._journal is not None
        try:
            self._journal().trail.end(act_id, outcome, told.name)
        except JournalError as error:  # done is done; the trail says that it was begun
            log.warning("outcome of an act not kept act=%d outcome=%s error=%s", act_id, outcome, type(error).__name__)


@contextmanager
def acting_alone(settings: Settings, act: str, subject: str | None = None) -> Iterator[None]:
    """`AuditTrail.acting` for a command that opens no desk; nothing is kept where no journal was begun."""
    if not Journal.exists(settings.journal):
        yield
        return
    with (
        Journal.open(settings.journal) as journal,
        AuditTrail(lambda: journal).acting(act, subject, actor=COMMAND_LINE),
    ):
        yield
