"""HTML reduced to the lines a reader would see."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

_UNSEEN: Final = re.compile("head|script|style|title|template|noscript|object|svg")
_VOID: Final = re.compile("area|base|br|col|hr|img|input|link|meta|wbr")
_BLOCK_NAMES: Final = (
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|"
    "figure|footer|form|"
    "h1|h2|h3|h4|h5|h6|header|hr|html|legend|li|main|nav|ol|p|pre|section|summary|table|"
    "tbody|tfoot|thead|tr|ul"
)
_BLOCK: Final = re.compile(_BLOCK_NAMES)
_PARAGRAPH: Final = re.compile("blockquote|h1|h2|h3|h4|p|pre|table")
_KNOWN: Final = (
    f"{_BLOCK_NAMES}|td|th|a|b|big|code|del|em|font|i|img|ins|kbd|s|samp|small|span|strike|"
    f"strong|sub|sup|tt|u|"
    "br|head|meta|script|style|title"
)
_DEEPEST_QUOTE: Final = 9

_TAG: Final = re.compile(rf"</?(?:{_KNOWN})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<(?:br|p|div|li|tr|h[1-6])(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_START: Final = re.compile(rf"\s*<(?:!doctype\s+html|{_KNOWN})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"<\?xml[^<>]{0,500}>", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile(r"[^\S\n]+")


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML body, and not plain text or Markdown that mentions a tag.

    A body has at least two known tags (or a doctype) and either starts with one, or has as many breaking
    tags as it has line ends. A Markdown code fence says that line ends carry meaning, so such a text is
    never HTML.
    """
    if "<" not in text or "```" in text:
        return False
    starts = _START.match(text)
    n_tags = len(_TAG.findall(text))
    if starts:
        return n_tags >= 2 or "!doctype" in starts.group().lower()
    return n_tags >= 2 and text.strip().count("\n") <= len(_BREAK.findall(text)) > 0


def html_to_text(html: str) -> str:
    """Give the readable text of an HTML body; broken markup is read as far as it goes.

    Paragraphs, breaks, list items and table rows become lines, the cells of a row are parted by ``|``,
    and the lines of a quotation start with ``> `` so that cleaning recognises them. What no reader sees
    is left out.
    """
    html = _SURROGATE.sub("�", _DECLARATION.sub("", html)).replace("\0", "")
    if "<" not in html:
        return _tidy(unescape(html))
    # Events instead of a tree: nothing bounds how deep a mail is nested.
    reader = etree.HTMLParser(target=_Lines(), recover=True, huge_tree=True)
    lines: list[str] = etree.fromstring(html, reader)
    return _tidy("\n".join(lines))


class _Lines:
    """Collects the lines of one document from the parser's events."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._preformatted = 0
        self._unseen: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self._unseen or _UNSEEN.fullmatch(tag) or (not _VOID.fullmatch(tag) and _hidden(attributes)):
            if not _VOID.fullmatch(tag):
                self._unseen.append(tag)
            return
        if tag == "br" or _BLOCK.fullmatch(tag):
            self._break()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._line.append("- ")
        elif tag in {"td", "th"} and "".join(self._line[-2:]).strip():
            self._line.append(" | ")

    def end(self, tag: str) -> None:
        """An element closes, in the file or because the parser closed it."""
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if _BLOCK.fullmatch(tag):
            self._break()
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._preformatted -= 1
        if _PARAGRAPH.fullmatch(tag) and self._lines:
            self._lines.append(self._mark())

    def data(self, words: str) -> None:
        """Text between two tags."""
        if self._unseen:
            return
        if not self._preformatted:
            self._line.append(words.replace("\r", " ").replace("\n", " "))
            return
        first, *others = words.split("\n")
        self._line.append(first)
        for line in others:
            self._break()
            self._line.append(line)

    def comment(self, words: str) -> None:
        """A comment, which no reader sees."""

    def pi(self, target: str, words: str | None = None) -> None:
        """A processing instruction, which no reader sees."""

    def close(self) -> list[str]:
        """Give the lines once the document has ended."""
        self._break()
        return self._lines

    def _mark(self) -> str:
        return "> " * min(self._quotes, _DEEPEST_QUOTE)

    def _break(self) -> None:
        line = "".join(self._line)
        self._line.clear()
        line = line.rstrip() if self._preformatted else _SPACES.sub(" ", line).strip().removesuffix(" |")
        if line and line != "-":
            self._lines.append(self._mark() + line)


def _hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes is there for machines only."""
    return "hidden" in attributes or "display:none" in attributes.get("style", "").replace(" ", "").lower()


def _tidy(text: str) -> str:
    """Drop spaces at line ends, more than one empty line in a row, and empty lines at both ends."""
    lines: list[str] = []
    for raw in text.replace("\xa0", " ").replace("\u200b", "").splitlines():
        line = raw.rstrip()
        if line.strip("> ") or (lines and lines[-1].strip("> ")):
            lines.append(line)
    while lines and not lines[-1].strip("> "):
        lines.pop()
    return "\n".join(lines)
