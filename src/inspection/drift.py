"""What changed over time: the newest quarter of the tickets beside those before it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from history import PlacedTicket
from tickets import Taxonomy

NEWEST: Final = 0.25
_WORDS: Final = r"(?u)\b[^\W\d_]{3,}\b"
_FEWEST_DATED: Final = 100
_MOST_READ: Final = 10_000
_MOST_NAMED: Final = 10
_FOLDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDrift:
    """How the labels of one target are spread before and lately."""

    before: Mapping[str, float]
    lately: Mapping[str, float]
    distance: float
    """Total variation: the share of tickets that would have to change their label, in [0, 1]."""
    p_value: float
    """How likely chance alone moves them so far: chi-squared, each label of a problem counted once a period."""
    accuracy_before: float | None
    """How often the model gives the label of tickets it has not learned from; None where that was not asked."""
    accuracy_lately: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The newest quarter of the dated tickets beside the rest."""

    since: str
    """The date on which the newest quarter begins."""
    n_before: int
    n_lately: int
    labels: Mapping[str, LabelDrift]
    new_products: float
    """The share of recent tickets, of those that name a product, whose product never came before."""
    risen_products: Mapping[str, tuple[float, float]]
    """Products whose share grew most: before and lately."""
    words_auc: float
    """How well words tell new from old tickets of problems not learned from: 0.5 not at all, 1 always."""
    new_words: tuple[str, ...]
    old_words: tuple[str, ...]


def drift(
    placed: Sequence[PlacedTicket],
    words: Sequence[str],
    taxonomy: Taxonomy,
    truth: Mapping[str, NDArray[np.intp]],
    groups: NDArray[np.intp],
    shares: Mapping[str, NDArray[np.float64]] | None,
    seed: int,
) -> Drift | None:
    """What changed; None where fewer than 100 tickets are dated, or all on one day."""
    dated = np.array([row for row, one in enumerate(placed) if one.solved.ticket.created_at], dtype=np.intp)
    if len(dated) < _FEWEST_DATED:
        return None
    times = np.array([placed[row].solved.ticket.created_at.timestamp() for row in dated])
    bound = np.quantile(times, 1 - NEWEST)
    lately = times >= bound
    if lately.all():
        return None
    labels = {
        target.name: _label_drift(
            truth[target.name][dated],
            target.label_names,
            lately,
            groups[dated],
            None if shares is None else shares[target.name][dated].argmax(axis=1),
        )
        for target in taxonomy
    }
    products = [placed[row].solved.ticket.product for row in dated]
    new_products, risen = _products(products, lately)
    auc, new_words, old_words = _words([words[row] for row in dated], lately, groups[dated], seed)
    since = placed[dated[np.flatnonzero(lately)[times[lately].argmin()]]].solved.ticket.created_at
    return Drift(
        since=f"{since:%Y-%m-%d}",
        n_before=int((~lately).sum()),
        n_lately=int(lately.sum()),
        labels=labels,
        new_products=new_products,
        risen_products=risen,
        words_auc=auc,
        new_words=new_words,
        old_words=old_words,
    )


def _label_drift(
    labels: NDArray[np.intp],
    names: Sequence[str],
    lately: NDArray[np.bool_],
    groups: NDArray[np.intp],
    answered: NDArray[np.intp] | None,
) -> LabelDrift:
    known = labels >= 0
    before, after = known & ~lately, known & lately
    shares = [np.bincount(labels[part], minlength=len(names)) / max(1, int(part.sum())) for part in (before, after)]
    _, kept = np.unique(np.stack([groups[known], lately[known], labels[known]]), axis=1, return_index=True)
    one_each = np.flatnonzero(known)[kept]
    table = np.stack(
        [np.bincount(labels[one_each[lately[one_each] == part]], minlength=len(names)) for part in (False, True)]
    )
    table = table[:, table.any(axis=0)]
    testable = table.shape[1] > 1 and table.any(axis=1).all()
    right = None if answered is None else answered == labels
    return LabelDrift(
        before=dict(zip(names, shares[0].tolist(), strict=True)),
        lately=dict(zip(names, shares[1].tolist(), strict=True)),
        distance=float(np.abs(shares[0] - shares[1]).sum() / 2),
        p_value=float(chi2_contingency(table).pvalue) if testable else 1.0,
        accuracy_before=float(right[before].mean()) if right is not None and before.any() else None,
        accuracy_lately=float(right[after].mean()) if right is not None and after.any() else None,
    )


def _products(
    products: Sequence[str | None], lately: NDArray[np.bool_]
) -> tuple[float, dict[str, tuple[float, float]]]:
    counts = [
        Counter(name for name, new in zip(products, lately.tolist(), strict=True) if name and new == part)
        for part in (False, True)
    ]
    n_before, n_lately = (max(1, count.total()) for count in counts)
    rise = {name: (counts[0][name] / n_before, n / n_lately) for name, n in counts[1].items()}
    risen = sorted(rise.items(), key=lambda item: item[1][0] - item[1][1])[:_MOST_NAMED]
    new = sum(n for name, n in counts[1].items() if name not in counts[0])
    return new / n_lately, {name: pair for name, pair in risen if pair[1] > pair[0]}


def _words(
    words: Sequence[str], lately: NDArray[np.bool_], groups: NDArray[np.intp], seed: int
) -> tuple[float, tuple[str, ...], tuple[str, ...]]:
    """How well words tell old from new, and which tell it best; of many tickets some are drawn."""
    rows = np.arange(len(words))
    if len(rows) > _MOST_READ:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _MOST_READ, replace=False))
    lately, groups = lately[rows], groups[rows]
    if len(np.unique(groups)) < _FOLDS or lately.all() or not lately.any():
        return 0.5, (), ()
    terms = TfidfVectorizer(min_df=3, sublinear_tf=True, token_pattern=_WORDS)
    try:
        table = terms.fit_transform([words[row] for row in rows.tolist()])
    except ValueError:  # no word is frequent enough
        return 0.5, (), ()
    judge = LogisticRegression(class_weight="balanced", max_iter=500)
    scores = cross_val_predict(judge, table, lately, groups=groups, cv=GroupKFold(_FOLDS), method="decision_function")
    names, weights = terms.get_feature_names_out(), judge.fit(table, lately).coef_[0]
    order = np.argsort(weights)
    return (
        float(roc_auc_score(lately, scores)),
        tuple(names[order[::-1][:_MOST_NAMED]].tolist()),
        tuple(names[order[:_MOST_NAMED]].tolist()),
    )
