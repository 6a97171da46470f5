"""What is lost when a knowledge base's writer is killed, and what readers see beside a writer.

Readers and writers are processes of their own. A cheap encoder stands in for the sentence encoder, and upkeep is due
every few documents: what is measured is whether anything is lost, torn, doubled, stale or down, not how fast it is.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.knowledge.fault_worker import (
    STAYING,
    filling,
    keep_in,
    opened,
    opened_journal,
    read_told,
    staying,
    word_of,
)
from benchmarks.scope import Scope
from desk.originals import Originals, caught_up
from knowledge import KnowledgeError, Query

FAULTS = (
    "n_lost",
    "n_resurrected",
    "n_doubled",
    "n_damaged",
    "n_not_found_by_word",
    "n_differing_after_catching_up",
)
"""What must not happen to a document that was acknowledged."""

_N_KILLS, _SECONDS, _N_DOCUMENTS = 50, 300, 2_000
_ROOT = Path(__file__).parents[2]
_START_SECONDS, _LIFE_SECONDS, _UPKEEP_SECONDS = 120.0, (0.05, 1.5), 0.15


def measure(scope: Scope) -> dict[str, Any]:  # noqa: ARG001 - there is nothing to choose
    """50 kills, then 300 seconds of two readers beside a writer."""
    return {
        "killed_writer": killed_writer(_N_KILLS, n_documents=_N_DOCUMENTS),
        "readers_beside_a_writer": readers_beside_a_writer(_SECONDS, n_documents=_N_DOCUMENTS),
    }


def killed_writer(n_kills: int, *, n_documents: int = 0, seed: int = 0) -> dict[str, Any]:
    """Kill a writer again and again, every second time in the middle of upkeep, while a reader searches throughout."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    counts = dict.fromkeys(FAULTS, 0)
    n_in_upkeep = n_caught_up = 0
    with _folder(n_documents) as folder, _process("read", folder, "reader") as reader:
        _wait(folder / "reader.ready", reader)
        for number in range(n_kills):
            with _process("write-and-remove", folder) as writer:
                in_upkeep = number % 2 == 1
                _wait_for_act(folder, "upkeep" if in_upkeep else "put", writer)
                time.sleep(chance.uniform(0, _UPKEEP_SECONDS) if in_upkeep else chance.uniform(*_LIFE_SECONDS))
                writer.kill()
                writer.wait()
                n_in_upkeep += next(act for act, _, _ in reversed(list(read_told(folder)))) == "upkeep"
            found, n_more = _examined(folder)
            n_caught_up += n_more
            for name, count in found.items():
                counts[name] += count
        told = _stopped(folder, [(reader, "reader")])
        acts = [act for act, _, _ in read_told(folder)]
    return {
        "n_documents_at_the_start": n_documents + STAYING,
        "n_kills": n_kills,
        "n_killed_in_upkeep": n_in_upkeep,
        "n_acknowledged_puts": acts.count("put"),
        "n_acknowledged_removals": acts.count("removed"),
        **counts,
        "n_caught_up_from_the_journal": n_caught_up,
        "reader": told["reader"],
    }


def readers_beside_a_writer(seconds: float, *, n_documents: int = 0) -> dict[str, Any]:
    """Two readers and a writer, each a process, for so long."""
    with (
        _folder(n_documents) as folder,
        _process("read", folder, "first") as first,
        _process("read", folder, "second") as second,
    ):
        _wait(folder / "first.ready", first)
        _wait(folder / "second.ready", second)
        with _process("write", folder) as writer:
            _wait_for_act(folder, "put", writer)
            time.sleep(seconds)
            if writer.poll() is not None:
                raise RuntimeError("the writer failed; what it printed says why")
            told = _stopped(folder, [(first, "first"), (second, "second")])
            writer.kill()
        acts = [act for act, _, _ in read_told(folder)]
    return {
        "n_documents_at_the_start": n_documents + STAYING,
        "seconds": seconds,
        "n_acknowledged_puts": acts.count("put"),
        "n_upkeeps": acts.count("looked-after"),
        "readers": told,
    }


def _examined(folder: Path) -> tuple[dict[str, int], int]:
    """What a kill did to the base, held against what was acknowledged; and what catching up brought in."""
    told = list(read_told(folder))
    put, begun_to_remove, gone = (
        {str(number) for act, number, _ in told if act == wanted} for wanted in ("put", "removing", "removed")
    )
    newest = max(put - begun_to_remove, key=int)
    try:
        with opened(folder) as base, opened_journal(folder) as journal:
            there = base.kinds_of(put).keys()
            hits = {hit.id for hit in base.search(Query(text=word_of(int(newest)), grouping=False))}
            keys = [row.key for rows in base._serving.engine().scan(size=10_000) for row in rows]  # noqa: SLF001
            more = caught_up(base, Originals(lambda: journal, folder / "base"), None)
            kept = {key: digest for page in journal.documents.digests(size=1_000) for key, digest in page.items()}
            counts = {
                "n_lost": len(put - begun_to_remove - there),
                "n_resurrected": len(gone & there),
                "n_doubled": len(keys) - len(set(keys)),
                "n_not_found_by_word": int(newest not in hits),
                "n_differing_after_catching_up": len(kept.items() ^ base._serving.engine().inventory().items()),  # noqa: SLF001
            }
            return counts, sum(one.added + one.changed for one in more.by_kind.values())
    except KnowledgeError:
        return {"n_damaged": 1}, 0


@contextmanager
def _folder(n_documents: int) -> Iterator[Path]:
    """A base with what stays and so many documents more."""
    with tempfile.TemporaryDirectory(prefix="stellwerk-faults-") as name:
        folder = Path(name)
        with opened(folder) as base, opened_journal(folder) as journal:
            base.upsert([*staying(), *filling(n_documents)], keep=partial(keep_in, journal))
        yield folder


@contextmanager
def _process(role: str, folder: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.knowledge.fault_worker", role, str(folder), *more]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(file: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("a process did not start; what it printed says why")
        time.sleep(0.01)


def _wait_for_act(folder: Path, wanted: str, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as the process tells of an act of this kind that was not told of before."""
    told, end = folder / "told", time.monotonic() + _START_SECONDS
    place = told.stat().st_size if told.exists() else 0
    while process.poll() is None and time.monotonic() < end:
        if told.exists():
            with told.open("rb") as file:
                file.seek(place)
                if any(line.startswith(f"{wanted} ".encode()) for line in file.read().split(b"\n")[:-1]):
                    return
        time.sleep(0.005)
    raise RuntimeError(f"the writer never told of {wanted}; what it printed says why")


def _stopped(folder: Path, readers: Sequence[tuple[subprocess.Popen[bytes], str]]) -> dict[str, Any]:
    (folder / "stop").touch()
    for reader, _ in readers:
        reader.wait(_START_SECONDS)
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for _, name in readers}
