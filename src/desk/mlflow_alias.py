"""MLflow's alias ``champion``, followed: the version a data scientist gave it to is promoted here too."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from filelock import FileLock

from classifier import aliased
from desk.errors import DeskError

_SEEN: Final = "mlflow.json"
_ALIAS: Final = "champion"
_log = logging.getLogger(__name__)


class AliasMemoryError(DeskError):
    """What was last seen of MLflow's alias cannot be read or kept."""

    def __init__(self, memory: Path, fault: str) -> None:
        super().__init__(
            f"{memory} {fault}; MLflow's alias is not followed: delete it, and free space if the disk is full"
        )


class MlflowAlias:
    """Promotes what the alias was moved to since it was last looked at, by whichever process looks first.

    Only a move counts: where Stellwerk promotes or rolls back by itself, the alias that stayed behind changes nothing.
    What was seen last stands on the shelf, so that a move is acted on once, also one made while nothing ran.
    """

    def __init__(self, models: Path, uri: str, *, promote: Callable[[str], object]) -> None:
        self._models, self._uri, self._promote = models, uri, promote

    def follow(self) -> None:
        """Look once; the first look of all only remembers.

        Raises
        ------
        TrackingError
            MLflow does not answer.
        ShelfError, EncoderMismatchError, RehearsalError
            The version is not on the shelf or cannot serve; the next look tries again.
        AliasMemoryError
            What was seen cannot be kept.
        """
        if (version := aliased(self._uri, _ALIAS)) is None:
            return
        self._models.mkdir(parents=True, exist_ok=True)
        with FileLock(self._models / ".mlflow.lock"):
            seen = self._seen()
            if version == seen:
                return
            if seen is not None:
                self._promote(version)
                _log.info("followed mlflow version=%s", version)
            self._remember(version)

    def _seen(self) -> str | None:
        memory = self._models / _SEEN
        try:
            return str(json.loads(memory.read_text("utf-8"))["seen"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AliasMemoryError(memory, "cannot be read") from error

    def _remember(self, version: str) -> None:
        memory = self._models / _SEEN
        staged = self._models / f".{_SEEN}-{os.getpid()}"
        try:
            staged.write_text(json.dumps({"seen": version}), "utf-8")
            staged.replace(memory)
        except OSError as error:
            raise AliasMemoryError(memory, f"cannot be written ({error.strerror})") from error
