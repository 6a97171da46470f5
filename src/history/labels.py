"""The desk's labels read as ours."""

import shlex
from collections.abc import Mapping

from history.cells import label_text
from history.fault import Reason, RowFault, shortened
from history.mapping import HistoryMapping
from tickets import Target, Taxonomy


class LabelReader:
    """Reads the label of one target: by the mapping, then by its own name, then either in other capitals."""

    def __init__(self, target: Target, words: Mapping[str, str]) -> None:
        self.target = target
        names = {name: name for name in target.label_names}
        self._exact = names | dict(words) | {label_text(theirs, ""): ours for theirs, ours in words.items()}
        self._folded = _folded(names) | _folded(words)

    def read(self, value: object, column: str) -> str | None:
        """Our label for the cell, or None where the cell is empty.

        Raises
        ------
        RowFault
            The cell names no label of the target.
        """
        text = label_text(value, column)
        if not text:
            return None
        label = self._exact.get(text) or self._folded.get(text.casefold())
        if label is None:
            first, *others = self.target.label_names
            option = shlex.quote(f"{self.target.name}:{shortened(text)[1:-1]}={first}")
            cure = f"map it with --label {option} (or {', '.join(others)})"
            message = f"{shortened(text)} is no {self.target.name}; {cure}"
            raise RowFault(Reason.UNKNOWN_LABEL, column, message)
        return label


def label_readers(taxonomy: Taxonomy, mapping: HistoryMapping) -> dict[str, LabelReader]:
    """One reader for each target, by its name and in the taxonomy's order."""
    return {target.name: LabelReader(target, mapping.labels.get(target.name, {})) for target in taxonomy}


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    """The words without capitals, less those that would then mean two labels."""
    meanings: dict[str, set[str]] = {}
    for theirs, ours in words.items():
        meanings.setdefault(theirs.casefold(), set()).add(ours)
    return {theirs: ours.pop() for theirs, ours in meanings.items() if len(ours) == 1}
