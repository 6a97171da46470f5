"""How a desk's own column and label names become ours, by option or TOML file."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from tickets import Taxonomy

TICKET_COLUMNS: Final = ("id", "subject", "body", "language", "channel", "product", "customer", "created_at")
THREAD_COLUMN: Final = "messages"
"""A ticket's messages as a list, of which the customer's first is the body."""
SOLUTION_COLUMNS: Final = ("closed_at", "resolution", "article_id", "n_reopened", "problem")
_MOST_DIGITS: Final = 18


class MappingError(ValueError):
    """A ``--column`` or ``--label`` option or a mapping file cannot be used as it stands."""

    def __init__(self, source: str, fault: str, cure: str) -> None:
        super().__init__(f"{source}: {fault}; {cure}")


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """The desk's names for our columns, and our labels for the desk's."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The desk's column, by ours: ``{"body": "Description"}``."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Our label, by target and the desk's label: ``{"category": {"Incident": "bug"}}``."""

    @classmethod
    def parse(
        cls, column_options: Sequence[str] = (), label_options: Sequence[str] = (), file: Path | None = None
    ) -> Self:
        """The mapping in ``file``, and over it options like ``body=Text`` and ``category:Incident=bug``.

        Raises
        ------
        MappingError
            An option or the file has a fault; the message names the cure.
        """
        columns, labels = _read(file) if file else ({}, {})
        columns |= _columns(column_options)
        for target, words in _labels(label_options).items():
            labels[target] = labels.get(target, {}) | words
        return cls(columns, labels)

    def check(self, taxonomy: Taxonomy) -> None:
        """Raise a ``MappingError`` where a name is neither a column of ours nor in the taxonomy."""
        known = (*TICKET_COLUMNS, THREAD_COLUMN, *taxonomy.names, *SOLUTION_COLUMNS)
        for column in self.columns:
            if column not in known:
                raise MappingError("column mapping", f'no column called "{column}"', f"use one of {', '.join(known)}")
        for target, words in self.labels.items():
            if target not in taxonomy.names:
                cure = f"use one of {', '.join(taxonomy.names)}"
                raise MappingError("label mapping", f'no target called "{target}"', cure)
            _check_labels(target, words, taxonomy[target].label_names)


def _check_labels(target: str, words: Mapping[str, str], names: Collection[str]) -> None:
    for theirs, ours in words.items():
        if ours not in names:
            fault = f'"{theirs}" becomes "{ours}", which is no {target}'
            raise MappingError("label mapping", fault, f"use one of {', '.join(names)}")


def _columns(options: Sequence[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for option in options:
        ours, equals, theirs = (part.strip() for part in option.partition("="))
        if not (ours and equals and theirs):
            raise MappingError(f'--column "{option}"', "is not OURS=THEIRS", "write it as --column body=Description")
        if columns.get(ours, theirs) != theirs:
            fault = f'"{ours}" is already "{columns[ours]}"'
            raise MappingError(f'--column "{option}"', fault, "name one column for each of ours")
        columns[ours] = theirs
    return columns


def _labels(options: Sequence[str]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for option in options:
        target, colon, rest = (part.strip() for part in option.partition(":"))
        theirs, equals, ours = (part.strip() for part in rest.rpartition("="))
        if not (target and colon and theirs and equals and ours):
            cure = "write it as --label category:Incident=bug"
            raise MappingError(f'--label "{option}"', "is not TARGET:THEIRS=OURS", cure)
        words = labels.setdefault(target, {})
        if words.get(theirs, ours) != ours:
            fault = f'"{theirs}" is already "{words[theirs]}"'
            raise MappingError(f'--label "{option}"', fault, "give each of the desk's labels one of ours")
        words[theirs] = ours
    return labels


def _read(file: Path) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    source = f"mapping {file}"
    try:
        document = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise MappingError(source, f"cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        raise MappingError(source, "is not UTF-8 text", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise MappingError(source, f"is not TOML ({error})", "mend the line it names") from error
    except (ValueError, RecursionError) as error:  # numbers without end, tables without bottom
        raise MappingError(source, f"cannot be read ({error})", "shorten the number, or nest less deep") from error
    if unknown := sorted(set(document) - {"columns", "labels"}):
        cure = "write the tables [columns] and [labels.TARGET]"
        raise MappingError(source, f'unknown table or key "{unknown[0]}"', cure)
    columns = _words(document.get("columns", {}), source, '[columns] with body = "Description"')
    targets = document.get("labels", {})
    cure = '[labels.category] with Incident = "bug"'
    if not isinstance(targets, dict):
        raise MappingError(source, "labels is not a table", f"write {cure}")
    return columns, {target: _words(words, source, cure) for target, words in targets.items()}


def _words(table: Any, source: str, cure: str) -> dict[str, str]:
    if not isinstance(table, dict):
        raise MappingError(source, f"{table!r} is not a table of names", f"write {cure}")
    for theirs, ours in table.items():
        if isinstance(ours, int) and not -(10**_MOST_DIGITS) < ours < 10**_MOST_DIGITS:
            raise MappingError(source, f"{theirs} names a number beyond measure", f"write {cure}")
        if isinstance(ours, bool) or not isinstance(ours, str | int) or not str(ours).strip():
            raise MappingError(source, f"{theirs} = {ours!r} is not a name", f"write {cure}")
    return {name.strip(): str(word).strip() for name, word in table.items()}


AS_NAMED: Final = HistoryMapping()
"""The mapping of a desk whose columns and labels carry our names already."""
