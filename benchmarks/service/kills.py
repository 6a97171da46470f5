"""A worker killed again and again while it writes: what was acknowledged must be there afterwards."""

import random
import time
from collections import Counter
from pathlib import Path

import httpx
import psutil

from benchmarks.record import Figures
from benchmarks.service import load, throughput
from benchmarks.service.running import OwnDesk, Running
from desk import Desk, Settings
from journal import Journal

_N_CLIENTS = 8
_SEED = 31
_MOST_SECONDS = 1.5
"""The longest a worker is left alone between two kills, once it serves."""


def lost(home: Path, *, n_kills: int) -> Figures:
    """Kill one of two workers ``n_kills`` times under decisions, corrections and documents; count what is missing.

    Eight clients classify; beside them this process corrects what it classified itself and brings documents in.
    """
    desk = OwnDesk(home)
    bodies = throughput.tickets(home)
    said = _Acknowledged()
    with desk.service(workers=2) as service:
        service.wait_until_ready()
        url = f"{service.url}/v1/classifications"
        with load.Load(url, bodies, n_clients=_N_CLIENTS, seconds=3_600) as clients:
            n_killed = _kill_again_and_again(service, said, n_kills)
            heard = clients.heard(now=True)
    said.decisions |= set(heard.ids)
    return {"n_kills": n_killed, "clients": dict(heard.statuses), "asked_here": dict(said.statuses)} | _missing(
        desk, said
    )


class _Acknowledged:
    """What was answered with success."""

    def __init__(self) -> None:
        self.decisions: set[str] = set()
        self.corrected: set[str] = set()
        self.documents: set[str] = set()
        self.statuses: Counter[str] = Counter()
        self._n = 0

    def write(self, client: httpx.Client) -> None:
        """Classify, correct and bring in once each; what is not answered is not acknowledged."""
        self._n += 1
        ticket = {"id": f"killed-{self._n}", "subject": "Drucker", "body": f"Der Drucker {self._n} druckt leere Seiten"}
        try:
            answer = self._heard(client.post("/v1/classifications", json=ticket))
            if answer.is_success:
                id_ = answer.json()["id"]
                self.decisions.add(id_)
                correction = {"classification_id": id_, "labels": {"category": "bug"}}
                if self._heard(client.post("/v1/feedback", json=correction)).is_success:
                    self.corrected.add(id_)
            name = f"killed-{self._n}"
            article = {"kind": "article", "title": name, "body": f"Der Drucker {self._n} druckt wieder"}
            if self._heard(client.put(f"/v1/knowledge/{name}", json=article)).is_success:
                self.documents.add(name)
        except httpx.TransportError as error:
            self.statuses[type(error).__name__] += 1

    def _heard(self, answer: httpx.Response) -> httpx.Response:
        self.statuses[str(answer.status_code)] += 1
        return answer


def _kill_again_and_again(service: Running, said: _Acknowledged, n_kills: int) -> int:
    chance = random.Random(_SEED)  # noqa: S311 - to be repeated
    n_killed = 0
    while n_killed < n_kills:
        ends_at = time.monotonic() + chance.uniform(0.1, _MOST_SECONDS)
        with httpx.Client(base_url=service.url, timeout=60) as client:
            n_before = len(said.decisions)
            while time.monotonic() < ends_at or len(said.decisions) == n_before:
                said.write(client)
        workers = [pid for pid in service.processes[1:] if _is_worker(pid)]
        if len(workers) > 1:  # the other one goes on, so that there is writing at the next kill too
            psutil.Process(chance.choice(workers)).kill()
            n_killed += 1
    return n_killed


def _is_worker(pid: int) -> bool:
    try:
        return "spawn_main" in " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:  # it ended just now
        return False


def _missing(desk: OwnDesk, said: _Acknowledged) -> Figures:
    with Journal.open(desk.journal) as journal:
        known = journal.known(said.decisions)
        corrected = {one.classification_id for one in journal.corrections()}
    settings = Settings(models=desk.shelf.path, knowledge=desk.knowledge, journal=desk.journal, encoders=desk.encoders)
    opened = Desk.open(settings)
    try:
        opened.documents.catch_up()
        found = {id_ for _, id_ in opened.documents.owners(said.documents)}
    finally:
        opened.close()
    return {
        "decisions": {"n_acknowledged": len(said.decisions), "n_lost": len(said.decisions - known)},
        "corrections": {"n_acknowledged": len(said.corrected), "n_lost": len(said.corrected - corrected)},
        "documents": {"n_acknowledged": len(said.documents), "n_lost": len(said.documents - found)},
    }
