"""What a desk takes of a machine: answers a second, memory by the number of workers, disk by ticket and by document."""

import tempfile
from pathlib import Path

from benchmarks.knowledge.memory import memory_of
from benchmarks.record import Figures
from benchmarks.scope import Scope
from benchmarks.service import load, throughput
from benchmarks.service.running import OwnDesk, seconds_of
from classifier import ModelShelf, NoChampionError
from desk import Desk, Settings
from journal import Journal

_SECONDS = 20.0
_KB = 1_000


def measure(scope: Scope) -> Figures:
    """Sixteen clients ask one worker and then two for twenty seconds each, on the settings' champion and index."""
    seconds = 2.0 if scope.n_problems is not None else _SECONDS
    figures: Figures = {"case": "champion and index of the settings", "n_clients": throughput.N_CLIENTS}
    for n_workers in (1, 2):
        with tempfile.TemporaryDirectory() as home:
            figures[f"workers_{n_workers}"] = under_load(OwnDesk(Path(home)), n_workers, seconds)
    return figures | {"disk": disk()}


def under_load(desk: OwnDesk, n_workers: int, seconds: float) -> Figures:
    """Tickets a second, memory before and after them, and what the journal grew by with each."""
    bodies = throughput.tickets(desk.home)
    with desk.service(workers=n_workers) as service:
        service.wait_until_ready()
        url = f"{service.url}/v1/classifications"
        n_warm = len(load.loaded(url, bodies, n_clients=throughput.N_CLIENTS, seconds=seconds / 4).seconds)
        spent = service.cpu_seconds
        heard = load.loaded(url, bodies, n_clients=throughput.N_CLIENTS, seconds=seconds)
        spent = service.cpu_seconds - spent
        memory = memory_of(service.processes)
    with Journal.open(desk.journal) as journal:
        n_decisions = journal.counts().decisions
    n_bytes = _file_size(Journal.file(desk.journal))
    return {
        "tickets_per_second": round(heard.per_second, 1),
        "cpu_ms_per_ticket": round(1000 * spent / max(1, len(heard.seconds)), 1),
        "n_failed": heard.n_failed,
        "memory_mb": memory.pss_mb,
        "n_decisions": n_decisions,
        "n_warm": n_warm,
        "journal_kb_per_decision": round(n_bytes / _KB / max(1, n_decisions), 2),
        **seconds_of(heard.seconds),
    }


def disk() -> Figures:
    """What lies there: the champion, and index and journal by document."""
    settings = Settings()
    desk = Desk.open(settings)
    try:
        n_documents = sum(desk.documents.count().values())
    finally:
        desk.close()
    champion = ModelShelf(settings.models).champion
    if champion is None:
        raise NoChampionError(settings.models)
    with Journal.open(settings.journal) as journal:
        is_documents_alone = journal.counts().decisions == 0
    kept = _file_size(Journal.file(settings.journal)) if is_documents_alone else None
    return {
        "n_documents": n_documents,
        "champion_mb": round(_size(settings.models / champion) / _KB**2, 1),
        "index_kb_per_document": round(_size(Path(str(settings.knowledge))) / _KB / max(1, n_documents), 1),
        "journal_kb_per_document": round(kept / _KB / max(1, n_documents), 2) if kept else None,
    }


def _file_size(database: Path) -> int:
    """A SQLite file with its log."""
    return sum(file.stat().st_size for file in database.parent.glob(f"{database.name}*"))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
