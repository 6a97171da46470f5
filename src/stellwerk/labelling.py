"""``label``: tell the labels of the tickets that would teach the model most, without seeing its answer."""

import sys
from typing import Annotated

import typer

from desk import Desk, LabellingQueueAnswer, TicketToLabel
from journal import Journal
from stellwerk.failure import CommandError
from stellwerk.opening import announce_encoder, open_shelf
from stellwerk.options import Json, Models, settings_with
from stellwerk.output import message, show, write_json

_END = "q"


class NoDecisionsError(CommandError):
    """No journal was begun."""

    def __init__(self) -> None:
        super().__init__(
            "there is no journal, so no ticket waits for labels; classify tickets with `stellwerk serve` first, "
            "or set STELLWERK_JOURNAL to the journal that the service keeps"
        )


def label(
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many tickets.")] = 20,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Who labels.")] = None,
    models: Models = None,
    json: Json = False,
) -> None:
    """Label the tickets that would teach most; with --json, only list them and the labels to choose from."""
    settings = settings_with(models=models)
    if not Journal.exists(settings.journal):
        raise NoDecisionsError
    announce_encoder(settings)
    with open_shelf(settings) as desk:
        queue = desk.labelling.told(desk.taxonomy, limit=limit)
        if json:
            write_json(queue)
        elif not queue.tickets:
            message("no ticket of the last 30 days waits for labels")
        else:
            n_labelled = _ask_about(desk, queue, source)
            message(f"{n_labelled} of {len(queue.tickets)} tickets labelled")


def _ask_about(desk: Desk, queue: LabellingQueueAnswer, source: str | None) -> int:
    """Ask for each ticket's labels on the terminal until there are no more or the person ends; how many got some."""
    n_labelled = 0
    for number, ticket in enumerate(queue.tickets, 1):
        show(*_shown(ticket, f"{number} of {len(queue.tickets)}"))
        labels: dict[str, str] = {}
        for target, choices in queue.labels.items():
            said = _said(target, choices)
            if said is None:
                return n_labelled
            labels |= {target: said} if said else {}
        if labels:
            desk.correct(ticket.classification_id, labels, source, "agent")
            n_labelled += 1
    return n_labelled


def _shown(ticket: TicketToLabel, place: str) -> list[str]:
    about = " · ".join(fact for fact in (place, ticket.product, ticket.language) if fact)
    return ["", about, ticket.subject, ticket.body]


def _said(target: str, choices: list[str]) -> str | None:
    """The label that is typed, nothing where it is left open, None at the end."""
    while True:
        message(f"{target} ({', '.join(choices)}; Enter leaves it open, {_END} ends):")
        line = sys.stdin.readline()
        said = line.strip()
        if not line or said == _END:
            return None
        if not said or said in choices:
            return said
        message(f"{said} is none of them")
