"""A result as it is kept in ``benchmarks/results/``: figures with the commit, the machine and the time."""

import json
import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

RESULTS = Path(__file__).parent / "results"

Figures = dict[str, Any]


def circumstances() -> Figures:
    """What a figure depends on beside the code: to be taken before the measurement starts."""
    return {
        "commit": _commit(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "n_cpus": len(os.sched_getaffinity(0)),
            "processor": _processor(),
            "load_average_at_start": round(os.getloadavg()[0], 2),
            "numeric_threads": {pool["prefix"]: pool["num_threads"] for pool in threadpool_info()},
        },
    }


def record(name: str, figures: Mapping[str, Any], measured: Mapping[str, Any], *, before: Figures | None) -> Figures:
    """The result to keep.

    Each model's figures carry their own circumstances, so that one model can be measured again and merged into what
    was measured ``before``.
    """
    models = {model: {**one, **measured} for model, one in figures.get("models", {}).items()}
    before = before or {}
    then = {key: before[key] for key in measured if key in before}
    kept = {model: {**then, **one} for model, one in before.get("models", {}).items()} if models else {}
    result = {"benchmark": name, **measured, **figures}
    return result | {"models": kept | models} if models else result


def read(name: str) -> Figures | None:
    """The result kept under ``name``, None where nothing was measured."""
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        return None
    result: Figures = json.loads(path.read_text("utf-8"))
    return result


def write(name: str, result: Mapping[str, Any]) -> None:
    """Keep ``result`` under ``name``."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")


def _commit() -> str:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    paths = ["src", "benchmarks/*.py"]
    changed = subprocess.run(["git", "status", "--porcelain", *paths], capture_output=True, text=True, check=False)
    return f"{commit}{'-dirty' if changed.stdout.strip() else ''}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown"
