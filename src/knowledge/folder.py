"""The files in a folder of documentation: a Git checkout, a saved site, or any other folder."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from knowledge.formats import SUFFIXES

READABLE = (*SUFFIXES, ".jsonl")
"""The endings of files that hold articles."""

SITEMAP = "sitemap.xml"

_IGNORE_FILE = ".gitignore"
_Rules = tuple[tuple[Path, GitIgnoreSpec], ...]


@dataclass(slots=True)
class Folder:
    """What lies in a folder and all below it, hidden and ignored files left out; each list is in order."""

    documents: list[Path] = field(default_factory=list)
    sitemaps: list[Path] = field(default_factory=list)
    n_others: int = 0
    """Files that are no documents: pictures, code, configuration."""
    faults: list[tuple[Path, OSError]] = field(default_factory=list)
    """Folders that cannot be listed."""


def list_folder(path: Path) -> Folder:
    """The files below ``path`` but those that a ``.gitignore`` in it, or above it in the same checkout, ignores."""
    folder = Folder()
    try:
        rules = _rules_above(path)
    except OSError as error:
        folder.faults.append((path, error))
        return folder
    for file in _files(path, rules, folder.faults):
        if file.suffix.lower() in READABLE:
            folder.documents.append(file)
        elif file.name == SITEMAP:
            folder.sitemaps.append(file)
        else:
            folder.n_others += 1
    folder.documents.sort()
    folder.sitemaps.sort()
    return folder


def _files(path: Path, rules: _Rules, faults: list[tuple[Path, OSError]]) -> Iterator[Path]:
    try:
        rules = (*rules, *_rules_in(path))
        entries = list(path.iterdir())
    except OSError as error:
        faults.append((path, error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        is_folder = entry.is_dir()
        if _ignored(entry, rules, is_folder=is_folder):
            continue
        if is_folder and not entry.is_symlink():  # a link may lead back up
            yield from _files(entry, rules, faults)
        elif entry.is_file() or (entry.is_symlink() and not is_folder):  # a link to nowhere is told when it is read
            yield entry


def _ignored(path: Path, rules: _Rules, *, is_folder: bool) -> bool:
    """Whether the last rule that speaks of ``path`` ignores it, as Git has it."""
    for folder, spec in reversed(rules):
        name = Path(os.path.relpath(path, folder)).as_posix()
        decided = spec.check_file(f"{name}/" if is_folder else name).include
        if decided is not None:
            return decided
    return False


def _rules_above(path: Path) -> _Rules:
    """The rules of the folders above, outermost first, up to the root of the checkout; none outside of one.

    A folder that is ignored itself, such as a built site, was named on purpose: the rules above do not count for it.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps ".." in it
    folders = [whole, *whole.parents]
    root = next((place for place, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    rules = tuple(rule for folder in reversed(folders[1 : root + 1]) for rule in _rules_in(folder))
    return () if _ignored(whole, rules, is_folder=True) else rules


def _rules_in(folder: Path) -> _Rules:
    try:
        lines = (folder / _IGNORE_FILE).read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, IsADirectoryError):
        return ()
    return ((folder, GitIgnoreSpec.from_lines(lines)),)
