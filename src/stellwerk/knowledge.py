"""``index``, ``search`` and ``evaluate-search``: bring knowledge in, find it again, measure how well."""

import html
import re
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

import knowledge as knowledge_room
from desk import HitAnswer, IndexAnswer, KindCounts
from knowledge import Query, QueryError, read_judgements
from stellwerk.documents import read_documents
from stellwerk.failure import CommandError
from stellwerk.opening import open_desk
from stellwerk.options import (
    Columns,
    Json,
    Knowledge,
    Labels,
    MappingFile,
    Models,
    Rejects,
    TaxonomyFile,
    mapping_of,
    settings_with,
)
from stellwerk.output import message, printable, share, show, table, write_json
from stellwerk.progress import progress
from stellwerk.reading import HistoryReading, rejects_file
from tickets import Taxonomy

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_LONGEST_RESOLUTION = 500
_SCORES = {
    "nDCG@10": "ndcg_at_10",
    "MRR@10": "mrr_at_10",
    "recall@5": "recall_at_5",
    "recall@10": "recall_at_10",
    "hit@5": "hit_at_5",
}


class EmptyKnowledgeError(CommandError):
    """There is nothing to search in."""

    def __init__(self, place: object) -> None:
        super().__init__(f"the knowledge base in {place} is empty; run `stellwerk index SOURCE...`")


class _Kind(StrEnum):
    ARTICLE = "article"
    TICKET = "ticket"


_Sources = Annotated[
    list[Path],
    typer.Argument(metavar="SOURCE", help="Folders of articles, article files, articles as .jsonl, history files."),
]
_Rebuild = Annotated[bool, typer.Option("--rebuild", help="Make the base anew beside the old one, then swap.")]
_Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Make rows with so many Ray workers (needs the extra `scale`).")
]
_Ray = Annotated[
    str | None, typer.Option("--ray", metavar="ADDRESS", help="Make rows on the Ray cluster at HOST:PORT, or `auto`.")
]
_Kinds = Annotated[
    list[_Kind] | None,
    typer.Option("--kind", help="Find this kind only. Repeat it for both."),
]
_Filters = Annotated[
    list[str] | None,
    typer.Option("--filter", metavar="NAME=VALUE", help="Narrow the search: product=VeraDoc."),
]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many hits at most.")]


def index(  # noqa: PLR0913 - one for each option
    sources: _Sources,
    *,
    knowledge: Knowledge = None,
    rebuild: _Rebuild = False,
    taxonomy: TaxonomyFile = None,
    models: Models = None,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    workers: _Workers = None,
    ray: _Ray = None,
    json: Json = False,
) -> None:
    """Bring articles and solved tickets into the knowledge base; twice changes nothing."""
    settings = settings_with(knowledge=knowledge, models=models)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "index"))
    with open_desk(settings) as desk, progress() as report:
        targets = Taxonomy.read(taxonomy) if taxonomy else desk.taxonomy
        documents = read_documents(sources, taxonomy=targets, reading=reading, report=report)
        bring_in = desk.rebuild if rebuild else desk.put_documents
        with desk.workers(workers, ray) as crew:
            answer = bring_in(
                documents.read,
                progress=lambda done: report("documents indexed", done.done, done.total),
                workers=crew,
            )
    answer = IndexAnswer(
        article=_with_rejected(answer.article, documents.n_unreadable_articles),
        ticket=_with_rejected(answer.ticket, documents.n_rejected_rows),
    )
    if json:
        write_json(answer)
    else:
        _show_counts(answer)


