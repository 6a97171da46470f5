"""What ``index`` brings in: articles and solved tickets read from sources of any kind."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from history import RejectLog
from knowledge import Document, Provenance, UnreadableSource, looks_like_articles, read_source
from stellwerk.failure import CommandError
from stellwerk.output import message
from stellwerk.progress import Report
from stellwerk.reading import HistoryReading, reject_log
from tickets import SolvedTicket, Taxonomy

_MOST_TOLD = 20


class SourceError(CommandError):
    """Nothing can be brought in from a source."""


@dataclass(slots=True)
class Documents:
    """What was read from the sources and where, and how much of each kind could not be used."""

    read: list[Document] = field(default_factory=list)
    provenance: Provenance = field(default_factory=Provenance)
    n_passed_over: int = 0
    n_unreadable_articles: int = 0
    n_rejected_rows: int = 0


def read_documents(
    sources: Sequence[Path], *, taxonomy: Taxonomy, reading: HistoryReading, report: Report
) -> Documents:
    """All documents in ``sources``; each is told by its content to hold articles or solved tickets.

    Raises
    ------
    SourceError
        A source is not there, or not one document could be read.
    """
    for source in sources:
        if not source.exists():
            raise SourceError(f"there is no {source}; check the path")
    documents, unreadable = Documents(), list[UnreadableSource]()
    with reject_log(reading.rejects) as rejects:
        for source in sources:
            if looks_like_articles(source):
                _read_articles(source, documents, unreadable, report)
            else:
                _read_tickets(
                    source,
                    documents,
                    reading.labelled_or_not(source, taxonomy=taxonomy, rejects=rejects, report=report),
                )
        _note_rejects(rejects, documents.provenance)
    if documents.n_passed_over:
        message(f"files that are no documents, passed over: {documents.n_passed_over:,}")
    documents.n_unreadable_articles, documents.n_rejected_rows = len(unreadable), rejects.n_rejected
    _tell(unreadable, reading.rejects.with_name(f"{reading.rejects.stem}-articles.jsonl"))
    if not documents.read:
        names = ", ".join(str(source) for source in sources)
        raise SourceError(f"no article and no solved ticket could be read from {names}; check what is in there")
    return documents


def _read_articles(source: Path, documents: Documents, unreadable: list[UnreadableSource], report: Report) -> None:
    def could_not_read(fault: UnreadableSource) -> None:
        unreadable.append(fault)
        documents.provenance.could_not_read(fault.file)

    def passed_over(n_files: int) -> None:
        documents.n_passed_over += n_files

    for article, file in read_source(source, report=could_not_read, passed_over=passed_over):
        documents.read.append(article)
        documents.provenance.holds(article, source=source, file=file)
        report("articles read", len(documents.read), None)


def _read_tickets(source: Path, documents: Documents, tickets: Iterable[SolvedTicket]) -> None:
    for solved in tickets:
        documents.read.append(solved)
        documents.provenance.holds(solved, source=source, file=source)


def _note_rejects(rejects: RejectLog, provenance: Provenance) -> None:
    """Keep what a rejected row was before: it still stands in its file, or may."""
    for file, ids in rejects.ids.items():
        for one in ids:
            provenance.holds_key(("ticket", one), source=file, file=file)
    for file in rejects.nameless:
        provenance.could_not_read(file)


def _tell(unreadable: Sequence[UnreadableSource], file: Path) -> None:
    """Say which articles could not be read and write all of them down."""
    if not unreadable:
        return
    with file.open("w", encoding="utf-8", errors="backslashreplace") as lines:
        for one in unreadable:
            entry = {"file": str(one.file), "line": one.line, "reason": one.reason, "cure": one.cure}
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
    message(f"articles that could not be read: {len(unreadable):,}; each is in {file}")
    for one in unreadable[:_MOST_TOLD]:
        place = f"{one.file}" if one.line is None else f"{one.file} line {one.line}"
        message(f"  {place}: {one.reason}; {one.cure}")
    if len(unreadable) > _MOST_TOLD:
        message(f"  and {len(unreadable) - _MOST_TOLD:,} more")
