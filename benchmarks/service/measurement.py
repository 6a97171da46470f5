"""The service under load, for long, under changes of its model, under kills and hostile tickets, and at its start."""

import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import httpx

from benchmarks import record
from benchmarks.knowledge.memory import memory_of
from benchmarks.record import Figures
from benchmarks.scope import Scope
from benchmarks.service import hostile, kills, load, throughput
from benchmarks.service.running import OwnDesk, Running, seconds_of
from journal import Journal

_SEED = 20261129
_N_HOSTILE_CLIENTS = 4
PARTS = "STELLWERK_BENCH_PARTS"
_Part: TypeAlias = Callable[[Path], Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is done; a trial run shows that everything works, and its figures mean nothing."""

    n_rounds: int = 3
    seconds: float = 10.0
    n_swaps: int = 50
    n_kills: int = 50
    n_hostile: int = 10_000
    n_starts: int = 5
    soak_seconds: float = 600.0
    soak_before_seconds: float = 60.0


_TRIAL = Size(
    n_rounds=1, seconds=2, n_swaps=3, n_kills=2, n_hostile=100, n_starts=1, soak_seconds=8, soak_before_seconds=2
)


def measure(scope: Scope) -> Figures:
    """Every part after the other, each on a desk of its own and with the circumstances it was measured in.

    ``STELLWERK_BENCH_PARTS=soak,kills`` measures these alone and keeps what was measured of the others before.
    """
    size = _TRIAL if scope.n_problems is not None else Size()
    parts: dict[str, _Part] = {
        "cold_start": lambda home: cold_start(OwnDesk(home), size.n_starts),
        "classification": lambda home: throughput.classification(home, n_rounds=size.n_rounds, seconds=size.seconds),
        "search": lambda home: throughput.search(OwnDesk(home), seconds=3 * size.seconds),
        "swaps": lambda home: swaps(OwnDesk(home), size.n_swaps),
        "kills": lambda home: kills.lost(home, n_kills=size.n_kills),
        "hostile": lambda home: hostile_tickets(OwnDesk(home), size.n_hostile),
        "soak": lambda home: soak(OwnDesk(home), size.soak_seconds, size.soak_before_seconds),
    }
    named = os.environ.get(PARTS, "").split(",") if os.environ.get(PARTS) else list(parts)
    before = record.read("service") or {}
    figures: Figures = {"case": f"champion of the sample, plan default, {len(os.sched_getaffinity(0))} cores"}
    for name, part in parts.items():
        if name not in named:
            figures |= {name: before[name]} if name in before else {}
            continue
        measured = record.circumstances()
        with tempfile.TemporaryDirectory() as home:
            figures[name] = part(Path(home)) | measured
    return figures


def cold_start(desk: OwnDesk, n_starts: int) -> Figures:
    """Seconds from the start of the process until it is ready, its files compiled and in memory by a first start."""
    found, cpu = [], []
    for _ in range(n_starts + 1):
        with desk.service() as service:
            found.append(service.wait_until_ready())
            cpu.append(service.cpu_seconds)
    return {
        "seconds": round(statistics.median(found[1:]), 2),
        "each": [round(one, 2) for one in found[1:]],
        "cpu_seconds": round(statistics.median(cpu[1:]), 2),
    }


def swaps(desk: OwnDesk, n_swaps: int) -> Figures:
    """Sixteen clients classify while the champion changes; every request must be answered."""
    versions = (desk.another_version(), desk.champion)
    statuses: Counter[str] = Counter()
    with desk.service() as service:
        service.wait_until_ready()
        url = f"{service.url}/v1/classifications"
        bodies = throughput.tickets(desk.home)
        with (
            load.Load(url, bodies, n_clients=throughput.N_CLIENTS, seconds=3_600) as clients,
            httpx.Client(base_url=service.url, timeout=120) as operator,
        ):
            for n in range(n_swaps):
                answer = operator.post(f"/v1/models/{versions[n % 2]}/promote")
                swapped = answer.is_success and answer.json()["serving"] == versions[n % 2]
                statuses["swapped" if swapped else str(answer.status_code)] += 1
            heard = clients.heard(now=True)
    with Journal.open(desk.journal) as journal:
        n_lost = len(set(heard.ids) - journal.known(heard.ids))
    return {
        "swaps": dict(statuses),
        "requests": dict(heard.statuses),
        "n_failed": heard.n_failed,
        "n_lost": n_lost,
        **seconds_of(heard.seconds),
    }


def hostile_tickets(desk: OwnDesk, n: int) -> Figures:
    """Every answer must be a 2xx, or a 4xx that is a problem document; four clients ask at a time."""
    with desk.service() as service, httpx.Client(base_url=service.url, timeout=300) as client:
        service.wait_until_ready()
        with ThreadPoolExecutor(_N_HOSTILE_CLIENTS) as clients:
            heard = list(clients.map(partial(_answered, client), hostile.requests(_SEED, n)))
    kinds: dict[str, Counter[str]] = {}
    for one in heard:
        kinds.setdefault(one.kind, Counter())[one.status] += 1
    wrong = [asdict(one) | {"number": number} for number, one in enumerate(heard) if one.is_wrong]
    slowest = sorted(heard, key=lambda one: one.seconds, reverse=True)[:5]
    return {
        "n": n,
        "seed": _SEED,
        "n_wrong": len(wrong),
        "wrong": wrong[:20],
        "slowest": [asdict(one) for one in slowest],
        "kinds": {kind: dict(statuses) for kind, statuses in kinds.items()},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """What one hostile request was answered with."""

    kind: str
    path: str
    status: str
    is_wrong: bool
    seconds: float


def _answered(client: httpx.Client, asked: hostile.HostileRequest) -> _Answered:
    started = time.perf_counter()
    try:
        answer = client.post(asked.path, content=asked.body, headers=[(b"content-type", asked.content_type.encode())])
    except httpx.HTTPError as error:
        status, is_wrong = type(error).__name__, True
    else:
        status = str(answer.status_code)
        is_problem = answer.headers.get("content-type") == "application/problem+json"
        is_wrong = not (answer.is_success or (400 <= answer.status_code < 500 and is_problem))
    seconds = round(time.perf_counter() - started, 2)
    return _Answered(kind=asked.kind, path=asked.path, status=status, is_wrong=is_wrong, seconds=seconds)


def soak(desk: OwnDesk, seconds: float, before_seconds: float) -> Figures:
    """Memory at the end of load of both kinds, as a multiple of what it was after the first minute."""
    bodies = throughput.tickets(desk.home)
    queries = load.write(
        [{"query": f"Drucker {i} druckt leere Etiketten"} for i in range(500)], desk.home / "queries.jsonl"
    )
    with desk.service() as service:
        service.wait_until_ready()
        with (
            load.Load(f"{service.url}/v1/classifications", bodies, n_clients=3, seconds=seconds) as tickets,
            load.Load(f"{service.url}/v1/search", queries, n_clients=1, seconds=seconds) as searches,
        ):
            found = _memory_over(service, seconds, before_seconds)
            heard = {"classification": tickets.heard(), "search": searches.heard()}
    return {
        "seconds": seconds,
        "first_mb": found[0],
        "last_mb": found[-1],
        "highest_mb": max(found),
        "ratio": round(found[-1] / found[0], 3),
        "n_answers": {name: len(one.seconds) for name, one in heard.items()},
        "n_failed": sum(one.n_failed for one in heard.values()),
        "every_tenth_mb": found[:: max(1, len(found) // 10)],
    }


def _memory_over(service: Running, seconds: float, before_seconds: float) -> list[float]:
    """Megabytes every few seconds, from the end of the first minute to the end."""
    found, ends_at = [], time.monotonic() + seconds
    time.sleep(before_seconds)
    while time.monotonic() < ends_at:
        found.append(memory_of(service.processes).pss_mb)
        time.sleep(min(5.0, max(0.1, ends_at - time.monotonic())))
    return found
