"""The files articles come in, each reduced to Markdown and what the file says about itself."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from knowledge.page import FormatError, Page

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


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
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415

    class PlainYaml(YAMLHandler):
        """YAML read by Python alone: the reader in C takes the process down where it is nested too deep."""

        def load(self, fm: str, **_: object) -> Any:
            return yaml.load(fm, Loader=yaml.SafeLoader)

    text, plain_yaml = decode(content), PlainYaml()
    try:
        facts, body = frontmatter.parse(text, handler=plain_yaml if plain_yaml.detect(text) else None)
        known = {str(name): _plain(value) for name, value in facts.items() if _is_plain(value)}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise FormatError("its front matter is not YAML", "mend the lines between the two ---") from error
    return Page(markdown=body, title=known.get("title"), facts=known, metadata=facts)


def _html(content: bytes) -> Page:
    from knowledge.web_page import read_web_page  # noqa: PLC0415 - slow to import

    return read_web_page(decode(content))


def _plain_text(content: bytes) -> Page:
    return Page(markdown=decode(content))


def _docx(content: bytes) -> Page:
    from knowledge.word_document import read_word_document  # noqa: PLC0415 - slow to import

    return Page(markdown=read_word_document(content))


def _pdf(content: bytes) -> Page:
    from knowledge.pdf_document import read_pdf_document  # noqa: PLC0415 - slow to import

    return read_pdf_document(content)


def _is_plain(value: object) -> bool:
    # Lists are metadata alone: a few lines of YAML name lists of lists that would fill the memory when written out.
    return isinstance(value, str | int | float | dt.date)


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
