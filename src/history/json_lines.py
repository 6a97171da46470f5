"""The rows of a JSON Lines file: one object a line."""

import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from history.fault import HistoryError, Reason, RowFault
from history.lines import Line, open_lines
from history.row import BrokenRow, Row


def columns(file: Path, enough: Callable[[Collection[str]], bool]) -> tuple[str, ...]:
    """The keys of the objects in ``file``, read until they are ``enough`` or the file ends.

    Raises
    ------
    HistoryError
        The file cannot be read or none of its lines is a JSON object.
    """
    keys: dict[str, None] = {}
    for row in rows(file):
        if isinstance(row, Row):
            keys.update(dict.fromkeys(row.values))
            if enough(keys):
                break
    if not keys:
        raise HistoryError(file, "has no line that is a JSON object with keys", "write one object a line")
    return tuple(keys)


def rows(file: Path) -> Iterator[Row | BrokenRow]:
    """The rows of ``file`` in order; blank lines are no rows."""
    with open_lines(file) as lines:
        for line in lines:
            text = line.text.strip()
            if not text:
                continue
            if line.number == 1 and text.startswith("["):
                cure = "write one object a line (jq -c '.[]' FILE), without brackets and commas around them"
                raise HistoryError(file, "is a JSON array, not JSON Lines", cure)
            yield _row(line, text)


def _row(line: Line, text: str) -> Row | BrokenRow:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"not JSON ({error}); write the object on one line, with its newlines as \\n"
    else:
        if isinstance(values, dict):
            return Row(line=line.number, values=values, n_bytes_read=line.n_bytes_read, doubtful=line.doubtful)
        message = f"a JSON {type(values).__name__}, not an object; write {{...}} on each line"
    fault = RowFault(Reason.BAD_JSON, None, message)
    return BrokenRow(line=line.number, raw=text, fault=fault, n_bytes_read=line.n_bytes_read)
