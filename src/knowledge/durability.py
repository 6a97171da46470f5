"""What survives a power cut: writes flushed to disk, and a commit torn in the middle moved away."""

import ctypes
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)

_MANIFEST_END = b"LANC"


def flush(folder: Path) -> None:
    """Return once all that was written to the file system of ``folder`` is on disk; LanceDB never flushes.

    Raises
    ------
    OSError
        The disk did not confirm it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(handle):
            raise OSError(ctypes.get_errno(), "the disk did not confirm the write", str(folder))
    finally:
        os.close(handle)


def heal(table: Path) -> None:
    """Move away the newest manifests that a power cut left torn, so that the commit before them opens."""
    for manifest in sorted((table / "_versions").glob("*.manifest"), key=_version, reverse=True):
        if manifest.read_bytes()[-len(_MANIFEST_END) :] == _MANIFEST_END:
            return
        manifest.rename(manifest.with_suffix(".torn"))
        _log.warning("moved a torn commit away", extra={"manifest": manifest.name})


def _version(manifest: Path) -> int:
    """The version a manifest holds; names written today count down from the largest 64-bit number."""
    number = int(manifest.stem) if manifest.stem.isdecimal() else 0
    return 2**64 - 1 - number if number > 2**63 else number


def first_line(error: Exception) -> str:
    """The beginning of what a library says went wrong, or the error's name where it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
