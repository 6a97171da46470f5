"""``gaps``: what the articles do not answer."""

from typing import Annotated

import typer

from desk import GapsAnswer
from stellwerk.opening import open_desk
from stellwerk.options import Json, Knowledge, settings_with
from stellwerk.output import message, printable, share, show, table, write_json

_HOUR = 3_600
_PRODUCTS = 2
_NUMBERS = ("tickets", "hours", "median")


def gaps(
    *,
    knowledge: Knowledge = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many themes at most.")] = 20,
    json: Json = False,
) -> None:
    """List themes of solved tickets that no article answers, the costliest first."""
    with open_desk(settings_with(knowledge=knowledge)) as desk:
        answer = desk.gaps(limit=limit)
    if json:
        write_json(answer)
    else:
        _show(answer)


def _show(answer: GapsAnswer) -> None:
    rows = table("What no article answers", "for instance", "theme", "product", *_NUMBERS, n_words=3)
    for gap in answer.gaps:
        rows.add_row(
            printable(gap.tickets[0]),
            printable(gap.name),
            printable(", ".join(gap.products[:_PRODUCTS])),
            f"{gap.n_tickets:,}",
            _hours(gap.handling_seconds),
            _hours(gap.median_handling_seconds),
        )
    show(rows)
    of = f"{answer.n_without_answer:,} of {answer.n_tickets:,} solved tickets have no good article"
    message(f"{of}; {answer.n_single:,} of these share their theme with no other")
    message(
        f"learned from {answer.n_known:,} tickets whose article is known: told to lack an answer are "
        f"{share(answer.recall)} of them without it, {share(answer.false_alarms)} with it"
    )


def _hours(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / _HOUR:,.1f}"
