"""The queries a search did worst on, as a page that stands by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from knowledge import KINDS, Hit, JudgedSearch, Query, Searched
from stellwerk.failure import CommandError

_MOST: Final = 50
"""Queries of each kind that are shown."""
_DEPTH: Final = 50
_FIRST: Final = 3


class UnwritablePageError(CommandError):
    """The page cannot be written where it was asked for."""

    def __init__(self, file: Path, fault: str | None) -> None:
        super().__init__(f"cannot write {file} ({fault}); name a file in a folder that can be written to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document that should have been found, and at which rank it was; None where it is below all looked at."""

    id: str
    title: str | None
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstQuery:
    """One query: its words, what was wanted, and what came first instead."""

    of: str
    id: str | None
    subject: str
    body: str
    ndcg: float
    wanted: tuple[Wanted, ...]
    first: tuple[Hit, ...]


def write_page(file: Path, judged: Sequence[JudgedSearch], searched: Searched) -> None:
    """Write the worst queries of each kind into ``file``.

    Raises
    ------
    UnwritablePageError
        The file cannot be written.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(resources.files("stellwerk").joinpath("worst_queries.html").read_text("utf-8"))
    sections = {kind: worst_of(judged, kind, searched) for kind in KINDS}
    counts = {kind: sum(one.of == kind for one in judged) for kind in KINDS}
    try:
        file.write_text(template.render(sections=sections, counts=counts, depth=_DEPTH), "utf-8")
    except OSError as error:
        raise UnwritablePageError(file, error.strerror) from error


def worst_of(judged: Sequence[JudgedSearch], kind: str, searched: Searched) -> list[WorstQuery]:
    """The worst queries of one kind, worst first, looked up deeper than they are measured."""
    theirs = sorted((one for one in judged if one.of == kind), key=lambda one: one.scores[0])
    return [_looked_up(one, searched) for one in theirs[:_MOST] if one.scores[0] < 1]


def _looked_up(one: JudgedSearch, searched: Searched) -> WorstQuery:
    judgement = one.judgement
    own = frozenset() if judgement.id is None else frozenset({judgement.id})
    query = Query(ticket=judgement.query, kinds=(one.of,), limit=_DEPTH, exclude=own, grouping=False)
    hits = searched.search(query)
    places = {hit.id: (rank, hit.title) for rank, hit in enumerate(hits, start=1)}
    wanted = [
        Wanted(id=id_, rank=places[id_][0], title=places[id_][1])
        if id_ in places
        else Wanted(id=id_, rank=None, title=None)
        for id_ in sorted(one.relevant)
    ]
    return WorstQuery(
        of=one.of,
        id=judgement.id,
        subject=judgement.query.subject,
        body=judgement.query.body,
        ndcg=one.scores[0],
        wanted=tuple(sorted(wanted, key=lambda it: (it.rank is None, it.rank))),
        first=tuple(replace(hit, snippet="") for hit in hits[:_FIRST]),
    )
