"""One file that holds many, with a manifest of their checksums; it appears whole, and is checked before it is used."""

import hashlib
import json
import os
import shutil
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from desk.errors import DeskError

_MANIFEST, _FORMAT = "manifest.json", 1
_CHUNK = 1 << 20


class BackupExistsError(DeskError):
    """A backup would replace a file that is there."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is there already; name another file, or replace it with --force")


class DamagedBackupError(DeskError):
    """A file is no backup, or not all of it is as it was written; nothing was replaced."""

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__(f"backup {file} {fault}; nothing was replaced: take another backup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file's size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup says about itself: free ``facts``, and each file by its name."""

    facts: Mapping[str, Any]
    files: Mapping[str, Entry]


def write_archive(file: Path, members: Iterable[tuple[str, Path]], *, facts: Mapping[str, Any]) -> Contents:
    """Put files under their names into a new archive at ``file``, which appears when it is whole and on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("xb") as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                contents = Contents(
                    facts=dict(facts), files={name: _add(archive, name, path) for name, path in members}
                )
                archive.writestr(_MANIFEST, json.dumps({"format": _FORMAT, **asdict(contents)}, indent=1))
            target.flush()
            os.fsync(target.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def read_contents(file: Path) -> Contents:
    """What a backup says about itself.

    Raises
    ------
    DamagedBackupError
        It is no backup.
    """
    with _opened(file) as archive:
        try:
            told = json.loads(archive.read(_MANIFEST))
            if told["format"] != _FORMAT:
                raise DamagedBackupError(file, f"has format {told['format']}, this Stellwerk knows {_FORMAT}")
            files = {name: Entry(**entry) for name, entry in told["files"].items()}
            if unsafe := [name for name in files if not _stays_below(name)]:
                raise DamagedBackupError(file, f"names a file outside of itself: {unsafe[0]}")
            return Contents(facts=told["facts"], files=files)
        except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
            raise DamagedBackupError(file, "has no readable manifest") from error


def extract(file: Path, contents: Contents, targets: Mapping[str, Path]) -> None:
    """Write files to where each belongs, and check every one that the manifest names, also those not wanted.

    Raises
    ------
    DamagedBackupError
        A file is missing or differs from its checksum, or there is one that the manifest does not name.
    """
    with _opened(file) as archive:
        if strangers := set(archive.namelist()) ^ {*contents.files, _MANIFEST}:
            raise DamagedBackupError(file, f"lacks or has too much: {min(strangers)}")
        for name, entry in contents.files.items():
            found = _copy(archive, file, name, targets.get(name))
            if found != entry:
                raise DamagedBackupError(file, f"is damaged ({name} differs from its checksum)")


def files_below(folder: Path, name: str) -> list[tuple[str, Path]]:
    """All files in a folder and below, each named by its path below ``name``."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [(str(PurePosixPath(name, path.relative_to(folder).as_posix())), path) for path in files]


def _stays_below(name: str) -> bool:
    return all(part not in {"", ".", ".."} for part in name.split("/")) and "\\" not in name


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Entry:
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        return _hashed(source, target)


def _copy(archive: zipfile.ZipFile, file: Path, name: str, target: Path | None) -> Entry:
    try:
        with archive.open(name) as source:
            if target is None:
                return _hashed(source, None)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as written:
                entry = _hashed(source, written)
                written.flush()
                os.fsync(written.fileno())
            return entry
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedBackupError(file, f"is damaged ({name} cannot be read)") from error


def _hashed(source: IO[bytes], target: IO[bytes] | None) -> Entry:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Entry(size=size, sha256=digest.hexdigest())


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise DamagedBackupError(file, "is no backup, or was cut short") from error


def remove_tree(path: Path) -> None:
    """Delete a file or a folder that may be there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
