"""What was wrong with which row: counted by reason, written to a rejects file, told in a summary."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from history.fault import HistoryError, Reason

_BUFFER_CHARACTERS = 2**16
_EXAMPLES = 5
_NO_TICKET = frozenset({Reason.EMPTY_TICKET, Reason.REPEATED_ROW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row that could not be used, or was used only after a change (``kept``)."""

    file: Path
    line: int
    """The line the row begins on; in Parquet the row; from 1."""
    column: str | None
    """The desk's own name of the column; None where the row as a whole is at fault."""
    reason: Reason
    message: str
    """What is wrong, and the cure."""
    row: Mapping[str, object] | str
    """The row by the desk's columns, or as it stands in the file where it could not be parted."""
    kept: bool = False
    id: str | None = None
    """The ticket's id, where the row names one."""

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return f"{self.file.name} line {self.line}" + (f', column "{self.column}"' if self.column else "")


@dataclass(slots=True)
class RejectLog:
    """The rejects of one reading; the file is made with the first entry, and replaces an older one then."""

    path: Path | None = None
    """Where to write; None only counts."""
    ids: dict[Path, set[str]] = field(default_factory=dict)
    """By file, the ids of rejected rows that name one."""
    nameless: set[Path] = field(default_factory=set)
    """Files with a rejected row that may be any ticket's."""
    _counts: Counter[Reason] = field(default_factory=Counter)
    _notes: Counter[Reason] = field(default_factory=Counter)
    _examples: dict[tuple[bool, Reason], dict[str, str]] = field(default_factory=dict)
    _buffer: list[str] = field(default_factory=list)
    _n_buffered: int = 0
    _begun: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        """Rejected rows by reason, the most frequent first."""
        return {reason.value: count for reason, count in self._counts.most_common()}

    @property
    def notes(self) -> Mapping[str, int]:
        """Changes to rows that were kept, by reason, the most frequent first."""
        return {reason.value: count for reason, count in self._notes.most_common()}

    @property
    def n_rejected(self) -> int:
        """How many rows were rejected."""
        return self._counts.total()

    @property
    def n_notes(self) -> int:
        """How many changes were made to rows that were kept; a row may have several."""
        return self._notes.total()

    def add(self, reject: Reject) -> None:
        """Count ``reject`` and write it down."""
        (self._notes if reject.kept else self._counts)[reject.reason] += 1
        if reject.id is not None:
            self.ids.setdefault(reject.file, set()).add(reject.id)
        elif not reject.kept and reject.reason not in _NO_TICKET:
            self.nameless.add(reject.file)
        examples = self._examples.setdefault((reject.kept, reject.reason), {})
        if len(examples) < _EXAMPLES:
            examples.setdefault(reject.message, reject.place)
        if self.path is None:
            return
        entry = json.dumps(_entry(reject), ensure_ascii=False, default=str)
        self._buffer.append(entry)
        self._n_buffered += len(entry)
        if self._n_buffered > _BUFFER_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Write what is still held back; readers do so when they end.

        Raises
        ------
        HistoryError
            The rejects file cannot be written.
        """
        if self.path is None or not self._buffer:
            return
        try:
            # A lone surrogate, which UTF-8 cannot hold, is written as its JSON escape.
            with self.path.open("a" if self._begun else "w", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(entry + "\n" for entry in self._buffer)
        except OSError as error:
            fault = f"the rejects file cannot be written ({error.strerror})"
            raise HistoryError(self.path, fault, "name another place for it") from error
        self._begun = True
        self._buffer.clear()
        self._n_buffered = 0

    def summary(self) -> str:
        """The counts by reason with examples, for a person; several lines, without a newline at the end."""
        where = f"; each is in {self.path}" if self.path and (self._counts or self._notes) else ""
        n_rejected, n_notes = _counted(self.n_rejected, "row"), _counted(self.n_notes, "note")
        lines = [f"{n_rejected} rejected, {n_notes} on rows kept{where}"]
        for kept, counts in ((False, self._counts), (True, self._notes)):
            for reason, count in counts.most_common():
                lines.append(f"  {count:,} {reason.value}{' (kept)' if kept else ''}")
                examples = self._examples[kept, reason]
                lines += [f"    {place}: {message}" for message, place in examples.items()]
        return "\n".join(lines).encode("utf-8", "backslashreplace").decode("utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()


def _entry(reject: Reject) -> dict[str, object]:
    return {
        "file": str(reject.file),
        "line": reject.line,
        "column": reject.column,
        "reason": reject.reason.value,
        "message": reject.message,
        "kept": reject.kept,
        "row": reject.row,
    }


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
