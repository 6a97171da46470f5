"""``index`` and ``search``: bring knowledge in, find it again."""

import html
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

import knowledge as knowledge_room
from desk import Collection, HitAnswer, IndexAnswer, KindCounts
from knowledge import IndexProgress, Query, QueryError, Workers, filters_of
from stellwerk.documents import Documents, read_documents
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
from stellwerk.progress import Report, progress
from stellwerk.reading import HistoryReading, rejects_file
from tickets import Taxonomy

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_LONGEST_RESOLUTION = 500


class _Kind(StrEnum):
    ARTICLE = "article"
    TICKET = "ticket"


_Sources = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Folders of articles, article files, articles as .jsonl, history files. "
        "Without any, the documents that the journal keeps.",
    ),
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
    typer.Option(
        "--filter",
        metavar="NAME=VALUE",
        help="Narrow the search: product=VeraDoc, queue=Netz, since=2026-01-01. A name given twice: either.",
    ),
]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many hits at most.")]


def index(  # noqa: PLR0913 - one for each option
    sources: _Sources = None,
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
    """Bring articles and solved tickets into journal and knowledge base; twice changes nothing."""
    settings = settings_with(knowledge=knowledge, models=models)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "index"))
    with open_desk(settings) as desk, progress() as report:
        documents = Documents()
        if sources:
            targets = Taxonomy.read(taxonomy) if taxonomy else desk.taxonomy
            documents = read_documents(sources, taxonomy=targets, reading=reading, report=report)
        with desk.documents.workers(workers, ray) as crew:
            read = documents if sources else None
            answer = _brought_in(desk.documents, read, rebuild=rebuild, workers=crew, report=report)
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
        query = Query(text=words, kinds=kinds, filters=filters_of(filters or ()), limit=limit)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    with open_desk(settings) as desk:
        try:
            answer = desk.search(query)
        except QueryError as error:
            raise typer.BadParameter(str(error)) from error
        is_empty = not answer.hits and not any(desk.documents.count().values())
    if is_empty:
        message(f"the knowledge base in {settings.knowledge} is empty; run `stellwerk index SOURCE...`")
    if json:
        write_json(answer)
        return
    for place, hit in enumerate(answer.hits, start=1):
        show(*_hit_parts(place, hit))
    if not answer.hits and not is_empty:
        message("nothing was found; try other words, or fewer filters")


def _brought_in(
    collection: Collection, documents: Documents | None, *, rebuild: bool, workers: Workers | None, report: Report
) -> IndexAnswer:
    """What indexing did with these documents, or without any with those that the journal keeps."""

    def tell(done: IndexProgress) -> None:
        report("documents indexed", done.done, done.total)

    if documents is None:
        answer = (collection.rebuild if rebuild else collection.reindex)(progress=tell, workers=workers)
    else:
        bring_in = collection.rebuild if rebuild else collection.put
        answer = bring_in(documents.read, tell, provenance=documents.provenance, workers=workers)
    if rebuild:
        return answer
    collection.catch_up()
    collection.maintain()
    return answer


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
    marks = [flag.replace("_", " ") for flag in hit.flags]
    facts = [f"{hit.kind} {hit.id}", f"score {share(hit.score)}", *hit.labels.values(), *marks, found_by]
    below = [Text(printable(" | ".join(fact for fact in facts if fact)), style="dim")]
    snippet = _snippet(hit.snippet)
    resolution = printable(hit.resolution or "")
    if resolution and resolution.split() == snippet.plain.split():
        below.append(Text("Resolution: ").append_text(snippet))
    else:
        cut = f"{resolution[:_LONGEST_RESOLUTION]} …" if len(resolution) > _LONGEST_RESOLUTION else resolution
        below += [snippet, Text(f"Resolution: {cut}")] if resolution else [snippet]
    if hit.similar:
        below.append(Text(printable(f"The same solution: {', '.join(hit.similar)}"), style="dim"))
    if hit.url:
        below.append(Text(printable(hit.url)))
    return [heading, *(Padding(part, (0, 0, 0, 3)) for part in below), Text()]


def _snippet(snippet: str) -> Text:
    """The snippet's HTML as text whose matches stand out."""
    text = Text()
    for place, piece in enumerate(_MARK.split(snippet)):
        text.append(printable(html.unescape(piece)), style="bold yellow" if place % 2 else "")
    return text
