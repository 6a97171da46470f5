"""What narrows a search: equal in a column or in the document's own metadata, or dated within a period."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

COLUMNS = ("kind", "product", "customer", "language", "level", "category")
DATES = ("created_at", "closed_at", "updated_at")
FILTERS = (*COLUMNS, "since", "until", *DATES)
"""The filters every base knows; any other name is one of the documents' metadata."""

DATE = "date"
"""The column ``since`` and ``until`` speak of: when a ticket was closed or begun, an article brought up to date."""

Filters: TypeAlias = Mapping[str, str | Sequence[str]]
"""Wanted values by the filter's name; of several, a document needs one."""

_LONGEST_VALUE = 255
_RANGE = ".."
_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)


class QueryError(ValueError):
    """A search cannot be done as it was asked."""


class FilterError(QueryError):
    """A search was narrowed by something that no document has."""

    def __init__(self, name: str, allowed: Collection[str] = FILTERS) -> None:
        super().__init__(f"there is no filter {name!r}; use {', '.join(allowed)}, or a field of the documents here")
        self.name = name


class FilterValueError(QueryError):
    """A filter's value is none that it could be."""

    def __init__(self, name: str, value: object, cure: str) -> None:
        super().__init__(f"the filter {name} cannot be {value!r}; {cure}")
        self.name = name


@dataclass(frozen=True, slots=True)
class OneOf:
    """A column holds one of these values."""

    column: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class HasMetadata:
    """The document's metadata of this name holds one of these values."""

    name: str
    values: frozenset[str]

    @property
    def marks(self) -> frozenset[str]:
        """What `marks_of` gives of such a document, one of them at least."""
        return frozenset(f"{self.name}={value}" for value in self.values)


@dataclass(frozen=True, slots=True)
class Period:
    """A time in this column is ``since`` or later and before ``until``; None is no bound."""

    column: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SeenBy:
    """The document is of one of these customers, or an article that is nobody's and so everybody's."""

    customers: frozenset[str]

    def sees(self, kind: str, customer: str | None) -> bool:
        """Whether a document of this kind and customer is among them."""
        return kind == "article" if customer is None else customer in self.customers


Condition: TypeAlias = OneOf | HasMetadata | Period | SeenBy


def metadata_name(name: str) -> str:
    """A metadata's name as it is kept: lower case, without the sign that parts it from its value."""
    return name.strip().lower().replace("=", "_")


def metadata_of(facts: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Facts as they can be filtered by: plain values as text, lists by each value.

    What is nested deeper, empty or longer than 255 characters is left out, as are names that are filters already.
    """
    kept: dict[str, tuple[str, ...]] = {}
    for name, value in facts.items():
        many = value if isinstance(value, list | tuple) else (value,)
        words = dict.fromkeys(_plain(one) for one in many if isinstance(one, str | int | float | date))
        usable = tuple(word for word in words if 0 < len(word) <= _LONGEST_VALUE)
        if usable and metadata_name(name) and metadata_name(name) not in FILTERS:
            kept[metadata_name(name)] = usable
    return kept


def marks_of(metadata: Mapping[str, Iterable[str]]) -> list[str]:
    """One mark for each name, and one for each of its values; equal marks are equal metadata."""
    return sorted({*metadata, *(f"{name}={value}" for name, values in metadata.items() for value in values)})


def filters_of(words: Iterable[str]) -> dict[str, list[str]]:
    """Filters written as ``name=value``; a name given twice has both values.

    Raises
    ------
    FilterValueError
        One is not written so.
    """
    filters: dict[str, list[str]] = {}
    for word in words:
        name, _, value = (part.strip() for part in word.partition("="))
        if not (name and value):
            raise FilterValueError(name or "without a name", value, "write it as NAME=VALUE, as in product=VeraDoc")
        filters.setdefault(name, []).append(value)
    return filters


def conditions_of(filters: Filters) -> tuple[Condition, ...]:
    """What a document must meet, all of it.

    Raises
    ------
    FilterValueError
        A date is none, or a filter has no value.
    """
    bounds = {name: _only(name, value) for name, value in filters.items() if name in {"since", "until"}}
    conditions: list[Condition] = []
    if bounds:
        since, until = (_period(name, bounds.get(name)) for name in ("since", "until"))
        conditions.append(Period(DATE, since[0], until[1]))
    for name, value in filters.items():
        if name in DATES:
            conditions.append(Period(name, *_range(name, _only(name, value))))
        elif name not in bounds:
            values = frozenset(_sound(one) for one in _several(name, value))
            conditions.append(OneOf(name, values) if name in COLUMNS else HasMetadata(metadata_name(name), values))
    return tuple(conditions)


def _several(name: str, value: str | Sequence[str]) -> Sequence[str]:
    values = (value,) if isinstance(value, str) else value
    if not values:
        raise FilterValueError(name, value, "give it a value, or leave it out")
    return values


def _only(name: str, value: str | Sequence[str]) -> str:
    values = _several(name, value)
    if len(values) > 1:
        raise FilterValueError(name, list(values), "give one date, or from..to")
    return values[0]


def _range(name: str, words: str) -> tuple[datetime | None, datetime | None]:
    """The bounds that ``2026-01-01..2026-01-31`` names; either may be missing, and a single date is its day."""
    first, parted, last = words.partition(_RANGE)
    if not parted:
        return _period(name, first)
    if not (first.strip() or last.strip()):
        raise FilterValueError(name, words, "write a date as 2026-01-31, or from..to")
    return _period(name, first.strip() or None)[0], _period(name, last.strip() or None)[1]


def _period(name: str, words: str | None) -> tuple[datetime | None, datetime | None]:
    """The time that ``words`` cover, a whole day or an instant; its end is not part of it."""
    if words is None:
        return None, None
    try:
        if len(text := words.strip()) <= len("2026-01-31"):
            begin = datetime.combine(date.fromisoformat(text), time(), UTC)
            return begin, begin + _DAY
        instant = datetime.fromisoformat(text)
        aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
        return aware.astimezone(UTC), aware.astimezone(UTC) + _INSTANT
    except (ValueError, OverflowError) as error:
        raise FilterValueError(name, words, "write a date as 2026-01-31 or 2026-01-31T08:00") from error


def _plain(value: str | float | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else _sound(str(value).strip())


def _sound(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8")
