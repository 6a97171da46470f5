"""Word documents as Markdown: headings, lists, tables and code kept."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from knowledge.page import FormatError

_LARGEST = 200_000_000
_CODE_STYLE = re.compile(r"code|preformatted|listing|quelltext|macro", re.IGNORECASE)
_CODE_FONTS = frozenset({"Consolas", "Courier", "Courier New", "Cascadia Code", "Cascadia Mono", "Menlo", "Monaco"})


def read_word_document(content: bytes) -> str:
    """The Markdown of a ``.docx`` file.

    Raises
    ------
    FormatError
        It is no Word document, or unpacks to more than 200 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST:
                raise FormatError("it unpacks to more than 200 MB", "split it, or save it without its pictures")
        return _markdown(Document(io.BytesIO(content)))
    except (
        zipfile.BadZipFile,
        OpcError,
        KeyError,
        ValueError,
        AttributeError,
        RecursionError,
        etree.XMLSyntaxError,
    ) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError("it is not a Word document", "save it as .docx again") from error


def _markdown(container: WordDocument | _Cell) -> str:
    """The blocks of a document or a cell; paragraphs of code that follow each other are one piece of code."""
    blocks: list[str] = []
    for is_code, run in groupby(container.iter_inner_content(), key=_is_code):
        if is_code:
            lines = "\n".join(one.text for one in run if isinstance(one, Paragraph))
            blocks.append(f"```\n{lines}\n```")
        else:
            blocks += [_table(one) if isinstance(one, Table) else _paragraph(one) for one in run]
    return "\n\n".join(block for block in blocks if block.strip())


def _is_code(block: Paragraph | Table) -> bool:
    if isinstance(block, Table) or not block.text.strip():
        return False
    if block.style is not None and _CODE_STYLE.search(block.style.name or ""):
        return True
    fonts = {run.font.name for run in block.runs if run.text.strip()}
    return bool(fonts) and fonts <= _CODE_FONTS


def _paragraph(paragraph: Paragraph) -> str:
    words = paragraph.text.strip()
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if not words:
        return ""
    if heading := re.fullmatch(r"(?:Heading|Überschrift) (\d)", style):
        return f"{'#' * min(6, int(heading.group(1)))} {words}"
    if style in {"Title", "Titel"}:
        return f"# {words}"
    if style.startswith(("List Number", "Listennummer")):
        return f"1. {words}"
    return f"- {words}" if style.startswith(("List", "Aufzählung")) else words


def _table(table: Table) -> str:
    """A table of Markdown; a single cell is a box around its own blocks."""
    cells = [row.cells for row in table.rows]
    if len(cells) == 1 and len(cells[0]) == 1:
        return _markdown(cells[0][0])
    rows = [list(_cells(row)) for row in cells]
    n_columns = max(map(len, rows), default=0)
    lines = [f"| {' | '.join([*row, *[''] * (n_columns - len(row))])} |" for row in rows]
    return "\n".join([*lines[:1], f"|{'---|' * n_columns}", *lines[1:]])


def _cells(cells: Iterable[_Cell]) -> Iterator[str]:
    """The words of each cell on one line; a cell that spans several columns says them once."""
    before = None
    for cell in cells:
        words = " ".join(_markdown(cell).replace("```", " ").split()).replace("|", r"\|")
        yield "" if cell._tc is before else words  # noqa: SLF001 - the only name a merged cell has
        before = cell._tc  # noqa: SLF001
