"""A selection of rows as LanceDB reads it; values are data, whatever marks they hold."""

import functools
import operator
from collections.abc import Collection
from typing import Any

from knowledge.article import KINDS
from knowledge.conditions import Condition, HasMetadata, OneOf, SeenBy
from knowledge.engine import Selection


def equals(column: str, value: str | int) -> Any:
    """The rows whose column holds this value."""
    from lancedb.expr import col, lit  # noqa: PLC0415 - slow to import

    return col(column) == lit(value)


def is_in(column: str, values: Collection[str]) -> Any:
    """The rows whose column holds one of these values."""
    from lancedb.expr import col  # noqa: PLC0415 - slow to import

    return col(column).isin(sorted(values))


def condition_of(selection: Selection) -> str | None:
    """The selection as SQL, or None where it lets every row pass."""
    parts = [equals(column, value).to_sql() for column, value in selection.equals.items()]
    parts += map(_condition, selection.where)
    if set(selection.kinds) != set(KINDS):
        parts.append(is_in("kind", selection.kinds).to_sql())
    if selection.exclude:
        parts.append((~is_in("document", selection.exclude)).to_sql())
    return " AND ".join(parts) or None


def holds_any(column: str, values: Collection[str]) -> str:
    """The rows whose list in this column holds one of these values."""
    return f"array_has_any({column}, [{', '.join(_quoted(value) for value in sorted(values))}])"


def _condition(condition: Condition) -> str:
    if isinstance(condition, OneOf):
        return str(is_in(condition.column, condition.values).to_sql())
    if isinstance(condition, HasMetadata):
        return holds_any("marks", condition.marks)
    if isinstance(condition, SeenBy):
        everybodys = "(customer IS NULL AND kind = 'article')"
        theirs = [is_in("customer", condition.customers).to_sql()] if condition.customers else []
        return f"({' OR '.join([everybodys, *theirs])})"
    from lancedb.expr import col, lit  # noqa: PLC0415 - slow to import

    bounds = [col(condition.column) >= lit(condition.since)] if condition.since is not None else []
    bounds += [col(condition.column) < lit(condition.until)] if condition.until is not None else []
    return str(functools.reduce(operator.and_, bounds).to_sql())


def _quoted(value: str) -> str:
    """A text as SQL writes it; the only mark that could end it early is doubled."""
    return "'" + value.replace("'", "''") + "'"
