"""Articles read from files and folders; what cannot be read is reported and the rest goes on."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.article import Article
from knowledge.conditions import metadata_of
from knowledge.folder import Folder, list_folder
from knowledge.formats import SUFFIXES, decode, read_page
from knowledge.page import FormatError
from knowledge.passages import first_heading
from knowledge.sitemap import Address, addresses_in

_LARGEST_FILE = 50_000_000
_FIELDS = ("id", "title", "body", "url", "language", "product", "updated_at", "version", "customer")
_NAMED = frozenset({*_FIELDS, "lang", "date"})
_TICKET_FIELDS = frozenset({"subject", "level", "category", "resolution", "channel", "closed_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableSource:
    """A file, one line of it, or a folder, that gave no article: what is wrong and what to do."""

    file: Path
    line: int | None
    reason: str
    cure: str


Report = Callable[[UnreadableSource], None]


def read_articles(paths: Iterable[Path], *, report: Report) -> Iterator[Article]:
    """The articles in files and in folders with all below them, in the order of their paths; see `read_source`."""
    for path in paths:
        yield from (article for article, _ in read_source(path, report=report))


def read_source(
    path: Path, *, report: Report, passed_over: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[Article, Path]]:
    """The articles in a file, or in a folder with all below it, each with its file, in the order of their paths.

    An article's id is the one it states, or else its path below the folder that was named; its address the one it
    states, or else that of the sitemap saved beside it. Hidden files and those that a ``.gitignore`` ignores are left
    out; what is no document (pictures, code, configuration) is ``passed_over`` by number. Every file that should give
    an article and does not, and every folder that cannot be listed, is told to ``report``.
    """
    if not path.is_dir():
        yield from ((article, path) for article in _read(path, path.name, None, report))
        return
    folder = list_folder(path)
    for place, error in folder.faults:
        report(_out_of_reach(place, error))
    if folder.n_others:
        passed_over(folder.n_others)
    addresses = _addresses(folder, report)
    for file in folder.documents:
        for article in _read(file, file.relative_to(path).as_posix(), addresses.get(file), report):
            yield article, file


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
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and {"title", "body"} <= entry.keys() and not _TICKET_FIELDS & entry.keys()


def _addresses(folder: Folder, report: Report) -> dict[Path, Address]:
    """The addresses that sitemaps give to pages; a sitemap further in knows its pages better."""
    addresses: dict[Path, Address] = {}
    for sitemap in sorted(folder.sitemaps, key=lambda file: len(file.parts)):
        try:
            addresses |= addresses_in(sitemap, folder.documents)
        except OSError as error:
            report(_out_of_reach(sitemap, error))
        except FormatError as error:
            report(UnreadableSource(file=sitemap, line=None, reason=error.reason, cure=error.cure))
    return addresses


def _read(file: Path, default_id: str, address: Address | None, report: Report) -> Iterator[Article]:
    try:
        if file.suffix.lower() == ".jsonl":
            yield from _read_lines(file, report)
        else:
            yield _page_article(file, default_id, address)
    except OSError as error:
        report(_out_of_reach(file, error))
    except FormatError as error:
        report(UnreadableSource(file=file, line=None, reason=error.reason, cure=error.cure))


def _out_of_reach(place: Path, error: OSError) -> UnreadableSource:
    cure = "check the path and the right to read it"
    return UnreadableSource(file=place, line=None, reason=error.strerror or "it cannot be read", cure=cure)


def _page_article(file: Path, default_id: str, address: Address | None) -> Article:
    if file.stat().st_size > _LARGEST_FILE:
        raise FormatError("it is larger than 50 MB", "split it into articles")
    page = read_page(file.suffix, file.read_bytes())
    facts = page.facts
    return Article(
        id=facts.get("id", "").strip() or default_id,
        title=(page.title or first_heading(page.markdown) or file.stem).strip(),
        body=page.markdown.strip(),
        url=facts.get("url") or (address.url if address else None),
        language=facts.get("language") or facts.get("lang"),
        product=facts.get("product"),
        updated_at=_time(facts.get("updated_at") or facts.get("date") or (address.changed if address else None)),
        metadata=_metadata(page.metadata),
        version=facts.get("version"),
        customer=facts.get("customer", "").strip() or None,
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
    except (ValueError, RecursionError) as error:
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
        metadata=_metadata(entry),
        version=facts["version"] or None,
        customer=facts["customer"].strip() or None,
    )


def _metadata(facts: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a source says about an article beyond what we have a name for."""
    return metadata_of({name: value for name, value in facts.items() if str(name).lower() not in _NAMED})


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
