"""Tickets whose labels differ though they should agree: of one problem, or almost the same words."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

from history import PlacedTicket
from inspection.copies import Copies
from inspection.finding import Finding, Kind
from tickets import Taxonomy

Groups = list[list[int]]
_MOST_NAMED: Final = 3


def problems_of(placed: Sequence[PlacedTicket]) -> Groups:
    """The rows of each problem that has several."""
    return _together([one.solved.problem for one in placed])


def twins_of(copies: Copies) -> Groups:
    """The rows of each family of copies."""
    return _together(copies.family.tolist())


def conflicts(groups: Groups, kind: Kind, placed: Sequence[PlacedTicket], taxonomy: Taxonomy) -> list[Finding]:
    """A finding for each ticket whose label the others of its group outvote; for all of them where none has more.

    The weight is the share that the others would have with one more ticket on its side: 3 against 1 give 3/4.
    """
    found = []
    for rows in groups:
        for name in taxonomy.names:
            labels = {row: label for row in rows if (label := placed[row].solved.labels.get(name)) is not None}
            counts = Counter(labels.values())
            if len(counts) < 2:
                continue
            for row, label in labels.items():
                usual, most = max(((one, n) for one, n in counts.items() if one != label), key=lambda pair: pair[1])
                if counts[label] <= most:
                    found.append(
                        Finding(
                            row=row,
                            kind=kind,
                            weight=most / (most + counts[label]),
                            target=name,
                            suggested=usual if counts[label] < most else None,
                            reason=_reason(kind, name, label, usual, [r for r in labels if labels[r] == usual], placed),
                        )
                    )
    return found


def _reason(kind: Kind, target: str, label: str, usual: str, others: list[int], placed: Sequence[PlacedTicket]) -> str:
    named = ", ".join(f"{placed[row].solved.ticket.id} ({placed[row].place})" for row in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
    group = "of the same problem" if kind is Kind.PROBLEM_CONFLICT else "with almost the same words"
    return f'{target} is "{label}", but "{usual}" for tickets {group}: {named}{more}'


def _together(keys: Sequence[Hashable]) -> Groups:
    groups: dict[Hashable, list[int]] = {}
    for row, key in enumerate(keys):
        if key is not None:
            groups.setdefault(key, []).append(row)
    return [rows for rows in groups.values() if len(rows) > 1]
