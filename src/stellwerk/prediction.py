"""``predict``: an answer to each ticket in a file."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from desk import Desk
from history import read_tickets
from stellwerk.opening import open_desk
from stellwerk.options import (
    Columns,
    Knowledge,
    MappingFile,
    Model,
    Models,
    Rejects,
    mapping_of,
    settings_with,
)
from stellwerk.output import message, write_line
from stellwerk.reading import reject_log, rejects_file, with_standard_input
from tickets import Ticket

_BATCH = 32
_Tickets = Annotated[
    list[Path],
    typer.Argument(metavar="TICKETS", help="CSV, JSON Lines or Parquet files; - reads JSON lines from standard input."),
]


def predict(
    tickets: _Tickets,
    *,
    model: Model = None,
    models: Models = None,
    knowledge: Knowledge = None,
    column: Columns = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
) -> None:
    """Predict and decide: one line of JSON for each ticket, in order."""
    settings = settings_with(models=models, knowledge=knowledge)
    names = mapping_of(column, None, mapping)
    with with_standard_input(tickets) as files, reject_log(rejects_file(rejects, "predict")) as log:
        arriving = read_tickets(files, mapping=names, rejects=log)
        with open_desk(settings, model=model) as desk:
            if desk.model_version is None:
                message(
                    "no model has been promoted, so every ticket goes to review; "
                    "run `stellwerk train HISTORY... --promote`"
                )
            for line in _answers(desk, arriving):
                write_line(line)


def _answers(desk: Desk, tickets: Iterator[Ticket]) -> Iterator[str]:
    """The lines to print; a few tickets are answered at a time, so that the first lines come soon."""
    while batch := list(islice(tickets, _BATCH)):
        for answer in desk.classify_many(batch):
            yield answer.model_dump_json()
