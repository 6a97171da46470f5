"""PDF files as Markdown: headings told by their size, ruled tables and code kept."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.page import FormatError, Page

_MOST_PAGES = 2_000
_LARGER = 1.15  # times the size of most letters: a heading
_LONGEST_HEADING = 120
_SPACE = 0.15  # of the size of its letters: the least gap between two words
_MONOSPACED = re.compile(r"courier|mono|consol|menlo|typewriter|cmtt|sourcecode|inconsolata", re.IGNORECASE)
_FAULTS = (
    PdfminerException,
    PDFException,
    PSException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of a page: its words, or a whole table already in Markdown."""

    words: str
    top: float
    bottom: float
    left: float = 0.0
    size: float = 0.0
    letter_width: float = 1.0
    is_code: bool = False
    is_table: bool = False


def read_pdf_document(content: bytes) -> Page:
    """The page in a PDF file: letters clearly larger than most are headings, monospaced lines are code.

    Raises
    ------
    FormatError
        It cannot be read, needs a password, holds no text, or has more than 2,000 pages.
    """
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise FormatError(f"it has more than {_MOST_PAGES:,} pages", "split it")
            pages = []
            for page in pdf.pages:
                pages.append(_lines(page))
                page.close()
            title = str(pdf.metadata.get("Title") or "").strip()
    except _FAULTS as error:
        if isinstance(error, FormatError):
            raise
        cure = "save it as a PDF again, without a password, or as text"
        raise FormatError("its text cannot be read", cure) from error
    if not any(line.words.strip() for lines in pages for line in lines):
        raise FormatError("it holds pictures of text only", "run text recognition over it, or save it as text")
    levels = _levels(line for lines in pages for line in lines)
    return Page(markdown="\n\n".join(_markdown(lines, levels) for lines in pages), title=title or None)


def _lines(page: Any) -> list[_Line]:
    """A page's lines and ruled tables, from top to bottom."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    lines = [
        _Line(words=_table(table.extract()), top=table.bbox[1], bottom=table.bbox[3], is_table=True) for table in tables
    ]
    rest = page
    for table in tables:
        rest = rest.outside_bbox(table.bbox, strict=False)
    for line in rest.extract_text_lines(return_chars=True, x_tolerance_ratio=_SPACE):
        letters = [one for one in line["chars"] if one["text"].strip()]
        if letters:
            lines.append(
                _Line(
                    words=line["text"].strip(),
                    top=line["top"],
                    bottom=line["bottom"],
                    left=line["x0"],
                    size=round(max(one["size"] for one in letters), 1),
                    letter_width=sum(one["width"] for one in letters) / len(letters) or 1.0,
                    is_code=all(_MONOSPACED.search(one["fontname"]) for one in letters),
                )
            )
    return sorted(lines, key=lambda line: (line.top, line.left))


def _table(rows: Sequence[Sequence[str | None]]) -> str:
    cells = [[" ".join((cell or "").split()).replace("|", r"\|") for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], f"|{'---|' * len(cells[0])}", *lines[1:]])


def _levels(lines: Iterable[_Line]) -> dict[float, int]:
    """The level of heading of each size of letters that is clearly larger than most are, the largest first."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if not (line.is_table or line.is_code):
            sizes[line.size] += len(line.words)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted((size for size in sizes if size > _LARGER * usual), reverse=True)
    return {size: min(level, 6) for level, size in enumerate(larger, start=1)}


def _markdown(lines: Sequence[_Line], levels: dict[float, int]) -> str:
    blocks: list[str] = []
    for is_code, run in groupby(lines, key=lambda line: line.is_code):
        some = list(run)
        blocks += [_code(some)] if is_code else _paragraphs(some, levels)
    return "\n\n".join(blocks)


def _code(lines: Sequence[_Line]) -> str:
    """A fence, with the indentation that the lines' places on the page tell of."""
    margin = min(line.left for line in lines)
    indented = (" " * round((line.left - margin) / line.letter_width) + line.words for line in lines)
    return "\n".join(["```", *indented, "```"])


def _paragraphs(lines: Sequence[_Line], levels: dict[float, int]) -> Iterator[str]:
    """Headings and tables by themselves, and the lines between, parted where there is a gap."""
    paragraph: list[_Line] = []
    for line in lines:
        level = levels.get(line.size) if len(line.words) <= _LONGEST_HEADING else None
        stands_alone = line.is_table or level is not None
        if paragraph and (stands_alone or line.top - paragraph[-1].bottom > 0.6 * line.size):
            yield "\n".join(one.words for one in paragraph)
            paragraph = []
        if stands_alone:
            yield line.words if level is None else f"{'#' * level} {line.words}"
        else:
            paragraph.append(line)
    if paragraph:
        yield "\n".join(one.words for one in paragraph)
