"""What gives a label away that no arriving ticket would tell: columns, single words, and words written later."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from history import PlacedTicket
from inspection.finding import WEIGHTS, Finding, Kind
from tickets import Target, Taxonomy

_WORDS: Final = r"(?u)\b\w+\b"
_SURE: Final = 0.8
"""Share of the mistakes of always answering the commonest label that a column's cell alone may save unremarked."""
_TELLING: Final = 0.9
_FEWEST_PROBLEMS: Final = 20
_PARTS: Final = 5
_MOST_WORDS: Final = 10
_QUOTED_WORDS: Final = 8
_WORD: Final = re.compile(r"\w+")
_QUEUE: Final = ("queue", "warteschlange", "gruppe", "group", "assigned to", "zugewiesen an", "team")
_SEEN_BY_MODELS: Final = ("product",)
_TICKET: Final = ("channel", "product", "customer", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingColumn:
    """A column whose cell alone tells a target's label."""

    target: str
    column: str
    accuracy: float
    """How often the commonest label of a cell is right in problems that it was not counted on."""
    gain: float
    """The share of the mistakes of always answering the commonest label that this saves, in [0, 1]."""
    suspicious: bool
    """Whether that is so much that the column is likely to be filled after routing."""
    seen_by_models: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingWord:
    """A word, or two in a row, that almost alone tells a label."""

    target: str
    words: str
    label: str
    n_problems: int
    """Problems whose tickets hold it."""
    share: float
    """The share of these that have the label."""


def telling_columns(
    placed: Sequence[PlacedTicket], truth: Mapping[str, NDArray[np.intp]], groups: NDArray[np.intp]
) -> list[TellingColumn]:
    """How well each column tells each label, best first; columns of the solution are left out, no model sees them."""
    told = []
    for column, cells in _columns(placed):
        if len(set(cells)) < 2:
            continue
        for target, labels in truth.items():
            if not (labels >= 0).any():
                continue
            accuracy, usual = _lookup(cells, labels, groups)
            gain = max(0.0, (accuracy - usual) / (1 - usual)) if usual < 1 else 0.0
            told.append(
                TellingColumn(
                    target=target,
                    column=column,
                    accuracy=accuracy,
                    gain=gain,
                    suspicious=gain >= _SURE,
                    seen_by_models=column in _SEEN_BY_MODELS,
                )
            )
    return sorted(told, key=lambda one: -one.gain)


def telling_words(
    words: Sequence[str], taxonomy: Taxonomy, truth: Mapping[str, NDArray[np.intp]], groups: NDArray[np.intp]
) -> list[TellingWord]:
    """Words of at least twenty problems of which, with 95 % confidence, nine in ten have one label.

    Some are what customers say; those that a system or an agent wrote ("forwarded to SAP-Basis") give the answer away.
    """
    counts = CountVectorizer(binary=True, ngram_range=(1, 2), min_df=_FEWEST_PROBLEMS, token_pattern=_WORDS)
    try:
        held = counts.fit_transform(words)
    except ValueError:  # no word is that frequent
        return []
    terms = counts.get_feature_names_out()
    found = []
    for target in taxonomy:
        labels = truth[target.name]
        known = np.flatnonzero(labels >= 0)
        if not len(known):
            continue
        _, one_of_each = np.unique(np.stack([groups[known], labels[known]]), axis=1, return_index=True)
        rows = known[one_of_each]
        found += _telling(held, rows, labels[rows], terms, target)
    return found


def text_findings(placed: Sequence[PlacedTicket], taxonomy: Taxonomy) -> list[Finding]:
    """Tickets whose own words name a label or a queue as a system writes it, or quote the resolution."""
    stated = {target.name: _label_pattern(target) for target in taxonomy}
    found = []
    for row, one in enumerate(placed):
        text = f"{one.solved.ticket.subject}\n{one.solved.ticket.body}"
        for name, pattern in stated.items():
            if match := pattern.search(text):
                reason = f'states "{" ".join(match[0].split())}", as is known only once {name} is decided'
                found.append(_finding(row, Kind.NAMES_LABEL, reason, name))
        if one.solved.solution and (quoted := _quoted(text, one.solved.solution.resolution)):
            reason = f'quotes its resolution ("{quoted} ..."); keep only what the customer wrote first'
            found.append(_finding(row, Kind.QUOTES_RESOLUTION, reason, None))
    return found


def _finding(row: int, kind: Kind, reason: str, target: str | None) -> Finding:
    return Finding(row=row, kind=kind, weight=WEIGHTS[kind], reason=reason, target=target)


def _columns(placed: Sequence[PlacedTicket]) -> Iterator[tuple[str, list[str]]]:
    for column in _TICKET:
        yield column, [getattr(one.solved.ticket, column) or "" for one in placed]
    for column in dict.fromkeys(column for one in placed for column in one.others):
        yield column, [one.others.get(column, "") for one in placed]


def _lookup(cells: list[str], labels: NDArray[np.intp], groups: NDArray[np.intp]) -> tuple[float, float]:
    """How often the commonest label of a cell in the other parts is right, and how often the commonest of all is."""
    known = np.flatnonzero(labels >= 0)
    cell = np.unique(cells, return_inverse=True)[1][known]
    label, part = labels[known], groups[known] % _PARTS
    right = usual_right = 0
    for number in range(_PARTS):
        told, asked = part != number, part == number
        counts = np.zeros((cell.max() + 1, label.max() + 1), dtype=np.intp)
        np.add.at(counts, (cell[told], label[told]), 1)
        usual = counts.sum(axis=0).argmax()
        answer = np.where(counts.any(axis=1), counts.argmax(axis=1), usual)
        right += int((answer[cell[asked]] == label[asked]).sum())
        usual_right += int((label[asked] == usual).sum())
    return right / len(known), usual_right / len(known)


def _telling(
    held: Any, rows: NDArray[np.intp], labels: NDArray[np.intp], terms: NDArray[np.object_], target: Target
) -> list[TellingWord]:
    of_label = np.stack([np.asarray(held[rows[labels == i]].sum(axis=0)).ravel() for i in range(len(target.labels))])
    n = of_label.sum(axis=0)
    best, most = of_label.argmax(axis=0), of_label.max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = most / n
        sure = share - 1.645 * np.sqrt(share * (1 - share) / n + 0.25 / n**2)
    usual = np.bincount(labels, minlength=len(target.labels)) / len(labels)
    telling = np.flatnonzero((n >= _FEWEST_PROBLEMS) & (sure >= _TELLING) & (usual[best] < _TELLING / 2))
    order = telling[np.argsort(-most[telling], kind="stable")][:_MOST_WORDS]
    return [
        TellingWord(
            target=target.name,
            words=str(terms[i]),
            label=target.label_names[best[i]],
            n_problems=int(n[i]),
            share=float(share[i]),
        )
        for i in order
    ]


def _label_pattern(target: Target) -> re.Pattern[str]:
    """What a system writes: the target's or a queue's name, a sign, and a label: "Level: 2", "Kategorie = Fehler".

    After a queue's name a label of one or two characters is no sign of anything ("Gruppe: 2").
    """
    labels = {word for label in target.labels for word in (label.name, *label.display.values())}
    own = rf"(?:{_any_of({target.name, *target.display.values()})})\s{{0,3}}[:=]\s{{0,3}}(?:{_any_of(labels)})"
    long = {word for word in labels if len(word) > 2}
    queue = rf"|(?:{_any_of(set(_QUEUE))})\s{{0,3}}[:=]\s{{0,3}}(?:{_any_of(long)})" if long else ""
    return re.compile(rf"\b(?:{own}{queue})\b", re.IGNORECASE)


def _any_of(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _quoted(text: str, resolution: str) -> str:
    """The first eight words in a row that ``text`` shares with ``resolution``; empty where there are none."""
    closing = _WORD.findall(resolution.casefold())
    if len(closing) < _QUOTED_WORDS:
        return ""
    own = _WORD.findall(text.casefold())
    runs = {tuple(own[at : at + _QUOTED_WORDS]) for at in range(len(own) - _QUOTED_WORDS + 1)}
    found = (closing[at : at + _QUOTED_WORDS] for at in range(len(closing) - _QUOTED_WORDS + 1))
    return next((" ".join(run) for run in found if tuple(run) in runs), "")
