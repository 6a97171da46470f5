"""An export file in any of the formats, told by its name."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from history import delimited, json_lines, parquet
from history.fault import HistoryError
from history.row import BrokenRow, Row

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def size_of(file: Path) -> int:
    """The size of ``file`` in bytes.

    Raises
    ------
    HistoryError
        There is no such file, or its name tells no known format.
    """
    if file.is_dir():
        raise HistoryError(file, "is a folder", "name the files in it")
    try:
        size = file.stat().st_size
    except OSError as error:
        raise HistoryError(file, f"cannot be read ({error.strerror})", "check the path") from error
    _format_of(file)
    return size


def columns_of(file: Path, *, names: Collection[str], enough: Callable[[Collection[str]], bool]) -> tuple[str, ...]:
    """The desk's columns in ``file``, all of them or at least ``enough``; ``names`` are those looked for."""
    match _format_of(file):
        case "csv":
            return delimited.columns(file, names)
        case "jsonl":
            return json_lines.columns(file, enough)
        case _:
            return parquet.columns(file)


def rows_of(file: Path, *, names: Collection[str]) -> Iterator[Row | BrokenRow]:
    """The rows of ``file`` in order, read as they are asked for."""
    match _format_of(file):
        case "csv":
            return delimited.rows(file, names)
        case "jsonl":
            return json_lines.rows(file)
        case _:
            return parquet.rows(file)


def _format_of(file: Path) -> str:
    name = file.name.lower()
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix not in _FORMATS or (suffix == ".parquet" and name.endswith(".gz")):
        cure = "name it .csv, .tsv, .jsonl or .ndjson (each also with .gz), or .parquet, as its contents are"
        raise HistoryError(file, f'the ending "{Path(name).suffix}" tells no known format', cure)
    return _FORMATS[suffix]
