"""An inspection as a notebook shows it."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inspection.report import Inspection

_ROWS: Final = 20


def to_html(found: "Inspection") -> str:
    """Tables of what was found, and the first rows to look at; every word is escaped."""
    copies = f"{found.n_duplicates:,} duplicates, {found.n_near_duplicates:,} near-duplicates"
    size = f"{found.n_tickets:,} tickets of {found.n_problems:,} problems"
    parts = [
        f"<p><b>{size}</b>; {copies}; {len(found.rows):,} rows to look at</p>",
        _targets(found),
        _labels(found),
        _leaks(found),
        _rows(found),
        *(f"<p>Not checked: {escape(reason)}</p>" for reason in found.not_checked),
    ]
    return "\n".join(part for part in parts if part)


def _targets(found: "Inspection") -> str:
    return _table(
        "Targets",
        ("target", "labelled", "doubtful", "accuracy", "ceiling"),
        (
            (name, f"{one.n_labelled:,}", _or_dash(one.n_doubtful), _share(one.accuracy), one.ceiling.words)
            for name, one in found.targets.items()
        ),
    )


def _labels(found: "Inspection") -> str:
    return _table(
        "Labels that are not fine",
        ("target", "label", "tickets", "problems", "state"),
        (
            (name, label.label, f"{label.n_tickets:,}", f"{label.n_problems:,}", label.state)
            for name, one in found.targets.items()
            for label in one.labels
            if label.state != "fine"
        ),
    )


def _leaks(found: "Inspection") -> str:
    columns = (
        (c.target, c.column, _share(c.accuracy), _share(c.gain), "known only after routing?" * c.suspicious)
        for c in found.columns[:_ROWS]
    )
    words = ((w.target, w.words, w.label, f"{w.n_problems:,}", _share(w.share)) for w in found.words)
    return _table("What each column alone tells", ("target", "column", "accuracy", "gain", ""), columns) + _table(
        "Words that almost alone tell a label", ("target", "words", "label", "problems", "share"), words
    )


def _rows(found: "Inspection") -> str:
    return _table(
        f"The first of {len(found.rows):,} rows to look at",
        ("score", "id", "place", "reasons"),
        (
            (
                _share(row.score),
                row.ticket.solved.ticket.id or "",
                row.ticket.place,
                "; ".join(finding.reason for finding in row.findings),
            )
            for row in found.rows[:_ROWS]
        ),
    )


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return ""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _or_dash(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
