"""``score``: many tickets scored into one Parquet file, by this process or by the workers of a cluster."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier import ModelShelf
from desk import BatchWork, surroundings_of, worked_out
from history import read_tickets, to_frame
from stellwerk.failure import CommandError
from stellwerk.opening import announce_encoder
from stellwerk.options import Columns, MappingFile, Model, Models, Rejects, mapping_of, settings_with
from stellwerk.output import show
from stellwerk.progress import Report, progress
from stellwerk.reading import reject_log, rejects_file
from tickets import SolvedTicket, Ticket

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 1_000
_Tickets = Annotated[list[Path], typer.Argument(metavar="TICKETS", help="CSV, JSON Lines or Parquet files.")]
_Into = Annotated[Path, typer.Option("--into", metavar="FILE", help="The Parquet file to write, a row a ticket.")]
_Vectors = Annotated[bool, typer.Option("--vectors", help="Add the sentence encoder's vector of each ticket.")]
_Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Score with so many Ray workers (needs the extra `scale`).")
]
_Ray = Annotated[
    str | None, typer.Option("--ray", metavar="ADDRESS", help="Score on the Ray cluster at HOST:PORT, or `auto`.")
]


def score(  # noqa: PLR0913 - one for each option
    tickets: _Tickets,
    *,
    into: _Into,
    vectors: _Vectors = False,
    workers: _Workers = None,
    ray: _Ray = None,
    model: Model = None,
    models: Models = None,
    column: Columns = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
) -> None:
    """Score many tickets into a Parquet file: labels, probabilities, decision and its reasons, without explanations."""
    settings = settings_with(models=models)
    announce_encoder(settings)
    shelf = ModelShelf(settings.models)
    manifest, _ = shelf.load(model)
    folder = shelf.path / manifest.version if (shelf.path / manifest.version).is_dir() else Path(str(model))
    around = replace(surroundings_of(settings), encoders=str(settings.encoders.resolve()))
    work = BatchWork(folder=folder.resolve(), surroundings=around, vectors=vectors)
    names = mapping_of(column, None, mapping)
    with reject_log(rejects_file(rejects, "score")) as log, progress() as report:
        arriving = read_tickets(tickets, mapping=names, rejects=log)
        answers = worked_out(_frames(arriving), work, n_workers=workers, address=ray)
        n_scored = _write(answers, into, report)
    if not n_scored:
        raise CommandError("there is no ticket to score; see the lines above")
    show(f"{n_scored:,} tickets scored into {into}")


def _frames(tickets: Iterator[Ticket]) -> Iterator["pd.DataFrame"]:
    while batch := list(islice(tickets, _BATCH)):
        yield to_frame(SolvedTicket(ticket=ticket) for ticket in batch)


def _write(answers: Iterator["pd.DataFrame"], into: Path, report: Report) -> int:
    """All answers in one file, which stands there whole or not at all; how many there were."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import parquet  # noqa: PLC0415

    into.parent.mkdir(parents=True, exist_ok=True)
    draft = into.with_name(f".{into.name}.part")
    writer, n_scored = None, 0
    try:
        for frame in answers:
            table = pa.Table.from_pandas(frame, schema=writer.schema if writer else None, preserve_index=False)
            if writer is None:
                writer = parquet.ParquetWriter(draft, table.schema)
            writer.write_table(table)
            n_scored += len(frame)
            report("tickets scored", n_scored, None)
        if writer is not None:
            writer.close()
            draft.replace(into)
    finally:
        if writer is not None:
            writer.close()
        draft.unlink(missing_ok=True)
    return n_scored
