"""Log lines of a running service: one an event, with its request's id, and never a word of a ticket.

The server is told of these formatters by name, so that its own lines, and those of every worker, look the same.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being answered; threads that work for it know it as well."""
trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace the request belongs to, where traces are kept."""

_FIELD: Final = re.compile(r"(\w+)=%[-+ #0-9.]*[a-z]")
_PLACEHOLDER: Final = re.compile(r"%(?!%)[-+ #0-9.]*[a-z]")
_FIELDS_OF_ALL: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_OF_THE_SERVER: Final = {"color_message"}
_MOST_FRAMES: Final = 8


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, event, the request's id, and the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        event, fields = _parted(record)
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
            **_ids(),
        }
        line |= {name: value for name, value in fields.items() if name not in line or name == "request_id"}
        line |= _fault(record)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people: level, logger, event and ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        told = _message(record)
        fields = {name: value for name, value in (_ids() | _fault(record)).items() if f"{name}=" not in told}
        return " ".join(
            [f"{record.levelname} {record.name}: {told}", *(f"{name}={value}" for name, value in fields.items())]
        )


def _ids() -> dict[str, object]:
    known = {"request_id": request_id.get(), "trace_id": trace_id.get()}
    return {name: value for name, value in known.items() if value}


def _message(record: logging.LogRecord) -> str:
    """What is told; of an error only the first line, for behind it libraries quote what they were given."""
    told = record.getMessage()
    return told.partition("\n")[0] if record.exc_info else told


def _parted(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """The event and its fields: those it was logged with, and the ``name=%s`` of its message."""
    fields = {
        name: value for name, value in vars(record).items() if name not in _FIELDS_OF_ALL and name not in _OF_THE_SERVER
    }
    names = _FIELD.findall(record.msg) if isinstance(record.msg, str) else []
    given = _given(record)
    if names and len(names) == len(given) == len(_PLACEHOLDER.findall(str(record.msg))):
        event = _FIELD.sub("", str(record.msg))
        return " ".join(event.split()), fields | dict(zip(names, given, strict=True))
    return _message(record), fields


def _given(record: logging.LogRecord) -> tuple[Any, ...]:
    if isinstance(record.args, Mapping) or record.args is None:
        return ()
    return tuple(record.args)


def _fault(record: logging.LogRecord) -> dict[str, object]:
    """The kind of an exception and where it happened; its own words may quote a ticket."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _, trace = record.exc_info
    return {"error": kind.__name__, "at": places(trace)}


def places(trace: TracebackType | None) -> str:
    """Where an exception passed, from the outermost place kept to where it was raised."""
    frames = traceback.extract_tb(trace)[-_MOST_FRAMES:]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
