"""How well solved tickets and articles are found again, beside peers on the same documents."""

import gzip
import hashlib
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.knowledge.peers import PEERS, Peer
from benchmarks.sample import DATA, encoder, search_encoder, solved_tickets
from benchmarks.scope import MissingDatasetError, Scope
from knowledge import (
    Article,
    Document,
    Judgement,
    KnowledgeBase,
    Query,
    UnreadableSource,
    evaluate_search,
    read_articles,
    read_judgements,
)
from tickets import SolvedTicket, Ticket

OURS = "stellwerk"
_N_TIMED = 100

Figures = dict[str, Any]


def measure(scope: Scope) -> Figures:
    """The sample, both ways across its languages, and the public sets that lie at hand."""
    figures = sample() | across_languages() | {"cost": cost()}
    for name, part in (("sumo-kb", sumo_kb), ("askubuntu", askubuntu)):
        try:
            figures[name] = part(scope.folder(name))
        except MissingDatasetError as error:
            figures[name] = str(error)
    return figures


def sample() -> Figures:
    """All judgements, and those of the problems on which nothing was chosen; a quarter with the product they state."""
    documents: list[Document] = [*articles(), *solved_tickets()]
    judgements = read_judgements(DATA / "search_qrels.jsonl")
    products = {solved.ticket.id: solved.ticket.product for solved in solved_tickets()}
    stated = [replace(one, query=replace(one.query, product=products.get(one.id))) for one in judgements[::4]]
    chosen_on, kept = ([one for one in judgements if _chosen_on(one.id or "") is half] for half in (True, False))
    with tempfile.TemporaryDirectory() as folder, _base(folder, documents) as base:
        halves = [asdict(evaluate_search(some, base)) for some in (chosen_on, kept)]
        with_product = asdict(evaluate_search(stated, base))
    peers = {name: asdict(evaluate_search(judgements, Peer(documents, fit))) for name, fit in PEERS.items()}
    return {
        "sample": {OURS: _together(halves), **peers},
        "sample_kept": {OURS: halves[1]},
        "sample_with_product": {OURS: with_product},
    }


def across_languages() -> Figures:
    """A question in one language, its answer in the other.

    ``en_de``: translated openings ask for the article. ``en_tickets_de``: English tickets ask for German articles.
    ``de_tickets_en``: in a base that holds the translated articles in English only, beside the others in German,
    German tickets ask for an English one; ``de_tickets_de`` are those that ask for a German one there.
    """
    german = articles()
    translated = [one for one in read_judgements(DATA / "cross_language.jsonl") if one.query.language == "en"]
    asked = {next(iter(one.relevant)): one.query for one in translated}
    mixed = [
        replace(one, title=asked[one.id].subject, body=asked[one.id].body, language="en") if one.id in asked else one
        for one in german
    ]
    judgements = read_judgements(DATA / "search_qrels.jsonl")
    language = {solved.ticket.id: solved.ticket.language for solved in solved_tickets()}
    of_articles = [one for one in judgements if one.relevant & {article.id for article in german}]
    spoken = {name: [one for one in of_articles if language[one.id] == name] for name in ("de", "en")}
    return {
        "en_de": _articles(german, translated),
        "en_tickets_de": _articles(german, spoken["en"]),
        "de_tickets_en": _articles(mixed, [one for one in spoken["de"] if one.relevant & asked.keys()]),
        "de_tickets_de": _articles(mixed, [one for one in spoken["de"] if not one.relevant & asked.keys()]),
    }


def sumo_kb(folder: Path) -> Figures:
    """Mozilla's support questions, and the articles that helpers linked."""
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    pages = [Article(id=one["id"], title=one["title"], body=one["body"], language="en") for one in entries]
    return _articles(pages, read_judgements(folder / "search_qrels.jsonl.gz"))


def askubuntu(folder: Path) -> Figures:
    """Titles of questions, and those marked as duplicates of them."""
    with gzip.open(folder / "tickets.jsonl.gz", "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    titles = [
        SolvedTicket(ticket=Ticket(id=one["id"], subject=one["subject"], body=one["body"], language=one["language"]))
        for one in entries
    ]
    return _compared(titles, read_judgements(folder / "search_qrels.jsonl.gz"), "ticket")


def cost() -> Figures:
    """One search by a ticket's words, as a multiple of the same search by one encoder."""
    tickets = [one.query for one in read_judgements(DATA / "search_qrels.jsonl")[:: 2000 // _N_TIMED]]
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        KnowledgeBase.rebuild(Path(one) / "knowledge", search_encoder(n_threads=1), articles())[0] as ours,
        KnowledgeBase.rebuild(Path(two) / "knowledge", encoder(n_threads=1), articles())[0] as single,
    ):
        for base in (ours, single):
            base.search(Query(ticket=tickets[0]))
        pairs = [(_seconds(ours, Query(ticket=ticket)), _seconds(single, Query(ticket=ticket))) for ticket in tickets]
    return {
        "search_ms": 1_000 * median(mine for mine, _ in pairs),
        "search_ratio": median(mine / theirs for mine, theirs in pairs),
    }


def articles() -> list[Article]:
    """The sample's articles."""
    return list(read_articles([DATA / "articles.jsonl"], report=_tell))


def _articles(documents: Sequence[Document], judgements: Sequence[Judgement]) -> Figures:
    return _compared(documents, judgements, "article")


def _compared(documents: Sequence[Document], judgements: Sequence[Judgement], kind: str) -> Figures:
    with tempfile.TemporaryDirectory() as folder, _base(folder, documents) as base:
        figures = {OURS: asdict(evaluate_search(judgements, base))[kind]}
    for name, fit in PEERS.items():
        figures[name] = asdict(evaluate_search(judgements, Peer(documents, fit)))[kind]
    return figures


def _base(folder: str, documents: Sequence[Document]) -> KnowledgeBase:
    base, _ = KnowledgeBase.rebuild(Path(folder) / "knowledge", search_encoder(), documents)
    return base


def _together(parts: Sequence[Figures]) -> Figures:
    """The means over all queries, from those over the queries of each part."""
    together: Figures = {}
    for kind in parts[0]:
        n_queries = sum(part[kind]["n_queries"] for part in parts)
        weighed = {
            name: sum(part[kind]["n_queries"] * part[kind][name] for part in parts) / max(1, n_queries)
            for name in parts[0][kind]
        }
        together[kind] = weighed | {"n_queries": n_queries}
    return together


def _chosen_on(identity: str) -> bool:
    """Whether a ticket's problem belongs to the half on which weights were chosen."""
    problem = identity.rpartition("-")[0]
    return int(hashlib.sha256(problem.encode()).hexdigest(), 16) % 2 == 0


def _seconds(base: KnowledgeBase, query: Query) -> float:
    start = time.perf_counter()
    base.search(query)
    return time.perf_counter() - start


def _tell(fault: UnreadableSource) -> None:
    raise ValueError(f"the sample cannot be read: {fault}")
