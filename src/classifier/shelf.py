"""Models on disk: one folder each, checked before anything is unpickled, and a pointer to the champion."""

import hashlib
import json
import logging
import os
import pickle
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
import sklearn
from filelock import FileLock

from classifier.model import DeskModel
from classifier.training import Trained

log = logging.getLogger(__name__)

_FORMAT: Final = 10
_MANIFEST: Final = "manifest.json"
_MODEL: Final = "classifier.joblib"
_POINTER: Final = "champion.json"


class ShelfError(RuntimeError):
    """A model cannot be saved or used."""


class NoChampionError(ShelfError):
    """No model has been promoted yet."""

    def __init__(self, shelf: Path) -> None:
        super().__init__(f"no model has been promoted in {shelf}; run `stellwerk train HISTORY --promote`")


class UnknownVersionError(ShelfError):
    """There is no such model on the shelf."""

    def __init__(self, shelf: Path, version: str) -> None:
        super().__init__(f"there is no model {version!r} in {shelf}; `stellwerk models` lists them")


class DamagedModelError(ShelfError):
    """A model's files are not what was saved; nothing of them was loaded."""

    def __init__(self, folder: Path, fault: str) -> None:
        super().__init__(
            f"model {folder} {fault}; nothing was loaded: restore it from a backup, `stellwerk rollback`, or train anew"
        )


class ForeignModelError(ShelfError):
    """A model was made by other versions of the software that reads it."""

    def __init__(self, folder: Path, what: str, made_with: str, here: str) -> None:
        super().__init__(
            f"model {folder} was made with {what} {made_with}, here is {here}; "
            "train anew with `stellwerk train`, or go back to the software that made it"
        )


