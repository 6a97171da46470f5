"""Labels in a table, and the questions they answer."""

from collections.abc import Sequence

import pandas as pd

from tickets import Label, Target, Taxonomy

_UNNAMED = "label"


class LabelTableError(ValueError):
    """Labels cannot be learned as they are given."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(f"the labels {fault}; {cure}")


def labels_of(given: pd.DataFrame | pd.Series | Sequence[str], n_tickets: int) -> pd.DataFrame:
    """One target a column, whatever was given.

    Raises
    ------
    LabelTableError
        There are more or fewer labels than tickets.
    """
    if given is None:
        raise LabelTableError(
            "are missing: requires y to be passed, but the target y is None", "give one label a ticket"
        )
    if isinstance(given, pd.DataFrame):
        table = given
    else:
        name = getattr(given, "name", None) or _UNNAMED
        table = pd.DataFrame({str(name): pd.Series(list(given), dtype=object)})
    if len(table) != n_tickets:
        raise LabelTableError(f"are {len(table):,} for {n_tickets:,} tickets", "give one row of labels for each ticket")
    return table


def questions(labels: pd.DataFrame, taxonomy: Taxonomy | None) -> Taxonomy:
    """The targets that the columns name.

    Raises
    ------
    LabelTableError
        ``taxonomy`` lacks a column's target or a label.
    """
    known = taxonomy or Taxonomy.builtin()
    targets = []
    for name in map(str, labels.columns):
        found = set(labels[name].dropna().astype(str))
        if name in known.names and found <= set(known[name].label_names):
            targets.append(known[name])
        elif taxonomy is None:
            targets.append(Target(name=name, labels=tuple(Label(label) for label in sorted(found))))
        elif name not in known.names:
            raise LabelTableError(
                f"have the column {name!r}", f"use {', '.join(known.names)}, or add a target to the taxonomy"
            )
        else:
            strange = min(found - set(known[name].label_names))
            cure = f"use {', '.join(known[name].label_names)}, or map the desk's own in read_history"
            raise LabelTableError(f"of {name} hold {strange!r}", cure)
    return Taxonomy(tuple(targets), known.review_cost)
