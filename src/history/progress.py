"""How far the reading has come."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a reading of one or more files stands; rejected rows count as read."""

    file: Path
    """The file being read now."""
    n_bytes_read: int
    """Bytes read so far over all files; of a compressed file, compressed bytes."""
    n_bytes: int
    """Size of all files together."""
    n_rows: int
    """Rows so far over all files."""