class NothingToRollBackError(ShelfError):
    """There is no earlier champion."""

    def __init__(self, shelf: Path) -> None:
        super().__init__(f"there is no earlier champion in {shelf}; promote a version by name instead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of a saved model without unpickling it."""

    version: str
    trained_at: datetime
    plan: dict[str, Any]
    report: dict[str, Any]
    n_tickets: int
    data_fingerprint: str
    encoder: str | None
    warnings: tuple[str, ...]
    software: dict[str, str]
    digests: dict[str, str]
    format: int = _FORMAT
    reference: dict[str, Any] | None = None
    """How the tickets it learned from part (`drift.Reference`); None in models made before that was kept."""

    @property
    def macro_f1(self) -> dict[str, float]:
        """Macro-averaged F1 per target, as measured on tickets that had not been learned from."""
        return {name: target["macro_f1"] for name, target in self.report["targets"].items()}


@dataclass(frozen=True, slots=True)
class ModelShelf:
    """The folder that keeps a desk's models."""

    path: Path

    def save(self, trained: Trained, *, n_tickets: int, data_fingerprint: str) -> Manifest:
        """Keep a new model; either all of it stands on the shelf afterwards, or nothing.

        Raises
        ------
        ShelfError
            The disk is full or cannot be written; models saved before are untouched.
        """
        now = datetime.now(UTC)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            staging = Path(tempfile.mkdtemp(prefix=".saving-", dir=self.path))
            try:
                joblib.dump(trained.model, staging / _MODEL)  # not compressed: opening it is what one waits for
                digest = _digest(staging / _MODEL)
                manifest = Manifest(
                    version=f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}",
                    trained_at=now,
                    plan=trained.model.plan.as_record(),
                    report=asdict(trained.report),
                    n_tickets=n_tickets,
                    data_fingerprint=data_fingerprint,
                    encoder=trained.model.encoder_name,
                    warnings=trained.warnings,
                    software=_software(),
                    digests={_MODEL: digest},
                    reference=asdict(trained.reference),
                )
                _write_synced(staging / _MANIFEST, json.dumps(asdict(manifest), default=str, indent=1))
                staging.chmod(0o755)
                staging.rename(self.path / manifest.version)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        except OSError as error:
            raise ShelfError(
                f"the model cannot be saved in {self.path} ({error.strerror}); free space or mend the permissions and "
                "train again; models saved before are untouched"
            ) from error
        return manifest

    def load(self, version: str | None = None) -> tuple[Manifest, DeskModel]:
        """The champion, or the model of that version or in that folder.

        Raises
        ------
        NoChampionError, UnknownVersionError
            There is no such model.
        DamagedModelError, ForeignModelError
            The model is not what was saved, or not for this software. Nothing is unpickled that was not saved here.
        """
        folder = self._folder(version or self._required_champion())
        manifest = _manifest(folder)
        for what, made_with in manifest.software.items():
            if (here := _software().get(what)) != made_with:
                raise ForeignModelError(folder, what, made_with, str(here))
        for name, digest in manifest.digests.items():
            if not (folder / name).is_file():
                raise DamagedModelError(folder, f"lacks {name}")
            if _digest(folder / name) != digest:
                raise DamagedModelError(folder, f"is damaged ({name} differs from its digest)")
        try:
            return manifest, joblib.load(folder / _MODEL)
        except (AttributeError, ImportError, TypeError, ValueError, EOFError, pickle.UnpicklingError) as error:
            raise DamagedModelError(folder, f"cannot be read by the software installed here ({error})") from error

    def manifest(self, version: str) -> Manifest:
        """What is known of one model on this shelf; that it can serve, only `load` tells."""
        return _manifest(self._shelved(version))

    def manifests(self) -> list[Manifest]:
        """All readable models, newest first; a damaged one is left out with a warning, and refused by `load`."""
        found = []
        for folder in self.path.glob("*/"):
            if (folder / _MANIFEST).is_file():
                try:
                    found.append(_manifest(folder))
                except ShelfError as error:
                    log.warning("model left out: %s", error)
        return sorted(found, key=lambda manifest: manifest.trained_at, reverse=True)

    @property
    def champion(self) -> str | None:
        """The version that serves; None before the first promotion."""
        past = self._past_champions()
        return past[-1] if past else None

    @property
    def previous_champion(self) -> str | None:
        """The version that `rollback` returns to; None where there was only one."""
        past = self._past_champions()
        return past[-2] if len(past) > 1 else None

    def promote(self, version: str) -> Manifest:
        """Make a model the champion, after loading it once to see that it can serve."""
        self._shelved(version)  # a folder elsewhere can be tried, but not serve
        with self._writing():
            manifest, _ = self.load(version)
            past = self._past_champions()
            if not past or past[-1] != manifest.version:
                self._point([*past, manifest.version])
        return manifest

    def rollback(self) -> Manifest:
        """Make the champion before this one champion again."""
        with self._writing():
            past = self._past_champions()
            if len(past) < 2:
                raise NothingToRollBackError(self.path)
            manifest, _ = self.load(past[-2])
            self._point(past[:-1])
        return manifest

    def _required_champion(self) -> str:
        if (champion := self.champion) is None:
            raise NoChampionError(self.path)
        return champion

    def _folder(self, version: str) -> Path:
        try:
            return self._shelved(version)
        except UnknownVersionError:
            if (Path(version) / _MANIFEST).is_file():
                return Path(version)
            raise

    def _shelved(self, version: str) -> Path:
        named = self.path / version
        if version in {"", ".", ".."} or Path(version).name != version or not (named / _MANIFEST).is_file():
            raise UnknownVersionError(self.path, version)
        return named

    def _past_champions(self) -> list[str]:
        try:
            return [str(version) for version in json.loads((self.path / _POINTER).read_text("utf-8"))["champions"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ShelfError(
                f"{self.path / _POINTER} cannot be read; delete it and promote a version that `stellwerk models` lists"
            ) from error

    def _point(self, champions: list[str]) -> None:
        staged = self.path / f".{_POINTER}-{os.getpid()}"
        try:
            _write_synced(staged, json.dumps({"champions": champions}))
            staged.replace(self.path / _POINTER)
        except OSError as error:
            staged.unlink(missing_ok=True)
            raise ShelfError(
                f"the champion cannot be changed in {self.path} ({error.strerror}); the old one stays"
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.path.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path / ".lock"):
            yield


def _manifest(folder: Path) -> Manifest:
    try:
        record = json.loads((folder / _MANIFEST).read_text("utf-8"))
        if record["format"] != _FORMAT:
            raise ForeignModelError(folder, "model format", str(record["format"]), str(_FORMAT))
        record["trained_at"] = datetime.fromisoformat(record["trained_at"])
        record["warnings"] = tuple(record["warnings"])
        tables = [dict(record[name].items()) for name in ("plan", "report", "software", "digests")]
        _ = tables[-1][_MODEL]  # what has no digest is not unpickled
        return Manifest(**record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedModelError(folder, "has no readable manifest") from error


def _software() -> dict[str, str]:
    return {
        "stellwerk": version("stellwerk"),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__.split(".")[0],
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
