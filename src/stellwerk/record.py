"""``audit-trail`` and ``retain``: who did what, and what is too old to be kept."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from desk import COMMAND_LINE
from stellwerk.opening import open_shelf
from stellwerk.options import Json, settings_with
from stellwerk.output import message, printable, show, table, write_json


def audit_trail(
    *,
    since: Annotated[
        datetime | None, typer.Option(metavar="DATE or TIME", help="Only acts at this time (UTC) or later.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the last ones.")] = 100,
    json: Json = False,
) -> None:
    """Tell who promoted, deleted and the like, the last act first."""
    with open_shelf(settings_with()) as desk:
        answer = desk.trail.told(since=since and since.replace(tzinfo=UTC), limit=limit)
    if json:
        write_json(answer)
        return
    if not answer.acts:
        message("nothing has been done that the audit trail keeps")
        return
    rows = table("Audit trail", "time (UTC)", "actor", "act", "subject", "outcome", n_words=5)
    for one in answer.acts:
        facts = (one.actor, one.act, one.subject or "", one.outcome)
        rows.add_row(f"{one.time:%Y-%m-%d %H:%M:%S}", *(printable(fact) for fact in facts))
    show(rows)


def retain(*, json: Json = False) -> None:
    """Remove from the journal what is older than the settings let it be kept."""
    with open_shelf(settings_with()) as desk:
        answer = desk.keeping.enforce(actor=COMMAND_LINE)
    if json:
        write_json(answer)
    else:
        message("removed for their age: " + ", ".join(f"{n} {kind}" for kind, n in answer.model_dump().items()))
