"""Export files read for a command; what could not be used is told on standard error and kept in a file."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

import typer

from history import HistoryError, HistoryMapping, PlacedTicket, Progress, RejectLog, read_history, read_placed
from stellwerk.failure import CommandError
from stellwerk.output import message
from stellwerk.progress import Report
from tickets import SolvedTicket, Taxonomy

STANDARD_INPUT: Final = Path("-")
_STEP: Final = "bytes read"
_T = TypeVar("_T")


class NothingReadError(CommandError):
    """No row of the files could be used."""

    def __init__(self, files: Sequence[Path]) -> None:
        names = ", ".join(str(file) for file in files)
        super().__init__(f"no row of {names} could be used; mend them as the lines above say, then run it again")


def rejects_file(given: Path | None, command: str) -> Path:
    """Where the rows a command cannot use are written."""
    return given or Path("var") / f"rejects-{command}.jsonl"


@contextmanager
def reject_log(file: Path) -> Iterator[RejectLog]:
    """A log of rejects that is told on standard error when the block has run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with RejectLog(file) as rejects:
        yield rejects
        rejects.flush()
        if rejects.n_rejected or rejects.n_notes:
            message(rejects.summary())


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReading:
    """How history files are read: by which names, and where their rejects go."""

    mapping: HistoryMapping
    rejects: Path

    def tickets(self, files: Sequence[Path], *, taxonomy: Taxonomy, report: Report) -> list[SolvedTicket]:
        """The solved tickets in ``files`` with the targets of ``taxonomy``.

        Raises
        ------
        NothingReadError
            Not one row can be used.
        """
        return self._all(read_history, files, taxonomy, report)

    def placed(self, files: Sequence[Path], *, taxonomy: Taxonomy, report: Report) -> list[PlacedTicket]:
        """The same, each with the place of its row.

        Raises
        ------
        NothingReadError
            Not one row can be used.
        """
        return self._all(read_placed, files, taxonomy, report)

    def _all(
        self, read: Callable[..., Iterator[_T]], files: Sequence[Path], taxonomy: Taxonomy, report: Report
    ) -> list[_T]:
        with reject_log(self.rejects) as rejects:
            found = list(
                read(
                    files,
                    taxonomy=taxonomy,
                    mapping=self.mapping,
                    rejects=rejects,
                    progress=lambda done: _tell(done, report),
                )
            )
        if not found:
            raise NothingReadError(files)
        return found

    def labelled_or_not(
        self, file: Path, *, taxonomy: Taxonomy, rejects: RejectLog, report: Report
    ) -> Iterator[SolvedTicket]:
        """The solved tickets in ``file`` with those targets of ``taxonomy`` that it has columns for."""
        self.mapping.check(taxonomy)
        named = set(self.mapping.labels) | set(self.mapping.columns)
        targets = tuple(name for name in taxonomy.names if name in named or self._has(file, name, taxonomy))
        return read_history(
            [file],
            taxonomy=taxonomy.only(targets),
            mapping=_restricted(self.mapping, taxonomy, targets),
            rejects=rejects,
            progress=lambda done: _tell(done, report),
        )

    def _has(self, file: Path, target: str, taxonomy: Taxonomy) -> bool:
        """Whether ``file`` can be read with this target alone; nothing but its columns is looked at."""
        mapping = _restricted(self.mapping, taxonomy, (target,))
        try:
            read_history([file], taxonomy=taxonomy.only((target,)), mapping=mapping, rejects=RejectLog())
        except HistoryError:
            return False
        return True


@contextmanager
def with_standard_input(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files, with ``-`` replaced by a file of the JSON lines on standard input while the block runs."""
    if files.count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("standard input (-) can be read only once.")
    if STANDARD_INPUT not in files:
        yield list(files)
        return
    if sys.stdin.isatty():
        message("reading JSON lines from standard input; end them with Ctrl-D")
    with tempfile.TemporaryDirectory(prefix="stellwerk-") as folder:
        spooled = Path(folder) / "stdin.jsonl"
        with spooled.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [spooled if file == STANDARD_INPUT else file for file in files]


def _restricted(mapping: HistoryMapping, taxonomy: Taxonomy, targets: tuple[str, ...]) -> HistoryMapping:
    """The mapping without the names of other targets."""
    others = set(taxonomy.names) - set(targets)
    return replace(
        mapping,
        columns={ours: theirs for ours, theirs in mapping.columns.items() if ours not in others},
        labels={target: words for target, words in mapping.labels.items() if target not in others},
    )


def _tell(done: Progress, report: Report) -> None:
    report(_STEP, done.n_bytes_read, done.n_bytes)
