"""The model card's figures, written from ``benchmarks/results/`` so that no figure is copied by hand.

``python -m benchmarks.card`` rewrites the part of ``docs/model-card.md`` between its two markers. What was not measured
is said to be so.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import record

CARD = Path(__file__).parent.parent / "docs" / "model-card.md"
_BEGIN, _END = "<!-- figures -->", "<!-- /figures -->"
_NOT_MEASURED = "not measured"
_TITLES = {
    "fast": "plan `fast`",
    "default": "plan `default`",
    "best": "plan `best`",
    "default_unprimed": "plan `default` without the primer",
    "linear_svc": "TF-IDF with a calibrated support vector machine",
    "linear_svc_primed": "the same, the primer beside its history",
    "tfidf_lr": "TF-IDF with logistic regression",
    "fasttext": "fastText",
    "setfit": "SetFit, all-MiniLM-L6-v2, tuned within a budget",
}

_SEARCHES = {
    "stellwerk": "Stellwerk",
    "bm25": "BM25",
    "bm25_analysed": "BM25, stems and compounds",
    "e5": "multilingual-e5-small",
    "minilm": "all-MiniLM-L6-v2",
}

Results = Callable[[str], Any]
Column = tuple[str, str, str]
"""Head, the figure's path with dots between, and how it is written."""

_LEVEL_AND_CATEGORY: tuple[Column, ...] = tuple(
    (f"{target} {head}", f"{target}_{measure}", ".3f")
    for target in ("level", "category")
    for head, measure in (("macro-F1", "macro_f1"), ("log-loss", "log_loss"), ("ECE", "ece_pooled"))
)
_RECURRING: tuple[Column, ...] = (
    ("level accuracy", "level_accuracy", ".3f"),
    ("category accuracy", "category_accuracy", ".3f"),
)
_ROUTED: tuple[Column, ...] = tuple(
    (f"{head} at {limit}", f"{whose}.{agreement}.{measure}", ".3f")
    for limit, agreement in (("5 %", "0.05"), ("10 %", "0.10"))
    for head, whose, measure in (
        ("share", "auto", "share"),
        ("error", "auto", "error"),
        ("own share", "auto_own", "share"),
        ("own error", "auto_own", "error"),
    )
)
_COST: tuple[Column, ...] = (
    ("training, s", "training_seconds", ".1f"),
    ("one ticket, ms", "pace.latency_ms", ".1f"),
    ("× MiniLM", "pace.latency_ratio", ".2f"),
    ("tickets/s", "tickets_per_second", ".0f"),
    ("peak memory, MB", "peak_memory_bytes", "MB"),
)
_ISSUES: tuple[Column, ...] = (
    ("macro-F1", "category_macro_f1", ".3f"),
    ("without twins", "without_twins.category_macro_f1", ".3f"),
    ("log-loss", "category_log_loss", ".3f"),
    ("training, s", "training_seconds", ".1f"),
)
_TOPICS: tuple[Column, ...] = (
    ("accuracy", "topic_accuracy", ".3f"),
    ("weighted F1", "topic_weighted_f1", ".3f"),
    ("training, s", "training_seconds", ".1f"),
)
_BROKEN: tuple[Column, ...] = tuple(
    (f"{head} at {limit}", f"halves.{agreement}.{rule}.{measure}", ".3f")
    for limit, agreement in (("10 %", "0.10"), ("5 %", "0.05"))
    for head, rule, measure in (
        ("broken", "proven", "broken"),
        ("share", "proven", "mean_auto_share"),
        ("naive broken", "naive", "broken"),
        ("naive share", "naive", "mean_auto_share"),
    )
)
_FAITHFUL: tuple[Column, ...] = tuple(
    (f"{target} {head}", f"{target}.{effect}.share", ".3f")
    for target in ("level", "category")
    for head, effect in (
        ("for: falls", "supporting_falls"),
        ("random: falls", "random_falls"),
        ("against: rises", "opposing_rises"),
        ("random: rises", "random_rises"),
    )
)

_KINDS = {
    "known_desk": "a known desk, new problems",
    "unknown_desk": "an unknown desk",
    "foreign": "GitHub projects",
}


def with_figures(card: str, results: Results = record.read) -> str:
    """The card's text with the measured figures between its markers."""
    before, rest = card.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n\n{_figures(results)}\n{_END}{after}"


def _figures(results: Results) -> str:
    new, recurring, nlbse = results("classification"), results("recurring"), results("nlbse")
    return f"""\
New problems (five folds, mean; log-loss and expected calibration error, ECE, over all tickets):

{_models(new, _LEVEL_AND_CATEGORY)}

Recurring problems (each problem's last ticket arrives, the others are history). Most products of the sample have one
problem only, which makes these figures generous:

{_models(recurring, _RECURRING)}

New problems routed by themselves under a promised error of 5 % (95 % sure) or 10 % (90 % sure), and the error that came
true. One procedure for all: what four fifths of the answers to unseen tickets prove is tried on the fifth; *own* is
what our model does by the promise of its own training:

{_models(new, _ROUTED)}

Cost: training on four fifths of the sample, one ticket at a time with one thread, also as a multiple of encoding the
same text with all-MiniLM-L6-v2 in torch with one thread, and many tickets at once with both cores:

{_models(new, _COST)}

GitHub issues (NLBSE'24, one model per repository, mean over repositories; *without twins*: without tested issues that
have a near copy among those learned from):

{_models(nlbse, _ISSUES)}

Volume (endava-topics: some 38,000 tickets of pre-processed words, eight topics):

{_models(results("endava"), _TOPICS)}

Is the promise kept? Random halves of the pooled NLBSE'24 test issues: one proves, the other tells. *Broken* is the
share of halves whose error was above what was agreed, *naive* the largest share that kept it where it was chosen:

{_models(nlbse, _BROKEN)}

Do the words count that are said to? Share of tickets whose label becomes less likely without the strongest word in its
favour, or more likely without the strongest word against it, and the same for random words:

{_models(results("faithfulness"), _FAITHFUL)}

{_novelty(results("novelty"))}

Macro-F1 by tickets in the history (whole problems, five folds):

{_curve(results("learning_curve"))}

{_search(results("search"))}

{_http(results("latency"))}
"""


