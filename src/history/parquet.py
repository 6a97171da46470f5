"""The rows of a Parquet file, batch by batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from history.fault import HistoryError
from history.row import Row

_BATCH_ROWS = 500
_UNREADABLE = "\udcff"
"""Stands for a cell that Python cannot hold, a date in the year 300000 or a text that is not UTF-8."""


def columns(file: Path) -> tuple[str, ...]:
    """The columns of ``file``.

    Raises
    ------
    HistoryError
        The file cannot be read, is not Parquet, has no rows, or has a column twice.
    """
    with _opened(file) as table:
        names = tuple(table.schema_arrow.names)
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise HistoryError(file, f'has the column "{repeated[0]}" twice', "rename one of them")
        if table.metadata.num_rows == 0:
            raise HistoryError(file, "has no rows", "export the tickets again")
        return names


def rows(file: Path) -> Iterator[Row]:
    """The rows of ``file`` in order; bytes read are estimated from the rows read."""
    size = file.stat().st_size
    line = 0
    with _opened(file) as table:
        n_rows = table.metadata.num_rows
        for batch in table.iter_batches(batch_size=_BATCH_ROWS):
            names = batch.schema.names
            for cells in zip(*(_cells(column) for column in batch.columns), strict=True):
                line += 1
                values = dict(zip(names, cells, strict=True))
                yield Row(line=line, values=values, n_bytes_read=size * line // n_rows)


def _cells(column: Any) -> list[object]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(scalar) for scalar in column]


def _cell(scalar: Any) -> object:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return _UNREADABLE


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    from pyarrow import parquet  # noqa: PLC0415 - slow to import

    try:
        if file.stat().st_size == 0:
            raise HistoryError(file, "is empty", "export the tickets again")
        with parquet.ParquetFile(file) as table:
            yield table
    except pa.ArrowException as error:
        raise HistoryError(file, f"is not a readable Parquet file ({error})", "export it again") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror or error})"
        raise HistoryError(file, fault, "check the path, or export it again") from error
