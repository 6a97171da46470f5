"""Whether an article answers a solved ticket: told by likeness, judged by a bound learned from known answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.conditions import SeenBy
from knowledge.engine import Field, KnowledgeError, Row

Floats = NDArray[np.float32]
FEWEST_KNOWN: Final = 30
"""Tickets whose right article is known, below which no bound is learned."""
_FOLDS: Final = 5
_AT_ONCE: Final = 500
_SURE_ENOUGH: Final = 0.5


class UnknownAnswersError(KnowledgeError):
    """Too few right answers are known to learn what a good one is."""

    def __init__(self, n_known: int) -> None:
        super().__init__(
            f"the right article is known of {n_known} solved tickets; to learn what a good answer is, {FEWEST_KNOWN} "
            "are needed, of several articles that say the same; fill article_id in the history, then run "
            "`stellwerk index` again"
        )


@dataclass(slots=True)
class Case:
    """A solved ticket's rows: its own words, and its product and resolution; at least one of them."""

    rows: dict[Field, Row] = field(default_factory=dict)

    @property
    def row(self) -> Row:
        """The row that says most about the ticket as it came."""
        return self.rows.get("ticket") or self.rows["resolution"]


@dataclass(slots=True)
class Library:
    """All documents of a base, as a whole: solved tickets, and the passages of articles."""

    cases: dict[str, Case] = field(default_factory=dict)
    passages: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, batches: Iterable[Sequence[Row]]) -> "Library":
        """The documents that these rows belong to, by id."""
        library = cls()
        for row in (row for batch in batches for row in batch):
            if row.kind == "article":
                library.passages.append(row)
            else:
                library.cases.setdefault(row.document, Case()).rows[row.field] = row
        library.cases = dict(sorted(library.cases.items()))
        library.passages.sort(key=lambda row: (row.document, row.part))
        return library

    def seen_by(self, customers: frozenset[str] | None) -> "Library":
        """What of it these customers may see; all of it for None."""
        if customers is None:
            return self
        seen = SeenBy(customers)
        cases = {id_: case for id_, case in self.cases.items() if seen.sees("ticket", case.row.customer)}
        passages = [row for row in self.passages if seen.sees("article", row.customer)]
        return Library(cases=cases, passages=passages)


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each ticket the probability that an article answers it, and what is known about that judgement.

    Both shares are of known answers that were hidden from the learning: ``recall`` of tickets told to lack an
    answer when their article is taken away, ``false_alarms`` of those told so while it is there.
    """

    probabilities: Floats
    best: tuple[str, ...]
    """The article most likely to answer each ticket."""
    n_known: int
    recall: float
    false_alarms: float

    @property
    def bound(self) -> float:
        """Below this, no article is held to answer a ticket."""
        return _SURE_ENOUGH


def covered(cases: Sequence[Case], passages: Sequence[Row], known: Mapping[str, str]) -> Coverage:
    """How likely the articles answer each of ``cases``.

    The judge learns from tickets whose article is ``known``, twice each: with all articles, where the most
    alike is right or wrong, and with the right one taken away, where it is wrong. Products are not looked at:
    a product may have articles, and still none on this.

    Raises
    ------
    UnknownAnswersError
        Too few tickets name an article that is here and says the same.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to import
    from sklearn.model_selection import GroupKFold, cross_val_predict  # noqa: PLC0415 - slow to import
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - slow to import
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - slow to import

    articles = sorted({row.document for row in passages})
    place = {article: number for number, article in enumerate(articles)}
    rights = np.array([place.get(known.get(case.row.document, ""), -1) for case in cases], np.intp)
    linked = np.flatnonzero(rights >= 0)
    if len(linked) < FEWEST_KNOWN or len(set(rights[linked].tolist())) < 2:
        raise UnknownAnswersError(len(linked))
    measures = _measures(cases, passages, place)
    as_it_is, best = _evidence(measures)
    without = measures[linked].copy()
    without[np.arange(len(linked)), rights[linked]] = -np.inf
    evidence = np.concatenate([as_it_is[linked], _evidence(without)[0]])
    right = np.concatenate([best[linked] == rights[linked], np.zeros(len(linked), bool)])
    judge = make_pipeline(StandardScaler(), LogisticRegression())
    folds = GroupKFold(min(_FOLDS, len(set(rights[linked].tolist()))))
    groups = np.tile(rights[linked], 2)
    if any(len(set(right[learned].tolist())) < 2 for learned, _ in folds.split(evidence, right, groups)):
        raise UnknownAnswersError(len(linked))
    unseen = cross_val_predict(judge, evidence, right, groups=groups, cv=folds, method="predict_proba")[:, 1]
    flagged = unseen < _SURE_ENOUGH
    probabilities = judge.fit(evidence, right).predict_proba(as_it_is)[:, 1]
    return Coverage(
        probabilities=probabilities.astype(np.float32),
        best=tuple(articles[number] for number in best),
        n_known=len(linked),
        recall=float(flagged[len(linked) :].mean()),
        false_alarms=float(flagged[: len(linked)].mean()),
    )


def _measures(cases: Sequence[Case], passages: Sequence[Row], place: Mapping[str, int]) -> Floats:
    """How alike each ticket and each article are, of shape (n_tickets, n_articles, 4).

    By the vectors and by the words (TF-IDF), of the ticket's own words and of its resolution, each with the
    article's best passage. A ticket that lacks one of the two has the other in its place.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to import

    terms = TfidfVectorizer(analyzer=str.split, sublinear_tf=True)
    filed = terms.fit_transform([row.fts for row in passages])
    vectors = np.stack([row.vector for row in passages])
    starts = np.flatnonzero([n == 0 or row.document != passages[n - 1].document for n, row in enumerate(passages)])
    measures = np.empty((len(cases), len(place), 4), np.float32)
    for begin in range(0, len(cases), _AT_ONCE):
        some = cases[begin : begin + _AT_ONCE]
        for number, name in enumerate(("ticket", "resolution")):
            rows = [case.rows.get(name, case.row) for case in some]  # type: ignore[call-overload]
            cosines = np.stack([row.vector for row in rows]) @ vectors.T
            shared = (terms.transform([row.fts for row in rows]) @ filed.T).toarray()
            measures[begin : begin + _AT_ONCE, :, 2 * number] = np.maximum.reduceat(cosines, starts, axis=1)
            measures[begin : begin + _AT_ONCE, :, 2 * number + 1] = np.maximum.reduceat(shared, starts, axis=1)
    return measures


def _evidence(measures: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """What speaks for the most alike article of each ticket, of shape (n_tickets, 5), and its number.

    Its four measures, and how far it stands above the second; measures are weighed by how far they spread.
    """
    spreads = np.array([measures[..., i][np.isfinite(measures[..., i])].std() or 1.0 for i in range(4)], np.float32)
    alike = (measures / spreads).sum(axis=2)
    best = alike.argmax(axis=1)
    rows = np.arange(len(alike))
    second = alike.copy()
    second[rows, best] = -np.inf
    margin = alike[rows, best] - second.max(axis=1)
    margin[~np.isfinite(margin)] = 0.0  # there is no second
    return np.column_stack([measures[rows, best], margin]), best
