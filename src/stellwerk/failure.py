"""A failure told to the user: one line that says why and what to do, never a traceback."""

import errno
import logging
import os
import tempfile
import traceback
from typing import Final

from stellwerk.output import message

_log = logging.getLogger(__name__)

_CURES: Final = {
    errno.ENOSPC: "free disk space and run it again",
    errno.EDQUOT: "free disk space and run it again",
    errno.EACCES: "check the permissions",
    errno.EPERM: "check the permissions",
    errno.EROFS: "name a place that can be written to",
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path",
    errno.EISDIR: "name a file in it",
    errno.EEXIST: "move what is there out of the way",
    errno.ENOMEM: "free memory and run it again",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
}


class CommandError(RuntimeError):
    """A command cannot do what was asked; the message names the cure."""


def tell(error: Exception) -> None:
    """Say on standard error, in one line, why the command failed and what to do."""
    _log.debug("the command failed", exc_info=error)
    message(f"stellwerk: {' '.join(_explained(error).split())}")


def _explained(error: Exception) -> str:
    if isinstance(error, CommandError) or _is_users(error):
        return str(error)
    if isinstance(error, OSError):
        return _explained_fault(error)
    return f"unexpected {type(error).__name__}; {_kept_trace(error)}"


def _is_users(error: Exception) -> bool:
    from desk import USER_ERRORS  # noqa: PLC0415 - an error in loading the rooms is told as well

    return isinstance(error, USER_ERRORS)


def _explained_fault(error: OSError) -> str:
    fault = error.strerror or str(error) or type(error).__name__
    places = [str(place) for place in (error.filename, error.filename2) if place is not None]
    cure = _CURES.get(error.errno or 0, "run it again with `stellwerk --debug` to see where")
    return f"{' and '.join(places)}: {fault}; {cure}" if places else f"{fault}; {cure}"


def _kept_trace(error: Exception) -> str:
    """Where the full trace was written, or how to see it where it could not be."""
    try:
        handle, name = tempfile.mkstemp(prefix="stellwerk-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except OSError:
        return "run it again with `stellwerk --debug` to see the full trace"
    return f"please report it with the full trace in {name}"
