"""``evaluate-search``: measure how well the search finds what people judged relevant, and compare it with another."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from desk import Desk
from knowledge import (
    Difference,
    JudgedSearch,
    Judgement,
    KnowledgeBase,
    by_language,
    differences,
    judged_searches,
    read_judgements,
    report_of,
)
from stellwerk.failure import CommandError
from stellwerk.opening import open_desk
from stellwerk.options import Json, Knowledge, settings_with
from stellwerk.output import message, share, show, table, write_json
from stellwerk.search_setup import SearchSetup
from stellwerk.worst_queries import write_page

_SCORES = {
    "nDCG@10": "ndcg_at_10",
    "MRR@10": "mrr_at_10",
    "recall@5": "recall_at_5",
    "recall@10": "recall_at_10",
    "hit@5": "hit_at_5",
}
_Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="DIR or NAME=VALUE,...",
        help="Compare with another knowledge base, or with other weights: words=0.8,same_product=0.",
    ),
]
_Page = Annotated[
    Path | None,
    typer.Option("--page", metavar="FILE.html", help="Write the worst queries into a page that stands by itself."),
]


class EmptyKnowledgeError(CommandError):
    """There is nothing to search in."""

    def __init__(self, place: object) -> None:
        super().__init__(f"the knowledge base in {place} is empty; run `stellwerk index SOURCE...`")


def evaluate_search(
    qrels: Annotated[Path, typer.Argument(metavar="QRELS", help="Judgements: JSON Lines, plain or gzip.")],
    *,
    knowledge: Knowledge = None,
    against: _Against = None,
    page: _Page = None,
    json: Json = False,
) -> None:
    """Measure how well the search finds what people judged relevant."""
    settings = settings_with(knowledge=knowledge)
    other = SearchSetup.parse(against) if against else None
    judgements = read_judgements(qrels)
    with open_desk(settings) as desk:
        if not any(desk.documents.count().values()):
            raise EmptyKnowledgeError(settings.knowledge)
        judged = judged_searches(judgements, desk.documents.base())
        answer: dict[str, Any] = asdict(report_of(judged))
        answer["languages"] = {name: asdict(report) for name, report in by_language(judged).items()}
        if other is not None:
            answer["against"] = _compared(judged, _other(judgements, other, desk), setup=against or "")
        if page is not None:
            write_page(page, judged, desk.documents.base())
            message(f"the worst queries are in {page}")
    if json:
        write_json(answer)
    else:
        _show(answer)


def _other(judgements: Sequence[Judgement], setup: SearchSetup, desk: Desk) -> list[JudgedSearch]:
    """The same judgements searched with another setup."""
    place = setup.knowledge or desk.settings.knowledge
    with KnowledgeBase.open(place, desk.search_encoder, weights=setup.fusion, preference=setup.preference) as base:
        if not any(base.count().values()):
            raise EmptyKnowledgeError(place)
        return judged_searches(judgements, base)


def _compared(judged: Sequence[JudgedSearch], other: Sequence[JudgedSearch], *, setup: str) -> dict[str, Any]:
    apart = {
        of: {measure: asdict(one) for measure, one in found.items()} for of, found in differences(judged, other).items()
    }
    return {"setup": setup, **asdict(report_of(other)), "differences": apart}


def _show(answer: Mapping[str, Any]) -> None:
    rows = table("Search", "searched", "queries", *_SCORES)
    parts = [("", answer), *((f", {name}", report) for name, report in answer["languages"].items())]
    for suffix, report in parts:
        for of in ("all", "article", "ticket"):
            values = report[of]
            if values["n_queries"]:
                scores = (share(values[score]) for score in _SCORES.values())
                rows.add_row(f"{of}{suffix}", f"{values['n_queries']:,}", *scores)
    show(rows)
    if "against" in answer:
        _show_differences(answer["against"]["setup"], answer["against"]["differences"])


def _show_differences(setup: str, apart: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    rows = table(
        f"What {setup} changes", "searched", "queries", "measure", "difference", "95 % interval", "p", n_words=1
    )
    for of, measures in apart.items():
        for title, name in _SCORES.items():
            one = Difference(**measures[name])  # type: ignore[arg-type]
            if one.n_queries:
                interval = f"{one.low:+.3f} to {one.high:+.3f}"
                rows.add_row(of, f"{one.n_queries:,}", title, f"{one.difference:+.3f}", interval, f"{one.p_value:.3f}")
    show(rows)
