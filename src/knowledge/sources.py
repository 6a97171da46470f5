"""Articles read from files and folders; what cannot be read is reported and the rest goes on."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.article import Article
from knowledge.formats import SUFFIXES, FormatError, decode, read_page
from knowledge.passages import first_heading

_LARGEST_FILE = 50_000_000
_FIELDS = ("id", "title", "body", "url", "language", "product", "updated_at", "version")
_TICKET_FIELDS = frozenset({"subject", "level", "category", "resolution", "channel", "closed_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableSource:
    """A file, or one line of it, that gave no article: what is wrong and what to do."""

    file: Path
    line: int | None
    reason: str
    cure: str


Report = Callable[[UnreadableSource], None]


def read_articles(paths: Iterable[Path], *, report: Report) -> Iterator[Article]:
    """The articles in files and in folders with all below them, in the order of their paths.

    An article's id is the one it states, or else its path below the folder that was named. Hidden files are
    passed over; every other file that gives no article is told to ``report``.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                below = file.relative_to(path)
                if file.is_file() and not any(part.startswith(".") for part in below.parts):
                    yield from _read(file, below.as_posix(), report)
        else:
            yield from _read(path, path.name, report)


def looks_like_articles(path: Path) -> bool:
    """Whether ``path`` holds articles, not tickets: a folder, a document, or JSON Lines of articles."""
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        return True
    if path.suffix.lower() != ".jsonl":
        return False
    try:
        with path.open("rb") as file:
            first = next((line for line in file if line.strip()), b"")
        entry = json.loads(decode(first))
    except (OSError, ValueError):
        return False
    return isinstance(entry, dict) and {"title", "body"} <= entry.keys() and not _TICKET_FIELDS & entry.keys()


def _read(file: Path, default_id: str, report: Report) -> Iterator[Article]:
    try:
        if file.suffix.lower() == ".jsonl":
            yield from _read_lines(file, report)
        else:
            yield _page_article(file, default_id)
    except OSError as error:
        cure = "check the path and the right to read it"
        report(UnreadableSource(file=file, line=None, reason=error.strerror or "it cannot be read", cure=cure))
    except FormatError as error:
        report(UnreadableSource(file=file, line=None, reason=error.reason, cure=error.cure))


def _page_article(file: Path, default_id: str) -> Article:
    if file.stat().st_size > _LARGEST_FILE:
        raise FormatError("it is larger than 50 MB", "split it into articles")
    page = read_page(file.suffix, file.read_bytes())
    facts = page.facts
    return Article(
        id=facts.get("id", "").strip() or default_id,
        title=(page.title or first_heading(page.markdown) or file.stem).strip(),
        body=page.markdown.strip(),
        url=facts.get("url"),
        language=facts.get("language") or facts.get("lang"),
        product=facts.get("product"),
        updated_at=_time(facts.get("updated_at") or facts.get("date")),
        version=facts.get("version"),
    )


def _read_lines(file: Path, report: Report) -> Iterator[Article]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield _line_article(line)
            except FormatError as error:
                report(UnreadableSource(file=file, line=number, reason=error.reason, cure=error.cure))


def _line_article(line: bytes) -> Article:
    try:
        entry = json.loads(decode(line))
    except ValueError as error:
        raise FormatError("it is not JSON", "write one JSON object a line, in UTF-8") from error
    if not isinstance(entry, dict):
        raise FormatError("it is not a JSON object", 'write {"id": ..., "title": ..., "body": ...}')
    if "body" not in entry or ("title" not in entry and _TICKET_FIELDS & entry.keys()):
        raise FormatError("it is no article", "name a file of tickets by itself, so that it is read as history")
    facts = {name: _string(entry, name) for name in _FIELDS}
    if not facts["id"].strip():
        raise FormatError("its article has no id", 'add "id"')
    if not (facts["title"] + facts["body"]).strip():
        raise FormatError("its article has no words", 'add "title" and "body"')
    return Article(
        id=facts["id"].strip(),
        title=facts["title"].strip() or first_heading(facts["body"]) or facts["id"],
        body=facts["body"],
        url=facts["url"] or None,
        language=facts["language"] or None,
        product=facts["product"] or None,
        updated_at=_time(facts["updated_at"]),
        version=facts["version"] or None,
    )


def _string(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise FormatError(f'its "{name}" is not text', "write it as a string")
    return str(value)


def _time(words: str | None) -> datetime | None:
    """An ISO 8601 time, in UTC where it names no zone; None where it is none, for nothing hangs on it."""
    try:
        time = datetime.fromisoformat(words or "")
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
