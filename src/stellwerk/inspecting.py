"""``inspect``: what is wrong, doubtful or unusual in a history, before anything is learned from it."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.table import Table

from classifier import TrainingPlan
from desk import encoder_of
from history import HistoryError
from inspection import Inspection, row_record
from inspection import inspect as look
from stellwerk.opening import announce_encoder
from stellwerk.options import (
    Columns,
    History,
    Json,
    Labels,
    MappingFile,
    Rejects,
    TaxonomyFile,
    mapping_of,
    settings_with,
    taxonomy_from,
)
from stellwerk.output import message, printable, share, show, table, write_json
from stellwerk.progress import progress
from stellwerk.reading import HistoryReading, rejects_file

_MOST_COLUMNS: Final = 10
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_THREADS: Final = 2

_Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="NAME", help="Inspect this target only. Repeat it for several."),
]
_Plan = Annotated[
    Literal["fast", "default"],
    typer.Option("--plan", help="Doubt labels by words alone (fast), or by what they mean too (default)."),
]
_Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE.csv", help="Write all rows to look at, best first, as CSV.")
]
_Limit = Annotated[int, typer.Option("--limit", min=0, help="How many rows to look at are shown.")]


def inspect(  # noqa: PLR0913 - one for each option
    history: History,
    *,
    taxonomy: TaxonomyFile = None,
    target: _Targets = None,
    plan: _Plan = "fast",
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Parts the folds.")] = 0,
    output: _Output = None,
    limit: _Limit = 20,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Look for wrong labels, conflicts, copies, leaks and drift in solved tickets, and list the rows to look at."""
    targets = taxonomy_from(taxonomy, target)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "inspect"))
    settings = settings_with()
    encoder = None
    if plan != "fast":
        announce_encoder(settings)
        encoder = encoder_of(settings, n_threads=_THREADS)
    with progress() as report:
        placed = reading.placed(history, taxonomy=targets, report=report)
        chosen = TrainingPlan.named(plan, seed=seed)
        found = look(placed, taxonomy=targets, plan=chosen, encoder=encoder, progress=report)
    if output:
        _write(found, output)
        message(f"{len(found.rows):,} rows to look at are in {output}")
    if json:
        write_json(found.as_record())
    else:
        _show(found, limit)


def _write(found: Inspection, file: Path) -> None:
    """The rows as CSV that opens in a spreadsheet, where no cell is taken for a formula."""
    records = [row_record(row) for row in found.rows]
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            names = ["rank", *dict.fromkeys(name for record in records for name in record)]
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            for rank, record in enumerate(records, start=1):
                writer.writerow({"rank": rank} | {name: _cell(value) for name, value in record.items()})
    except OSError as error:
        raise HistoryError(file, f"cannot be written ({error.strerror})", "name another place with --output") from error


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _show(found: Inspection, limit: int) -> None:
    copies = f"{found.n_duplicates:,} duplicates, {found.n_near_duplicates:,} near-duplicates"
    show(f"{found.n_tickets:,} tickets of {found.n_problems:,} problems; {copies}.")
    show(_targets(found), *_ceilings(found), _labels(found), _columns(found))
    if found.words:
        show(_words(found))
    show(*_drift(found), *_shape(found))
    if limit:
        show(_rows(found, limit))
    for reason in found.not_checked:
        message(f"not checked: {reason}")


def _targets(found: Inspection) -> Table:
    rows = table("Targets", "target", "labelled", "doubtful", "accuracy")
    for name, one in found.targets.items():
        doubtful = "-" if one.n_doubtful is None else f"{one.n_doubtful:,}"
        rows.add_row(name, f"{one.n_labelled:,}", doubtful, share(one.accuracy))
    return rows


def _ceilings(found: Inspection) -> Iterable[str]:
    for name, one in found.targets.items():
        yield f"Ceiling of {name}: {one.ceiling.words}."


def _labels(found: Inspection) -> Table:
    rows = table("Labels", "target", "label", "state", "tickets", "problems", "answered", "last used", n_words=3)
    for name, one in found.targets.items():
        for label in one.labels:
            answered = "-" if label.n_answered is None else f"{label.n_answered:,}"
            numbers = (f"{label.n_tickets:,}", f"{label.n_problems:,}", answered)
            rows.add_row(name, label.label, label.state, *numbers, label.last_used or "-")
    return rows


def _columns(found: Inspection) -> Table:
    rows = table("What each column alone tells", "target", "column", "", "accuracy", "gain", n_words=3)
    for one in found.columns[:_MOST_COLUMNS]:
        after = "known only after routing?" if one.suspicious else ""
        rows.add_row(one.target, printable(one.column), after, share(one.accuracy), share(one.gain))
    return rows


def _words(found: Inspection) -> Table:
    rows = table("Words that almost alone tell a label", "target", "words", "label", "problems", "share", n_words=3)
    for one in found.words:
        rows.add_row(one.target, printable(one.words), one.label, f"{one.n_problems:,}", share(one.share))
    return rows


def _drift(found: Inspection) -> Iterable[str]:
    if (changed := found.drift) is None:
        return
    yield f"Since {changed.since} ({changed.n_lately:,} tickets, {changed.n_before:,} before):"
    for name, one in changed.labels.items():
        accuracy = f"accuracy {share(one.accuracy_before)} before, {share(one.accuracy_lately)} lately"
        yield f"  {name}: {share(one.distance)} of labels moved (p = {share(one.p_value)}); {accuracy}"
    yield f"  products never met before: {share(changed.new_products)} of tickets that name one"
    new, old = printable(", ".join(changed.new_words)), printable(", ".join(changed.old_words))
    yield f"  words tell new from old with AUC {share(changed.words_auc)}; new: {new}; old: {old}"


def _shape(found: Inspection) -> Iterable[str]:
    told = ", ".join(f"{name} {share(part)}" for name, part in list(found.languages.items())[:5])
    yield f"Languages: {told}. Characters: " + ", ".join(f"{name} {n:,}" for name, n in found.lengths.items()) + "."
    lacking = ", ".join(f"{name} {share(part)}" for name, part in found.missing.items() if part)
    yield f"Missing: {lacking or 'nothing'}."
    yield "Findings: " + (", ".join(f"{name} {n:,}" for name, n in found.counts.items()) or "none") + "."


def _rows(found: Inspection, limit: int) -> Table:
    rows = table(f"The first of {len(found.rows):,} rows to look at", "where", "score", "why", n_words=1)
    rows.columns[2].justify = "left"
    for row in found.rows[:limit]:
        why = "; ".join(finding.reason for finding in row.findings)
        rows.add_row(printable(row.ticket.place), share(row.score), printable(why))
    return rows
