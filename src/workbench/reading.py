"""A desk's export files as one table."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import history
from history import HistoryMapping, RejectLog, to_frame
from tickets import Taxonomy

if TYPE_CHECKING:
    import pandas as pd

SOURCE: Final = "source"
"""Under which a table's ``attrs`` name the files it was read from."""


class RejectedRowsWarning(UserWarning):
    """Rows of a history could not be used."""


def read_history(
    *files: str | Path,
    taxonomy: Taxonomy | None = None,
    columns: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    mapping: str | Path | None = None,
    rejects: str | Path | None = None,
) -> "pd.DataFrame":
    """The solved tickets of CSV, JSON Lines or Parquet files, one a row; times in UTC, targets as columns of words.

    Parameters
    ----------
    taxonomy : Taxonomy, optional
        The targets to read; the built-in level and category without one.
    columns : mapping, optional
        The desk's column by ours: ``{"body": "Description"}``.
    labels : mapping, optional
        Our label by target and the desk's: ``{"category": {"Incident": "bug"}}``.
    mapping : path, optional
        A TOML file with the same; what is given here goes before it.
    rejects : path, optional
        Where rows that cannot be used are written whole.

    Returns
    -------
    DataFrame
        Its ``attrs["source"]`` names the files, and goes with the model into MLflow.

    Warns
    -----
    RejectedRowsWarning
        Some rows could not be used; it counts them by reason.
    """
    named = HistoryMapping.parse(file=Path(mapping) if mapping else None)
    known = {target: dict(words) for target, words in named.labels.items()}
    for target, words in (labels or {}).items():
        known[target] = known.get(target, {}) | dict(words)
    with RejectLog(Path(rejects) if rejects else None) as log:
        solved = history.read_history(
            [Path(file) for file in files],
            taxonomy=taxonomy or Taxonomy.builtin(),
            mapping=HistoryMapping(dict(named.columns) | dict(columns or {}), known),
            rejects=log,
        )
        frame = to_frame(solved)
        if log.n_rejected:
            warnings.warn(log.summary(), RejectedRowsWarning, stacklevel=2)
    frame.attrs[SOURCE] = ", ".join(str(file) for file in files)
    return frame
