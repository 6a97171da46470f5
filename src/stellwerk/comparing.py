"""``compare``: two models on the same tickets, neither of which had seen them."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

import desk
from stellwerk.opening import announce_encoder
from stellwerk.options import (
    Columns,
    Json,
    Labels,
    MappingFile,
    Models,
    Rejects,
    mapping_of,
    settings_with,
)
from stellwerk.output import show, write_json
from stellwerk.progress import progress
from stellwerk.reading import HistoryReading, rejects_file

_Named = Annotated[
    list[str],
    typer.Argument(
        metavar="VERSION [OTHER] HISTORY...",
        help="A model, the one to compare it with (by default the champion), and solved tickets.",
    ),
]


def compare(
    named: _Named,
    *,
    models: Models = None,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Compare a model with another on tickets that neither had seen, and judge it by its gates."""
    settings = settings_with(models=models)
    version, other, history = _parted(named, settings.models)
    announce_encoder(settings)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "compare"))
    with progress() as report:
        solved = reading.tickets(history, taxonomy=desk.taxonomy_of(settings, version), report=report)
        with redirect_stdout(sys.stderr):  # libraries that print must not spoil the result
            answer = desk.compare_models(settings, solved, version=version, other=other)
    if json:
        write_json(answer)
    else:
        show(answer.page.rstrip())


def _parted(named: list[str], shelf: Path) -> tuple[str, str | None, list[Path]]:
    """The version, the other one, and the files; a second name is a version where it is no file."""
    version, *rest = named
    other = rest.pop(0) if rest and not Path(rest[0]).is_file() and (shelf / rest[0]).is_dir() else None
    if not rest:
        raise typer.BadParameter("name history files to compare on after the versions.")
    return version, other, [Path(file) for file in rest]
