"""A model folder that says what it holds: every file with its digest, checked before a byte of it is used."""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

_SEAL: Final = "digests.json"


class EncoderFolderError(RuntimeError):
    """An encoder's folder is missing, damaged or incomplete."""

    def __init__(self, folder: Path, fault: str, cure: str) -> None:
        super().__init__(f"encoder {folder} {fault}; {cure}")
        self.folder = folder


def seal(folder: Path) -> None:
    """Write down the SHA-256 digest of every file in ``folder``; to be done last."""
    digests = {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    (folder / _SEAL).write_text(json.dumps(digests, indent=1))


def verify(folder: Path, *, only: Collection[str] | None = None) -> None:
    """Check the files of a sealed folder (or ``only`` the named ones) against their digests.

    Raises
    ------
    EncoderFolderError
        A file is missing or differs from what was sealed.
    """
    cure = f"delete the folder; the next start builds it anew (rm -r {folder})"
    try:
        digests = dict(json.loads((folder / _SEAL).read_text()).items())
    except (OSError, ValueError, AttributeError) as error:
        raise EncoderFolderError(folder, "is incomplete (its digests cannot be read)", cure) from error
    for name in digests if only is None else only:
        path = folder / name
        if not path.is_file():
            raise EncoderFolderError(folder, f"lacks {name}", cure)
        if _digest(path) != digests.get(name):
            raise EncoderFolderError(folder, f"is damaged ({name} differs from its digest)", cure)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
