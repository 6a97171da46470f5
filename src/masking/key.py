"""The key that makes placeholders, kept in a file of its own."""

import os
import secrets
from pathlib import Path
from typing import Final

_N_BYTES: Final = 32


class MaskingKeyError(RuntimeError):
    """The key cannot be read or made."""

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__(
            f"the masking key {file} {fault}; put it back from a backup, name another file with STELLWERK_MASKING_KEY, "
            "or delete it and index and train anew"
        )


def read_or_make(file: Path) -> bytes:
    """The key in ``file``; where there is none, a new one that only its owner can read.

    Raises
    ------
    MaskingKeyError
        The file cannot be read or written, or holds no key.
    """
    try:
        if not file.exists():
            _make(file)
        key = bytes.fromhex(file.read_text("ascii").strip())
    except OSError as error:
        raise MaskingKeyError(file, f"cannot be used ({error.strerror})") from error
    except ValueError as error:
        raise MaskingKeyError(file, "holds no key") from error
    if len(key) < _N_BYTES:
        raise MaskingKeyError(file, "holds no key")
    return key


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as target:
            target.write(secrets.token_hex(_N_BYTES))
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(draft, file)  # of several that make one at the same time, the first one's is everybody's
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
