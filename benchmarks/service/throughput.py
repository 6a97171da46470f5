"""Sixteen clients at once: classification beside ``mlflow models serve`` with the same model, and search."""

import statistics
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.record import Figures
from benchmarks.sample import solved_tickets
from benchmarks.service import load, pyfunc_peer
from benchmarks.service.running import OwnDesk, Running, seconds_of
from journal import Journal

N_CLIENTS = 16
_N_TICKETS = 600


def classification(home: Path, *, n_rounds: int, seconds: float) -> Figures:
    """Requests a second, in turn, so that the ratios hold on a machine whose speed drifts.

    Each server runs as it comes, with one worker, and with one worker for each core.
    """
    desks = {n: OwnDesk(home / f"ours_{n}") for n in (1, 2)}
    model = pyfunc_peer.save(desks[1], home / "pyfunc")
    servers: dict[str, Running] = {f"stellwerk_{n}": desk.service(workers=n) for n, desk in desks.items()} | {
        f"mlflow_{n}": pyfunc_peer.served(model, n_workers=n, log=home / f"mlflow_{n}.log") for n in (1, 2)
    }
    ours, theirs = _bodies(home)
    heard: dict[str, list[load.Heard]] = {name: [] for name in servers}
    n_warm: Counter[str] = Counter()
    with ExitStack() as stack:
        asked = {}
        for name, server in servers.items():
            stack.enter_context(server)
            server.wait_until_ready()
            is_ours = name.startswith("stellwerk")
            asked[name] = (
                server.url + ("/v1/classifications" if is_ours else "/invocations"),
                ours if is_ours else theirs,
            )
            url, bodies = asked[name]
            n_warm[name] += len(load.loaded(url, bodies, n_clients=N_CLIENTS, seconds=3).seconds)
        spent = {name: server.cpu_seconds for name, server in servers.items()}
        for _ in range(n_rounds):
            for name, (url, bodies) in asked.items():
                heard[name].append(load.loaded(url, bodies, n_clients=N_CLIENTS, seconds=seconds))
        spent = {name: server.cpu_seconds - spent[name] for name, server in servers.items()}
    figures = {name: _figures(rounds) for name, rounds in heard.items()}
    for name, rounds in heard.items():
        n_answers = sum(len(one.seconds) for one in rounds)
        figures[name]["cpu_ms_per_request"] = round(1000 * spent[name] / max(1, n_answers), 1)
    for n, desk in desks.items():
        n_answers = n_warm[f"stellwerk_{n}"] + sum(len(one.seconds) for one in heard[f"stellwerk_{n}"])
        with Journal.open(desk.journal) as journal:
            figures[f"stellwerk_{n}"] |= {"n_answers": n_answers, "n_journal": journal.counts().decisions}
    return {
        "n_clients": N_CLIENTS,
        "servers": figures,
        "ratio": _ratio(heard, "stellwerk_1", "mlflow_1"),
        "ratio_two_workers": _ratio(heard, "stellwerk_2", "mlflow_2"),
        "ratio_two_workers_over_one": _ratio(heard, "stellwerk_2", "mlflow_1"),
    }


def search(desk: OwnDesk, *, seconds: float) -> Figures:
    """Searches over the sample's index, in the words that tickets open with."""
    queries = [{"query": f"{one.ticket.subject} {one.ticket.body[:120]}"} for one in solved_tickets()[::3]]
    bodies = load.write(queries, desk.home / "queries.jsonl")
    with desk.service() as service:
        service.wait_until_ready()
        url = f"{service.url}/v1/search"
        load.loaded(url, bodies, n_clients=N_CLIENTS, seconds=3)
        return {"n_clients": N_CLIENTS} | _figures([load.loaded(url, bodies, n_clients=N_CLIENTS, seconds=seconds)])


def tickets(home: Path) -> Path:
    """Classification requests with the sample's tickets."""
    return _bodies(home)[0]


def _bodies(home: Path) -> tuple[Path, Path]:
    solved = solved_tickets()
    asked = [
        {"subject": one.ticket.subject, "body": one.ticket.body, "product": one.ticket.product}
        for one in solved[:: max(1, len(solved) // _N_TICKETS)]
    ]
    theirs = [{"dataframe_records": [one]} for one in asked]
    return load.write(asked, home / "tickets.jsonl"), load.write(theirs, home / "records.jsonl")


def _figures(rounds: list[load.Heard]) -> Figures:
    statuses = sum((one.statuses for one in rounds), Counter[str]())
    return {
        "per_second": round(statistics.median(one.per_second for one in rounds), 2),
        "statuses": dict(statuses),
        "n_failed": sum(one.n_failed for one in rounds),
        **seconds_of([seconds for one in rounds for seconds in one.seconds]),
    }


def _ratio(heard: Mapping[str, list[load.Heard]], ours: str, theirs: str) -> float:
    pairs = zip(heard[ours], heard[theirs], strict=True)
    return round(statistics.median(a.per_second / b.per_second for a, b in pairs), 2)
