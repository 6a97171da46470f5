"""Public sets as tickets, read from where they lie: issues of GitHub projects, and words of an IT help desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.classification.split import Split, Tickets, words
from tickets import Label, SolvedTicket, Target, Taxonomy, Ticket

NLBSE, ENDAVA = "nlbse24", "endava-topics"
_TWIN_COSINE = 0.93


@dataclass(frozen=True)
class Repository:
    """One project's issues in the published split, and which tested ones have a near twin among those learned from."""

    name: str
    split: Split
    twins: NDArray[np.bool_]


def repositories(folder: Path) -> list[Repository]:
    """The five projects of NLBSE'24, three hundred issues to learn from and three hundred to test on each."""
    learn, test = (pq.read_table(folder / f"{part}.parquet").to_pylist() for part in ("train", "test"))
    taxonomy = _taxonomy("category", learn, "label")
    found = []
    for name in sorted({row["repo"] for row in learn}):
        split = Split(
            learn=_tickets((row for row in learn if row["repo"] == name), "category", "label"),
            test=_tickets((row for row in test if row["repo"] == name), "category", "label"),
            taxonomy=taxonomy,
        )
        found.append(Repository(name, split, near_twins(split)))
    return found


def topics(folder: Path) -> Split:
    """Forty thousand help-desk tickets with one of eight topics, in the published split."""
    learn, test = (pq.read_table(folder / f"{part}.parquet").to_pylist() for part in ("train", "test"))
    return Split(
        learn=_tickets(learn, "topic", "Topic_group"),
        test=_tickets(test, "topic", "Topic_group"),
        taxonomy=_taxonomy("topic", learn, "Topic_group"),
    )


def near_twins(split: Split) -> NDArray[np.bool_]:
    """Whether a tested ticket is nearly the same text as one learned from: character n-grams' TF-IDF cosine 0.93."""
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    known = grams.fit_transform([words(ticket.ticket) for ticket in split.learn])
    tested = grams.transform([words(ticket.ticket) for ticket in split.test])
    nearest: NDArray[np.float64] = (tested @ known.T).max(axis=1).toarray().ravel()
    return nearest >= _TWIN_COSINE


def _taxonomy(target: str, rows: Sequence[dict[str, Any]], column: str) -> Taxonomy:
    names = sorted({row[column] for row in rows})
    return Taxonomy((Target(name=target, labels=tuple(Label(name) for name in names)),))


def _tickets(rows: Any, target: str, column: str) -> Tickets:
    return tuple(
        SolvedTicket(
            ticket=Ticket(id=row["id"], subject=row["subject"] or "", body=row["body"] or "", language=row["language"]),
            labels={target: row[column]},
            problem=row["id"],
        )
        for row in rows
    )
