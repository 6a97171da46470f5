"""Whether tickets are told that no article answers: articles of some products are taken away."""

import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, Final

import numpy as np
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from benchmarks.sample import DATA, encoder, solved_tickets
from benchmarks.scope import Scope
from knowledge import Case, KnowledgeBase, Library, UnreadableSource, covered, read_articles, themes_of, vector_of

_ROUNDS: Final = 10
_PLANTED: Final = 0.2
_KNOWN: Final = 0.5


def measure(scope: Scope) -> dict[str, Any]:
    """Precision and recall of tickets told to lack an answer, by all their words and by the customer's alone.

    In each round the articles of one product in five are taken away: tickets that name one of these lack an
    answer. Of the tickets that name another article, those of half of the articles say so (from these the
    bound is learned), and those of the other half keep it to themselves: they have an answer, and tell how
    often a ticket is told wrongly.
    """
    solved = scope.limited(solved_tickets())
    articles = list(read_articles([DATA / "articles.jsonl"], report=_tell))
    with tempfile.TemporaryDirectory() as folder:
        base, _ = KnowledgeBase.rebuild(Path(folder) / "knowledge", encoder(), [*articles, *solved])
        with base:
            library = base.library()
    cases = list(library.cases.values())
    own_words = [Case({"ticket": case.rows["ticket"]}) for case in cases if "ticket" in case.rows]
    problems = {one.ticket.id or "": one.problem or "" for one in solved}
    return {
        "n_tickets": len(cases),
        "n_articles": len(articles),
        "with_resolution": _rounds(cases, library),
        "without_resolution": _rounds(own_words, library),
        "themes": {"with_resolution": _themes(cases, problems), "without_resolution": _themes(own_words, problems)},
    }


def _tell(fault: UnreadableSource) -> None:
    raise ValueError(f"the sample cannot be read: {fault}")


def _rounds(cases: Sequence[Case], library: Library) -> dict[str, Any]:
    rounds = [_round(cases, library, random.Random(seed)) for seed in range(_ROUNDS)]  # noqa: S311 - nothing secret
    means = {name: mean(one[name] for one in rounds) for name in rounds[0]}
    return {"mean": means, "rounds": rounds}


def _round(cases: Sequence[Case], library: Library, chance: random.Random) -> dict[str, float]:
    products = sorted({row.product or "" for row in library.passages})
    planted = set(chance.sample(products, round(_PLANTED * len(products))))
    gone = {row.document for row in library.passages if (row.product or "") in planted}
    passages = [row for row in library.passages if row.document not in gone]
    left = sorted({row.document for row in passages})
    said = set(chance.sample(left, round(_KNOWN * len(left))))
    named = np.array([case.row.article_id or "" for case in cases])
    known = {case.row.document: case.row.article_id for case in cases if case.row.article_id in said}
    coverage = covered(cases, passages, {ticket: article for ticket, article in known.items() if article})
    told = coverage.probabilities < coverage.bound
    lacks = np.isin(named, sorted(gone))
    has = np.isin(named, sorted(set(left) - said))
    judged = lacks | has
    return {
        "n_articles_taken_away": len(gone),
        "n_lacking": int(lacks.sum()),
        "n_answered": int(has.sum()),
        "precision": float((told & lacks).sum() / max(1, (told & judged).sum())),
        "recall": float(told[lacks].mean()),
        "answered_told_as_lacking": float(told[has].mean()),
        "roc_auc": float(roc_auc_score(lacks[judged], -coverage.probabilities[judged])),
        "without_any_article_told": float(told[named == ""].mean()),
        "expected_recall": coverage.recall,
        "expected_answered_told_as_lacking": coverage.false_alarms,
    }


def _themes(cases: Sequence[Case], problems: Mapping[str, str]) -> dict[str, float]:
    """How well the themes of tickets without any article agree with their problems."""
    without = [case for case in cases if not case.row.article_id]
    centre = np.mean([vector_of(case) for case in cases], axis=0)
    themes = themes_of(without, centre)
    number = {place: theme for theme, places in enumerate(themes) for place in places}
    found = [number[place] for place in range(len(without))]
    return {
        "n_tickets": len(without),
        "n_themes": len(themes),
        "n_single": sum(len(theme) == 1 for theme in themes),
        "adjusted_rand": float(adjusted_rand_score([problems[case.row.document] for case in without], found)),
    }
