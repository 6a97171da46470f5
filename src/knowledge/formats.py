"""The files articles come in, each reduced to Markdown and what the file says about itself."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from text import html_to_text

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_DOCUMENT_XML = 50_000_000
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_NOT_CONTENT = re.compile(
    r"<(script|style|head|nav|template|noscript)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class FormatError(ValueError):
    """A file is not what its name says."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(f"{reason}; {cure}")
        self.reason, self.cure = reason, cure


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file's content as Markdown, its title where the format has one, its front matter as text and as it stands."""

    markdown: str
    title: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)


def read_page(suffix: str, content: bytes) -> Page:
    """The page in a file's bytes, read as files with this suffix are.

    Raises
    ------
    FormatError
        The suffix is unknown, or the bytes are damaged or hold no text.
    """
    if (read := _READERS.get(suffix.lower())) is None:
        raise FormatError(f"files ending in {suffix or 'nothing'} are not read", f"use {', '.join(SUFFIXES)} or .jsonl")
    page = read(content)
    if not page.markdown.strip():
        raise FormatError("it holds no text", "give it some, or leave it out")
    return page


def decode(content: bytes) -> str:
    """The text in ``content``: UTF-8, UTF-16 with its mark, or else Windows-1252.

    Raises
    ------
    FormatError
        It is none of these.
    """
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FormatError("it is not text", "save it as UTF-8 text")


def _markdown(content: bytes) -> Page:
    import frontmatter  # noqa: PLC0415 - brings in YAML
    import yaml  # noqa: PLC0415

    text = decode(content)
    try:
        facts, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise FormatError("its front matter is not YAML", "mend the lines between the two ---") from error
    known = {str(name): _plain(value) for name, value in facts.items() if value is not None}
    return Page(markdown=body, title=known.get("title"), facts=known, metadata=facts)


def _html(content: bytes) -> Page:
    from markdownify import markdownify  # noqa: PLC0415 - slow to import

    source = decode(content)
    title = _TITLE.search(source)
    try:
        markdown = markdownify(_NOT_CONTENT.sub("", source), heading_style="ATX")
    except RecursionError as error:
        raise FormatError("its markup is nested too deep", "save it as text or Markdown") from error
    return Page(markdown=markdown, title=html_to_text(title.group(1)).strip() or None if title else None)


def _plain_text(content: bytes) -> Page:
    return Page(markdown=decode(content))


def _docx(content: bytes) -> Page:
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("word/document.xml").file_size > _LONGEST_DOCUMENT_XML:
                raise FormatError("its text is larger than 50 MB", "split it")
            source = archive.read("word/document.xml")
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise FormatError("it is not a Word document", "save it as .docx again") from error
    return Page(markdown="\n\n".join(filter(None, map(_docx_block, root.iterfind(f"{_WORD}body/*")))))


def _docx_block(block: Any) -> str:
    if block.tag == f"{_WORD}tbl":
        rows = (
            " | ".join(_docx_words(cell) for cell in row.iterfind(f"{_WORD}tc")) for row in block.iter(f"{_WORD}tr")
        )
        return "\n".join(rows)
    words = _docx_words(block)
    style = block.find(f"{_WORD}pPr/{_WORD}pStyle")
    name = "" if style is None else style.get(f"{_WORD}val", "")
    if heading := re.fullmatch(r"(?:Heading|berschrift|Überschrift)(\d)", name):
        return f"{'#' * min(6, int(heading.group(1)))} {words}"
    return f"# {words}" if name in {"Title", "Titel"} else words


def _docx_words(element: Any) -> str:
    pieces = element.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br")
    return "".join(one.text or "" if one.tag == f"{_WORD}t" else " " for one in pieces).strip()


def _pdf(content: bytes) -> Page:
    from pypdf import PdfReader  # noqa: PLC0415 - slow to import
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content))
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title if reader.metadata is not None else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FormatError(
            "its text cannot be read", "save it as a PDF again, without a password, or as text"
        ) from error
    if not text.strip():
        raise FormatError("it holds pictures of text only", "run text recognition over it, or save it as text")
    return Page(markdown=text, title=title.strip() or None if title else None)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_READERS: dict[str, Callable[[bytes], Page]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".txt": _plain_text,
    ".docx": _docx,
    ".pdf": _pdf,
}

SUFFIXES = tuple(_READERS)
"""The endings of files that hold one article each."""