def _models(result: Any, columns: Sequence[Column]) -> str:
    """A table of all models measured, columns that none of them has left out."""
    models = _models_of(result)
    shown = [column for column in columns if any(_at(figures, column[1]) is not None for figures in models.values())]
    if not shown:
        return f"{_NOT_MEASURED[0].upper()}{_NOT_MEASURED[1:]}."
    rows = [
        _row(_TITLES.get(name, name), *(_written(_at(models[name], path), form) for _, path, form in shown))
        for name in _ordered(models)
    ]
    return "\n".join([_head("model", *(head for head, _, _ in shown)), *rows])


def _models_of(result: Any) -> Mapping[str, Any]:
    models: Mapping[str, Any] = (result or {}).get("models", {})
    return models


def _ordered(models: Mapping[str, Any]) -> list[str]:
    """Ours and the known peers in the order of the titles, then others."""
    return [*(name for name in _TITLES if name in models), *sorted(set(models) - set(_TITLES))]


def _at(figures: Any, path: str) -> Any:
    """The figure at the end of ``path``, whose keys may hold dots as in ``0.05``; None where there is none."""
    if not isinstance(figures, Mapping):
        return None
    for key in figures:
        if path == key:
            return figures[key]
        if path.startswith(f"{key}."):
            return _at(figures[key], path.removeprefix(f"{key}."))
    return None


def _written(figure: Any, form: str) -> str:
    if not isinstance(figure, int | float):
        return _NOT_MEASURED
    return f"{figure / 1e6:.0f}" if form == "MB" else format(figure, form)


def _novelty(result: Any) -> str:
    kinds = (result or {}).get("kinds")
    if kinds is None:
        return f"Tickets unlike anything in the history: {_NOT_MEASURED}."
    columns = (
        ("said to be new", "called_new", ".3f"),
        ("level, accuracy", "accuracy.level", ".3f"),
        ("category, accuracy", "accuracy.category", ".3f"),
    )
    rows = [
        _row(title, *(_written(_at(kinds[kind], path), form) for _, path, form in columns))
        for kind, title in _KINDS.items()
    ]
    return "\n".join(
        [
            "Are tickets unlike anything in the history known for that? Each desk left out in turn, plan",
            f"`{result['plan']}`:",
            "",
            _head("tickets of", *(head for head, _, _ in columns)),
            *rows,
        ]
    )


def _curve(result: Any) -> str:
    models = _models_of(result)
    columns = [
        (f"{target}, {size}", f"tickets.{size}.{target}_macro_f1", ".3f")
        for target in ("level", "category")
        for size in ("100", "200", "400", "800", "all")
    ]
    return _models({"models": models}, columns)


def _search(found: Any) -> str:
    found = found or {}
    rows = (
        ("sample, articles", "sample", "article."),
        ("sample, solved tickets", "sample", "ticket."),
        ("sample, English ticket, German articles", "en_tickets_de", ""),
        ("sample, German ticket, article in English only", "de_tickets_en", ""),
        ("sample, German ticket, article in German, in the same base", "de_tickets_de", ""),
        ("sample, English opening, German articles", "en_de", ""),
        ("`sumo-kb`, articles", "sumo-kb", ""),
        ("`askubuntu`, titles", "askubuntu", ""),
    )
    table = [
        _row(
            title,
            *(_written(_at(found, f"{part}.{who}.{kind}ndcg_at_10"), ".3f") for who in _SEARCHES),
        )
        for title, part, kind in rows
    ]
    hits = (("sample", "without its product"), ("sample_with_product", "with its product"))
    first_five = ", ".join(
        f"{how} {_written(_at(found, f'{part}.stellwerk.ticket.hit_at_5'), '.3f')}" for part, how in hits
    )
    kept = _written(_at(found, "sample_kept.stellwerk.article.ndcg_at_10"), ".3f")
    return "\n".join(
        [
            "Search. How words and meaning are fused was chosen on half of the sample's problems (articles on the",
            f"other half: {kept}), and the centres of the vectors were learned from the sample, so its figures are a",
            "little optimistic; the public sets had no part in either. all-MiniLM-L6-v2 was trained on questions of",
            "Stack Exchange, to which `askubuntu` belongs.",
            "",
            _head("nDCG@10", *_SEARCHES.values()),
            *table,
            "",
            f"A solved ticket of the same problem stands among the first five: {first_five}.",
            f"One search takes {_written(_at(found, 'cost.search_ratio'), '.2f')} times as long as with one encoder.",
        ]
    )


def _http(result: Any) -> str:
    ratio = _at(result, "http.latency_ratio")
    told = _NOT_MEASURED if ratio is None else f"{ratio:.2f}"
    return f"One classification over HTTP, as a multiple of encoding the same text with all-MiniLM-L6-v2: {told}."


def _head(*cells: str) -> str:
    return f"{_row(*cells)}\n{_row('---', *('---:' for _ in cells[1:]))}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    CARD.write_text(with_figures(CARD.read_text("utf-8")), "utf-8")
