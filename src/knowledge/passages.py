"""An article cut into passages: at its headings, and at paragraph borders where a section is long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, pairwise, takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.article import Passage
from text import html_to_text

LONGEST = 1_200
"""Characters a passage holds at most; about what the encoder reads of one text."""

_SHORT = 300  # a section below this joins the one before it


@dataclass(slots=True)
class _Section:
    headings: tuple[str, ...]
    blocks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.blocks)


def passages_of(body: str, *, longest: int = LONGEST) -> list[Passage]:
    """The passages of a Markdown text, in order; every word of it is in one of them.

    A passage's ``heading`` names the headings above it, outermost first. Tables and code survive as text, whole where
    they fit; where they do not, they are cut between lines, and each piece of a table begins with its header.
    """
    passages = []
    for section in _joined(_sections(body, longest), longest):
        heading = " – ".join(section.headings)
        pieces = list(_packed(section.blocks, longest)) or ([""] if heading else [])
        passages += [Passage(heading=heading, text=piece) for piece in pieces]
    return passages


def first_heading(body: str) -> str | None:
    """The words of the first heading of a Markdown text."""
    tokens = _parser().parse(body)
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and (words := _inline_text(following)):
            return words
    return None


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _sections(body: str, longest: int) -> list[_Section]:
    sections, path = [_Section(())], list[tuple[int, str]]()
    tokens = _parser().parse(body)
    row: list[str] | None = None
    table: list[str] = []
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            depth = int(token.tag[1:])
            path = [one for one in path if one[0] < depth] + [(depth, _inline_text(tokens[position + 1]))]
            sections.append(_Section(tuple(words for _, words in path if words)))
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            table.append(" | ".join(row or []))
            row = None
        elif token.type == "table_close":
            sections[-1].blocks += _by_lines(table[1:], longest, header=table[0])
            table = []
        elif token.type == "inline" and row is not None:
            row.append(_inline_text(token))
        elif token.type == "inline" and tokens[position - 1].type != "heading_open":
            sections[-1].blocks.append(_marker(tokens[max(0, position - 2) : position]) + _inline_text(token))
        elif token.type == "html_block":
            sections[-1].blocks.append(html_to_text(token.content))
        elif token.type in {"fence", "code_block"}:
            sections[-1].blocks += _by_lines(token.content.rstrip("\n").split("\n"), longest)
    following = [*sections[1:], _Section(())]
    return [
        section
        for section, after in zip(sections, following, strict=True)
        if any(map(str.strip, section.blocks)) or not _is_above(section, after)
    ]


def _by_lines(lines: Sequence[str], longest: int, *, header: str | None = None) -> list[str]:
    """The lines as one block, or as several of at most ``longest`` characters where they are more; a longer line stays.

    With a ``header`` each block begins with it.
    """
    blocks: list[list[str]] = []
    length = longest
    head = [] if header is None else [header]
    for line in lines or ([] if header is None else [""]):
        if length + 1 + len(line) > longest:
            blocks.append([*head])
            length = sum(len(one) + 1 for one in head) - 1
        blocks[-1].append(line)
        length += 1 + len(line)
    return ["\n".join(block).rstrip("\n") for block in blocks]


def _is_above(section: _Section, after: _Section) -> bool:
    """Whether all of a section's headings stand above the next one too."""
    return _shared(section.headings, after.headings) == section.headings


def _marker(before: Sequence[Token]) -> str:
    """What stands before the first line of a list item: its number, or a dash."""
    if len(before) < 2 or before[-1].type != "paragraph_open" or before[-2].type != "list_item_open":
        return ""
    item = before[-2]
    return f"{item.info}{item.markup} " if item.info else "- "


def _inline_text(token: Token) -> str:
    words = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        elif child.type == "html_inline":
            words.append(" ")
        else:
            words.append(child.content)
    return "".join(words).strip()


def _joined(sections: list[_Section], longest: int) -> Iterator[_Section]:
    """The sections, short ones joined to the one before: a page of small sections stays together."""
    waiting: _Section | None = None
    for section in sections:
        if waiting is None:
            waiting = section
        elif min(len(waiting.text), len(section.text)) < _SHORT and _fits(waiting, section, longest):
            shared = _shared(waiting.headings, section.headings)
            if shared != waiting.headings:
                waiting.blocks[:0] = waiting.headings[len(shared) :]
            waiting = _Section(shared, [*waiting.blocks, *section.headings[len(shared) :], *section.blocks])
        else:
            yield waiting
            waiting = section
    if waiting is not None:
        yield waiting


def _fits(one: _Section, other: _Section, longest: int) -> bool:
    return len(one.text) + len(other.text) + sum(map(len, one.headings + other.headings)) < longest


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The headings both begin with."""
    return tuple(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _packed(blocks: Sequence[str], longest: int) -> Iterator[str]:
    """The blocks packed into texts of at most ``longest`` characters; only a longer block is cut itself."""
    packed = ""
    for piece in chain.from_iterable(_cut(block, longest) for block in blocks):
        if packed and len(packed) + 1 + len(piece) > longest:
            yield packed
            packed = ""
        packed = f"{packed}\n{piece}" if packed else piece
    if packed.strip():
        yield packed


def _cut(block: str, longest: int) -> Iterator[str]:
    rest = block
    while len(rest) > longest:
        head = rest[:longest]
        border = max((head.rfind(mark) + len(mark) for mark in ("\n", ". ", "? ", "! ")), default=0)
        if border < longest // 3:
            border = head.rfind(" ") + 1 or longest
        yield rest[:border].rstrip()
        rest = rest[border:].lstrip()
    yield rest
