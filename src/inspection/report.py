"""What an inspection found, as a table, as plain values and as a notebook shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from inspection.ceiling import Ceiling
from inspection.drift import Drift
from inspection.finding import DoubtfulRow, Finding
from inspection.leaks import TellingColumn, TellingWord
from inspection.profile import LabelCount

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInspection:
    """What was found about the labels of one target."""

    n_labelled: int
    labels: Sequence[LabelCount]
    n_doubtful: int | None
    """Labels that confident learning finds wrong; None where that was not asked."""
    accuracy: float | None
    """How often the model, not having learned from a ticket, gives its label."""
    ceiling: Ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in a history; in Jupyter it shows itself as tables."""

    n_tickets: int
    n_problems: int
    n_duplicates: int
    n_near_duplicates: int
    targets: Mapping[str, TargetInspection]
    columns: Sequence[TellingColumn]
    words: Sequence[TellingWord]
    drift: Drift | None
    """None where too few tickets are dated."""
    languages: Mapping[str, float]
    lengths: Mapping[str, int]
    missing: Mapping[str, float]
    counts: Mapping[str, int]
    """Findings by their kind."""
    rows: tuple[DoubtfulRow, ...]
    """The rows to look at, those that deserve most attention first."""
    not_checked: Sequence[str]
    """What could not be looked into, and why."""

    def to_frame(self) -> "pd.DataFrame":
        """The rows to look at, one line each: rank, score, id, file, line, labels, kinds, suggestions and reasons."""
        import pandas as pd  # noqa: PLC0415 - slow to import

        columns = ["score", "id", "file", "line", *self.targets, "kinds", "suggested", "reasons"]
        frame = pd.DataFrame([row_record(row) for row in self.rows], columns=columns)
        return frame.rename_axis("rank").set_axis(range(1, len(frame) + 1))

    def as_record(self) -> dict[str, Any]:
        """The whole as plain values, fit for JSON; no words of a ticket but those that a reason names."""
        record = {
            name: getattr(self, name)
            for name in ("n_tickets", "n_problems", "n_duplicates", "n_near_duplicates", "languages", "lengths")
        }
        record |= {"missing": self.missing, "counts": self.counts, "not_checked": list(self.not_checked)}
        record["targets"] = {name: asdict(one) for name, one in self.targets.items()}
        record["columns"] = [asdict(one) for one in self.columns]
        record["words"] = [asdict(one) for one in self.words]
        record["drift"] = None if self.drift is None else asdict(self.drift)
        record["rows"] = [row_record(row) | {"findings": [_as_plain(f) for f in row.findings]} for row in self.rows]
        return record

    def _repr_html_(self) -> str:
        from inspection.html import to_html  # noqa: PLC0415 - only in a notebook

        return to_html(self)


def row_record(row: DoubtfulRow) -> dict[str, Any]:
    """One row to look at as plain values."""
    return {
        "score": round(row.score, 4),
        "id": row.ticket.solved.ticket.id,
        "file": str(row.ticket.file),
        "line": row.ticket.line,
        **row.ticket.solved.labels,
        "kinds": " ".join(dict.fromkeys(str(one.kind) for one in row.findings)),
        "suggested": " ".join(dict.fromkeys(f"{f.target}={f.suggested}" for f in row.findings if f.suggested)),
        "reasons": "; ".join(one.reason for one in row.findings),
    }


def _as_plain(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"kind": str(finding.kind)}
