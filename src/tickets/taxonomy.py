"""The questions a classifier answers about a ticket, their labels, and what each confusion costs."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Self

_LARGEST_COST = 1e9
_TAXONOMY_KEYS = {"target", "review_cost"}
_TARGET_KEYS = {"name", "labels", "ordinal", "display", "cost", "default_cost"}
_LABEL_KEYS = {"name", "display"}


class TaxonomyError(ValueError):
    """A taxonomy file cannot be used as it stands."""

    def __init__(self, source: str, fault: str, cure: str) -> None:
        super().__init__(f"taxonomy {source}: {fault}; {cure}")


@dataclass(frozen=True, slots=True)
class Label:
    """One possible answer, and what people call it, by language."""

    name: str
    display: Mapping[str, str] = field(default_factory=dict)

    def shown_in(self, language: str) -> str:
        """The display name in ``language``, or the plain name where the taxonomy has none."""
        return self.display.get(language, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One question: its labels in order, whether that order means more and less, and the cost of confusions.

    A confusion that ``cost`` does not name costs ``default_cost``, and that for every step on an ordinal target.
    """

    name: str
    labels: tuple[Label, ...]
    ordinal: bool = False
    display: Mapping[str, str] = field(default_factory=dict)
    cost: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    default_cost: float = 1.0

    @property
    def label_names(self) -> tuple[str, ...]:
        """The labels' names in the taxonomy's order."""
        return tuple(label.name for label in self.labels)

    def shown_in(self, language: str) -> str:
        """The target's display name in ``language``, or its plain name."""
        return self.display.get(language, self.name)

    def cost_of(self, *, true: str, answered: str) -> float:
        """What it costs to answer ``answered`` where ``true`` is right; 0 for the right answer."""
        if true == answered:
            return 0.0
        named = self.cost.get(true, {}).get(answered)
        if named is not None:
            return named
        names = self.label_names
        n_steps = abs(names.index(true) - names.index(answered)) if self.ordinal else 1
        return n_steps * self.default_cost


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All targets of a desk, in order, and what it costs to ask a person instead of routing by itself."""

    targets: tuple[Target, ...]
    review_cost: float = 5.0

    def __iter__(self) -> Iterator[Target]:
        return iter(self.targets)

    def __getitem__(self, name: str) -> Target:
        for target in self.targets:
            if target.name == name:
                return target
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The targets' names in order."""
        return tuple(target.name for target in self.targets)

    def only(self, names: tuple[str, ...]) -> "Taxonomy":
        """The same taxonomy with the named targets alone, in the taxonomy's own order.

        Raises
        ------
        TaxonomyError
            A name is not one of the targets.
        """
        if unknown := [name for name in names if name not in self.names]:
            raise TaxonomyError(
                "selection", f"no target called {', '.join(unknown)}", f"choose from {', '.join(self.names)}"
            )
        return Taxonomy(tuple(target for target in self.targets if target.name in names), self.review_cost)

    @classmethod
    def builtin(cls) -> Self:
        """Level (1, 2, 3) and category (bug, question, requirement, update)."""
        return cls.parse(resources.files("tickets").joinpath("builtin.toml").read_text("utf-8"), source="built-in")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The taxonomy in a TOML file.

        Raises
        ------
        TaxonomyError
            The file is missing, is not TOML, or has a fault; the message names the cure.
        """
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise TaxonomyError(str(path), f"cannot be read ({error.strerror})", "check the path") from error
        except UnicodeDecodeError as error:
            raise TaxonomyError(str(path), "is not UTF-8 text", "save it as UTF-8") from error
        return cls.parse(text, source=str(path))

    @classmethod
    def parse(cls, text: str, *, source: str) -> Self:
        """The taxonomy written in ``text``; ``source`` names it in errors."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise TaxonomyError(source, f"is not TOML ({error})", "mend the line it names") from error
        except (ValueError, RecursionError) as error:  # numbers without end, tables without bottom
            raise TaxonomyError(source, f"cannot be read ({error})", "shorten the number, or nest less deep") from error
        if unknown := sorted(set(document) - _TAXONOMY_KEYS):
            raise TaxonomyError(source, f"unknown key {unknown[0]}", f"use {', '.join(sorted(_TAXONOMY_KEYS))}")
        tables = document.get("target")
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            raise TaxonomyError(source, "has no [[target]]", "add one [[target]] with name and labels per question")
        targets = tuple(_target(table, source) for table in tables)
        names = [target.name for target in targets]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise TaxonomyError(source, f"names {', '.join(sorted(repeated))} twice", "give each target its own name")
        return cls(targets, _amount(document.get("review_cost", 5.0), source))


def _target(table: dict[str, Any], source: str) -> Target:
    name = table.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise TaxonomyError(source, f"target name {name!r} is not a plain word", "use letters, digits and _")
    place = f"{source}, target {name}"
    if unknown := sorted(set(table) - _TARGET_KEYS):
        raise TaxonomyError(place, f"unknown key {unknown[0]}", f"use {', '.join(sorted(_TARGET_KEYS))}")
    labels = tuple(_label(entry, place) for entry in table.get("labels", []))
    label_names = [label.name for label in labels]
    if len(labels) < 2:
        raise TaxonomyError(place, "has fewer than two labels", 'write labels = ["a", "b", ...]')
    if repeated := {n for n in label_names if label_names.count(n) > 1}:
        raise TaxonomyError(place, f"names label {', '.join(sorted(repeated))} twice", "name each label once")
    return Target(
        name=name,
        labels=labels,
        ordinal=bool(table.get("ordinal", False)),
        display=_words(table.get("display", {}), place),
        cost=_costs(table.get("cost", {}), label_names, place),
        default_cost=_amount(table.get("default_cost", 1.0), place),
    )


def _label(entry: object, place: str) -> Label:
    if isinstance(entry, str) and entry:
        return Label(entry)
    if isinstance(entry, dict) and isinstance(entry.get("name"), str) and entry["name"]:
        if unknown := sorted(set(entry) - _LABEL_KEYS):
            raise TaxonomyError(place, f"unknown key {unknown[0]} in a label", "a label has name and display")
        return Label(entry["name"], _words(entry.get("display", {}), place))
    raise TaxonomyError(
        place, f"label {entry!r} has no name", 'write it as "name" or { name = "...", display = {...} }'
    )


def _words(entry: object, place: str) -> dict[str, str]:
    if isinstance(entry, dict) and all(isinstance(word, str) for word in entry.values()):
        return dict(entry)
    raise TaxonomyError(place, "display is not a table of words", 'write display = { de = "...", en = "..." }')


def _costs(entry: object, label_names: list[str], place: str) -> dict[str, dict[str, float]]:
    if not isinstance(entry, dict) or not all(isinstance(row, dict) for row in entry.values()):
        raise TaxonomyError(place, "cost is not a table of tables", 'write cost = { "true" = { "answered" = 5.0 } }')
    named = set(entry) | {answered for row in entry.values() for answered in row}
    if unknown := sorted(named - set(label_names)):
        raise TaxonomyError(place, f"cost names unknown label {unknown[0]}", f"use {', '.join(label_names)}")
    return {true: {answered: _amount(cost, place) for answered, cost in row.items()} for true, row in entry.items()}


def _amount(entry: object, place: str) -> float:
    if isinstance(entry, bool) or not isinstance(entry, int | float) or not 0 <= entry <= _LARGEST_COST:
        shown = "beyond measure" if isinstance(entry, int) and entry > _LARGEST_COST else repr(entry)
        raise TaxonomyError(place, f"cost {shown} is not a number from 0 to {_LARGEST_COST:g}", "write such a number")
    return float(entry)