def search(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What to search for, in quotes.")],
    *,
    kind: _Kinds = None,
    filters: _Filters = None,
    limit: _Limit = 10,
    knowledge: Knowledge = None,
    json: Json = False,
) -> None:
    """Find articles and solved tickets again, best first."""
    settings = settings_with(knowledge=knowledge)
    kinds = tuple(dict.fromkeys(one.value for one in kind)) if kind else knowledge_room.KINDS
    try:
        query = Query(text=words, kinds=kinds, filters=_filters(filters or ()), limit=limit)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    with open_desk(settings) as desk:
        answer = desk.search(query)
        is_empty = not answer.hits and not any(desk.counts().values())
    if is_empty:
        message(f"the knowledge base in {settings.knowledge} is empty; run `stellwerk index SOURCE...`")
    if json:
        write_json(answer)
        return
    for place, hit in enumerate(answer.hits, start=1):
        show(*_hit_parts(place, hit))
    if not answer.hits and not is_empty:
        message("nothing was found; try other words, or fewer filters")


def evaluate_search(
    qrels: Annotated[Path, typer.Argument(metavar="QRELS", help="Judgements: JSON Lines, plain or gzip.")],
    *,
    knowledge: Knowledge = None,
    json: Json = False,
) -> None:
    """Measure how well the search finds what people judged relevant."""
    settings = settings_with(knowledge=knowledge)
    judgements = read_judgements(qrels)
    with open_desk(settings) as desk:
        if not any(desk.counts().values()):
            raise EmptyKnowledgeError(settings.knowledge)
        scores = asdict(knowledge_room.evaluate_search(judgements, desk.knowledge))
    if json:
        write_json(scores)
        return
    rows = table("Search", "searched", "queries", *_SCORES)
    for name, values in scores.items():
        rows.add_row(name, f"{values['n_queries']:,}", *(share(values[score]) for score in _SCORES.values()))
    show(rows)


def _filters(options: Sequence[str]) -> dict[str, str]:
    filters: dict[str, str] = {}
    for option in options:
        name, _, value = (part.strip() for part in option.partition("="))
        if not (name and value):
            raise typer.BadParameter(f'--filter "{option}" is not NAME=VALUE; write it as --filter product=VeraDoc')
        if name in filters:
            raise typer.BadParameter(f"--filter {name} is given twice; a document has only one {name}")
        filters[name] = value
    return filters


def _with_rejected(counts: KindCounts, n_more: int) -> KindCounts:
    return counts.model_copy(update={"rejected": counts.rejected + n_more})


def _show_counts(answer: IndexAnswer) -> None:
    rows = table("Knowledge base", "kind", *KindCounts.model_fields)
    for kind, counts in (("article", answer.article), ("ticket", answer.ticket)):
        rows.add_row(kind, *(f"{count:,}" for count in counts.model_dump().values()))
    show(rows)


def _hit_parts(place: int, hit: HitAnswer) -> list[Text | Padding]:
    """The hit's title, what it is, and below it what matched and what helped."""
    found_by = ", ".join(f"{one.channel} {one.rank}" for one in hit.why)
    heading = Text(f"{place}. {printable(hit.title)}", style="bold")
    facts = [f"{hit.kind} {hit.id}", f"score {share(hit.score)}", *hit.labels.values(), found_by]
    below = [Text(printable(" | ".join(fact for fact in facts if fact)), style="dim")]
    snippet = _snippet(hit.snippet)
    resolution = printable(hit.resolution or "")
    if resolution and resolution.split() == snippet.plain.split():
        below.append(Text("Resolution: ").append_text(snippet))
    else:
        cut = f"{resolution[:_LONGEST_RESOLUTION]} …" if len(resolution) > _LONGEST_RESOLUTION else resolution
        below += [snippet, Text(f"Resolution: {cut}")] if resolution else [snippet]
    if hit.url:
        below.append(Text(printable(hit.url)))
    return [heading, *(Padding(part, (0, 0, 0, 3)) for part in below), Text()]


def _snippet(snippet: str) -> Text:
    """The snippet's HTML as text whose matches stand out."""
    text = Text()
    for place, piece in enumerate(_MARK.split(snippet)):
        text.append(printable(html.unescape(piece)), style="bold yellow" if place % 2 else "")
    return text
