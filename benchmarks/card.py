"""The model card's figures, written from ``benchmarks/results/`` so that no figure is copied by hand.

``python -m benchmarks.card`` rewrites the part of ``docs/model-card.md`` between its two markers.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent.parent
_RESULTS = _ROOT / "benchmarks" / "results"
CARD = _ROOT / "docs" / "model-card.md"
_BEGIN, _END = "<!-- figures -->", "<!-- /figures -->"
_MODELS = {
    "default": "plan `default`",
    "fast": "plan `fast`",
    "tfidf_lr": "word and character TF-IDF with logistic regression",
}


def with_figures(card: str) -> str:
    """The card's text with the measured figures between its markers."""
    before, rest = card.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n\n{_figures()}\n{_END}{after}"


def _figures() -> str:
    new, recurring = _result("classification")["models"], _result("recurring")["models"]
    found, speed = _result("search"), _result("latency")
    new_measures = ("level_macro_f1", "category_macro_f1", "level_ece_pooled", "category_ece_pooled")
    recurring_measures = ("level_accuracy", "category_accuracy")
    return f"""\
New problems (five folds, mean; expected calibration error, ECE, pooled over all tickets):

{_table("model", "level macro-F1", "category macro-F1", "level ECE", "category ECE")}
{_models(new, new_measures)}

Recurring problems (each problem's last ticket arrives, the others are history). Most products of the sample have one
problem only, which makes these figures generous:

{_table("model", "level accuracy", "category accuracy")}
{_models(recurring, recurring_measures)}

Search. The weights by which words and meaning are fused were chosen on parts of the sample's own judgements, so its
figures are optimistic; Mozilla's support questions (`sumo-kb`) had no part in it:

{_table("nDCG@10", "Stellwerk", "BM25")}
{_row("articles, sample", _found(found["sample"], "article"), _found(found["sample_articles_bm25"], "article"))}
{_row("solved tickets, sample", _found(found["sample"], "ticket"), "")}
{_row("articles, sumo-kb", _found(found["sumo-kb"], "article"), _found(found.get("sumo-kb_bm25"), "article"))}

One classification over HTTP takes {speed["ratio"]:.2f} times as long as encoding the same text with all-MiniLM-L6-v2 in
torch (median of the pairs; torch on both of two cores, Stellwerk on one).
"""


def _table(*head: str) -> str:
    return f"{_row(*head)}\n{_row('---', *('---:' for _ in head[1:]))}"


def _models(models: dict[str, dict[str, float]], measures: Sequence[str]) -> str:
    return "\n".join(
        _row(title, *(f"{models[name][measure]:.3f}" for measure in measures)) for name, title in _MODELS.items()
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _found(figures: Any, kind: str) -> str:
    return f"{figures[kind]['ndcg_at_10']:.3f}" if isinstance(figures, dict) else "not measured"


def _result(name: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((_RESULTS / f"{name}.json").read_text("utf-8"))
    return result


if __name__ == "__main__":
    CARD.write_text(with_figures(CARD.read_text("utf-8")), "utf-8")
