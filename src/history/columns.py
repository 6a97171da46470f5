"""Which of a file's columns is which of ours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from history.export import columns_of
from history.fault import HistoryError
from history.mapping import SOLUTION_COLUMNS, THREAD_COLUMN, TICKET_COLUMNS, HistoryMapping

_TEXT_COLUMNS = ("subject", "body", THREAD_COLUMN)


@dataclass(slots=True)
class ColumnFinder:
    """Finds our columns among a file's: by the mapped name, then by the same name in other capitals."""

    mapping: HistoryMapping
    targets: Sequence[str] = ()
    solved: bool = False
    """Whether the columns of a solution are looked for too."""
    _found: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What the desk calls each column looked for, by our name."""
        ours = (*TICKET_COLUMNS, THREAD_COLUMN, *self.targets, *(SOLUTION_COLUMNS if self.solved else ()))
        return {name: self.mapping.columns.get(name, name) for name in ours}

    def find(self, present: tuple[str, ...]) -> Mapping[str, str]:
        """The file's name for each of our columns that is there."""
        if present not in self._found:
            if len(self._found) > 1000:  # JSON objects may differ without end
                self._found.clear()
            self._found[present] = _match(self.names, present)
        return self._found[present]

    def check(self, file: Path) -> None:
        """Raise a ``HistoryError`` that names the cure where ``file`` lacks a column it must have."""
        present = columns_of(file, names=self.names.values(), enough=lambda keys: not self._missing(tuple(keys)))
        missing = self._missing(present)
        if not missing:
            return
        has = f"it has {', '.join(present)}"
        name = missing[0]
        if name in self.mapping.columns:
            fault = f'has no column "{self.mapping.columns[name]}" for {name}; {has}'
            raise HistoryError(file, fault, f"name one of them with --column {name}=...")
        if name in _TEXT_COLUMNS:
            fault = f"has no usable column, neither body nor subject; {has}"
            raise HistoryError(file, fault, "name the one with the customer's words with --column body=...")
        others = " ".join(f"--target {target}" for target in self.targets if target not in missing)
        cure = f"name it with --column {name}=..." + (f", or learn only the others with {others}" if others else "")
        raise HistoryError(file, f'has no column for the target "{name}"; {has}', cure)

    def _missing(self, present: tuple[str, ...]) -> list[str]:
        found = _match(self.names, present)
        missing = [name for name in self.names if name in self.mapping.columns and name not in found]
        if not any(name in found for name in _TEXT_COLUMNS):
            missing.append("body")
        return missing + [target for target in self.targets if target not in found]


def _match(names: Mapping[str, str], present: Collection[str]) -> dict[str, str]:
    folded: dict[str, list[str]] = {}
    for column in present:
        folded.setdefault(column.strip().casefold(), []).append(column)
    found: dict[str, str] = {}
    for ours, theirs in names.items():
        if theirs in present:
            found[ours] = theirs
        elif len(alike := folded.get(theirs.casefold(), [])) == 1:
            found[ours] = alike[0]
    return found
