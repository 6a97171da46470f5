"""Everything a desk would miss, put into one file and taken back from it: journal, knowledge base, models."""

import logging
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from desk.answers import BackupAnswer
from desk.archive import (
    BackupExistsError,
    Contents,
    extract,
    files_below,
    read_contents,
    remove_tree,
    write_archive,
)
from desk.errors import DeskError
from desk.settings import Settings
from desk.trail import acting_alone
from journal import Journal, JournalError
from knowledge import folder_of, has_knowledge, put_in_place, snapshot

log = logging.getLogger(__name__)
_JOURNAL, _KNOWLEDGE, _MODELS = "journal.db", "knowledge", "models"
_RESTORING = ".restoring-"
_CHAMPION, _MODEL = "champion.json", "manifest.json"


class NothingToBackUpError(DeskError):
    """There is nothing that could be lost."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"there is no model in {settings.models}, no knowledge base in {settings.knowledge} and no journal; "
            "start where they are, or name them"
        )


class OccupiedError(DeskError):
    """A restore would replace what is there."""

    def __init__(self, places: list[str]) -> None:
        super().__init__(f"there is something already in {', '.join(places)}; replace it with --force")


def back_up(settings: Settings, file: Path, *, journal: bool = True, force: bool = False) -> BackupAnswer:
    """Write a backup of the moment it begins, while others read and write.

    Parameters
    ----------
    journal : bool
        Whether the journal is part of it.
    force : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    BackupExistsError, NothingToBackUpError, JournalError, KnowledgeError, OSError
        Nothing was written.
    """
    if file.exists() and not force:
        raise BackupExistsError(file)
    with tempfile.TemporaryDirectory(prefix="stellwerk-backup-", dir=_existing(file.parent)) as staging:
        copy = Path(staging) / _JOURNAL

        def copy_journal() -> None:
            if journal and Journal.exists(settings.journal):
                Journal.file(settings.journal)  # of another database the cure is told before it is asked
                with Journal.open(settings.journal) as opened:
                    opened.copy_to(copy)

        with snapshot(settings.knowledge, meanwhile=copy_journal) as folder:
            members = [(_JOURNAL, copy)] if copy.exists() else []
            members += files_below(folder, _KNOWLEDGE) if folder is not None else []
            members += _models(settings.models)
            if not members:
                raise NothingToBackUpError(settings)
            facts = {"made_at": datetime.now(UTC).isoformat(), "stellwerk": _version()}
            contents = write_archive(file, members, facts=facts)
    return _answer(file, contents)


def restore(settings: Settings, file: Path, *, journal: bool = True, force: bool = False) -> BackupAnswer:
    """Put a backup in place, once all of it was checked; what the backup lacks is left as it is.

    Each part is replaced at once and whole, the champion last. A service that runs goes on with what was restored.

    Raises
    ------
    DamagedBackupError, OccupiedError, JournalError, KnowledgeError, OSError
        Nothing was replaced, or, where a disk failed half way, run it again with ``force``.
    """
    contents = read_contents(file)
    parts = _parts_of(contents, journal=journal)
    if (occupied := _occupied(settings, parts)) and not force:
        raise OccupiedError(occupied)
    with _staged(settings, parts) as places:
        targets = {name: target for name in contents.files if (target := _target(name, parts, places)) is not None}
        extract(file, contents, targets)
        _put_in_place(settings, parts, places)
    _keep_in_trail(settings, file)
    return _answer(file, contents)


def _keep_in_trail(settings: Settings, file: Path) -> None:
    """Keep the restore in the journal that is there now; a journal that is away does not undo what was restored."""
    try:
        with acting_alone(settings, "restore", file.name):
            pass
    except JournalError as error:
        log.warning("restore not kept in the audit trail error=%s", type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each part waits until all is checked, on the file system it belongs to."""

    journal: Path
    knowledge: Path
    models: Path


