"""Recall and precision of masking by kind on a labelled set, and what it masks in the sample's tickets."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.scope import Scope
from masking import Kind, Span, find

LABELLED = Path(__file__).with_name("labelled.jsonl")
_SAMPLE = Path("data/history.jsonl")


def labelled(half: str) -> list[tuple[str, frozenset[Span]]]:
    """The texts of one half, ``tuned`` or ``held-out``, and what stands in each."""
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    return [
        (row["text"], frozenset(Span(start, end, Kind(kind)) for start, end, kind in row["spans"]))
        for row in rows
        if row["half"] == half
    ]


def scores(texts: Iterable[tuple[str, frozenset[Span]]]) -> dict[str, dict[str, float | int | None]]:
    """By kind, and under ``all``, the share found with exact bounds, and of what is found the share that is right."""
    true, found, right = Counter[str](), Counter[str](), Counter[str]()
    for text, spans in texts:
        told = set(find(text))
        for counted, those in ((true, spans), (found, told), (right, told & spans)):
            counted.update(span.kind.value for span in those)
    for counted in (true, found, right):
        counted["all"] = counted.total()
    return {
        kind: {
            "n_spans": true[kind],
            "recall": right[kind] / true[kind] if true[kind] else None,
            "precision": right[kind] / found[kind] if found[kind] else None,
        }
        for kind in (*Kind, "all")
    }


def measure(scope: Scope) -> dict[str, Any]:  # noqa: ARG001 - there is but one set
    """Both halves of the labelled set, what is masked in the sample, and the speed on it."""
    texts = [
        "\n".join(str(row.get(name) or "") for name in ("subject", "body", "resolution"))
        for row in map(json.loads, _SAMPLE.read_text("utf-8").splitlines())
    ]
    started = time.perf_counter()
    masked = Counter(span.kind.value for text in texts for span in find(text))
    seconds = time.perf_counter() - started
    return {
        "halves": {half: scores(labelled(half)) for half in ("tuned", "held-out")},
        "sample": {
            "n_tickets": len(texts),
            "masked": dict(masked),
            "milliseconds_per_ticket": 1000 * seconds / len(texts),
        },
    }
