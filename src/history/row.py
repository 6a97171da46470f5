"""One row of an export file, whatever the file's format."""

from collections.abc import Mapping
from dataclasses import dataclass

from history.fault import RowFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as the desk wrote it: its cells by the desk's own column names."""

    line: int
    """Where the row begins: the line in a text file, the row in a Parquet file; from 1."""
    values: Mapping[str, object]
    n_bytes_read: int
    """Bytes of the file read when this row was complete."""
    doubtful: bool = False
    """Whether the encoding of one of its lines is in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A stretch of the file that is no row, as it stands there, and why."""

    line: int
    raw: str
    fault: RowFault
    n_bytes_read: int