def _put_in_place(settings: Settings, parts: frozenset[str], places: _Places) -> None:
    if _JOURNAL in parts:
        Journal.open(f"sqlite:///{places.journal}").close()  # of this version, or refused before anything is replaced
    if _MODELS in parts:
        for model in sorted(path for path in places.models.iterdir() if path.is_dir()):
            _exchange(model, settings.models / model.name)
    if _JOURNAL in parts:
        Journal.replace(settings.journal, places.journal)
        with Journal.open(settings.journal) as journal:
            journal.documents.home = str(folder_of(settings.knowledge).path.absolute())
    if _KNOWLEDGE in parts:
        put_in_place(settings.knowledge, places.knowledge)
    if (champion := places.models / _CHAMPION).exists():
        champion.replace(settings.models / _CHAMPION)


def _exchange(new: Path, old: Path) -> None:
    """Put a folder where another may be."""
    if not old.exists():
        new.rename(old)
        return
    aside = old.with_name(f".replaced-{uuid.uuid4().hex[:8]}")
    old.rename(aside)
    new.rename(old)
    remove_tree(aside)


@contextmanager
def _staged(settings: Settings, parts: frozenset[str]) -> Iterator[_Places]:
    name = f"{_RESTORING}{uuid.uuid4().hex[:8]}"
    file = Journal.file(settings.journal) if _JOURNAL in parts else None
    knowledge = folder_of(settings.knowledge).path
    places = _Places(
        journal=(file.parent if file is not None else knowledge) / f"{name}.db",
        knowledge=knowledge / name,
        models=settings.models / name,
    )
    for broken_off in (one for place in (places.journal, places.knowledge, places.models) for one in _beside(place)):
        remove_tree(broken_off)
    try:
        for part, folder in ((_KNOWLEDGE, places.knowledge), (_MODELS, places.models)):
            if part in parts:
                folder.mkdir(parents=True)
        yield places
    finally:
        for left in (places.knowledge, places.models, *places.journal.parent.glob(f"{name}.db*")):
            remove_tree(left)


def _beside(place: Path) -> Iterator[Path]:
    """What restores that never ended left where this one will work."""
    return place.parent.glob(f"{_RESTORING}*")


def _target(name: str, parts: frozenset[str], places: _Places) -> Path | None:
    part, _, below = name.partition("/")
    if part not in parts:
        return None
    return {_JOURNAL: places.journal, _KNOWLEDGE: places.knowledge / below, _MODELS: places.models / below}[part]


def _parts_of(contents: Contents, *, journal: bool) -> frozenset[str]:
    parts = {name.partition("/")[0] for name in contents.files}
    return frozenset(parts if journal else parts - {_JOURNAL})


def _occupied(settings: Settings, parts: frozenset[str]) -> list[str]:
    found = []
    if _JOURNAL in parts and (file := Journal.file(settings.journal)).exists():
        found.append(str(file))
    if _KNOWLEDGE in parts and has_knowledge(settings.knowledge):
        found.append(str(settings.knowledge))
    if _MODELS in parts and _models(settings.models):
        found.append(str(settings.models))
    return found


def _models(shelf: Path) -> list[tuple[str, Path]]:
    """The models and which is champion; not the encoder, which is made anew, nor what is being saved."""
    folders = sorted(path.parent for path in shelf.glob(f"*/{_MODEL}") if not path.parent.name.startswith("."))
    files = [one for folder in folders for one in files_below(folder, f"{_MODELS}/{folder.name}")]
    champion = shelf / _CHAMPION
    return files + ([(f"{_MODELS}/{_CHAMPION}", champion)] if champion.exists() else [])


def _answer(file: Path, contents: Contents) -> BackupAnswer:
    parts = [
        part for part in (_JOURNAL, _KNOWLEDGE, _MODELS) if any(n.partition("/")[0] == part for n in contents.files)
    ]
    return BackupAnswer(
        file=str(file),
        made_at=datetime.fromisoformat(str(contents.facts["made_at"])),
        parts=[part.removesuffix(".db") for part in parts],
        n_files=len(contents.files),
        n_bytes=sum(entry.size for entry in contents.files.values()),
    )


def _existing(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _version() -> str | None:
    try:
        return version("stellwerk")
    except PackageNotFoundError:
        return None
