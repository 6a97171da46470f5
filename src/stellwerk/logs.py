"""Log lines on standard error: one a line per event, facts as fields."""

import logging
import os
import sys
from typing import Any, Final, Literal

_FIELDS_OF_ALL: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_ROOMS: Final = ("tickets", "text", "history", "classifier", "knowledge", "journal", "desk", "stellwerk")
_FORMATTERS: Final = {"json": "service.log_lines.JsonLines", "text": "service.log_lines.TextLines"}
"""Named, not imported: the doors do not know each other, and each worker builds its own."""
_QUIET_LIBRARIES: Final = {
    "TQDM_DISABLE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}
"""Libraries that show bars and remarks of their own, and how each is told to keep them to itself."""


def set_up(*, verbose: bool = False, debug: bool = False) -> None:
    """Log to standard error: our warnings; with ``verbose`` our events; with ``debug`` all there is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FieldFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING if debug else logging.ERROR, handlers=[handler], force=True)
    for room in _ROOMS:
        logging.getLogger(room).setLevel(logging.DEBUG if debug else logging.INFO if verbose else logging.WARNING)
    logging.captureWarnings(capture=True)
    if not debug:
        for name, value in _QUIET_LIBRARIES.items():
            os.environ.setdefault(name, value)


def of_service(form: Literal["json", "text"]) -> dict[str, Any]:
    """The configuration that every process of a service logs by, the server's own lines included.

    What was set up before says how much is told: events at least.
    """
    told = "DEBUG" if logging.getLogger("desk").level == logging.DEBUG else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": _FORMATTERS[form]}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"level": "ERROR", "handlers": ["lines"]},
        "loggers": {room: {"level": told} for room in (*_ROOMS, "service")}
        | {"uvicorn": {"level": "INFO"}, "py.warnings": {"level": "WARNING"}},
    }


class _FieldFormatter(logging.Formatter):
    """The message, and behind it the event's fields as ``name=value``."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        fields = {name: value for name, value in vars(record).items() if name not in _FIELDS_OF_ALL}
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in fields.items())])
