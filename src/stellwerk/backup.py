"""``backup`` and ``restore``: all that a desk would miss, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from desk import BackupAnswer, back_up
from desk import restore as restore_from
from stellwerk.options import Json, Knowledge, Models, settings_with
from stellwerk.output import message, write_json

_Without = Annotated[
    bool, typer.Option("--without-journal", help="Leave the journal out, as where it is no SQLite file.")
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to be written.")],
    *,
    models: Models = None,
    knowledge: Knowledge = None,
    without_journal: _Without = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE where it is there.")] = False,
    json: Json = False,
) -> None:
    """Write journal, knowledge base and models into one file, while the service runs."""
    settings = settings_with(models=models, knowledge=knowledge)
    _show("backed up", back_up(settings, file, journal=not without_journal, force=force), json=json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", exists=True, dir_okay=False)],
    *,
    models: Models = None,
    knowledge: Knowledge = None,
    without_journal: _Without = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    json: Json = False,
) -> None:
    """Check a backup, and put journal, knowledge base and models in place from it."""
    settings = settings_with(models=models, knowledge=knowledge)
    _show("restored", restore_from(settings, file, journal=not without_journal, force=force), json=json)


def _show(act: str, answer: BackupAnswer, *, json: bool) -> None:
    if json:
        write_json(answer)
        return
    size = f"{answer.n_bytes / 1e6:,.1f} MB in {answer.n_files:,} files"
    message(f"{act}: {', '.join(answer.parts)} as of {answer.made_at:%Y-%m-%d %H:%M:%S} UTC, {size}, {answer.file}")
