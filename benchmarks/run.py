"""Run all benchmarks, or the named ones, and write ``benchmarks/results/<name>.json`` with the commit.

``python -m benchmarks.run [classification recurring search latency audit]``. The public sets are read from the folder
that ``STELLWERK_BENCH_DATASETS`` names and are never part of the project; without it their part is left out and says
so.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import audit, classification, latency, search

_RESULTS = Path(__file__).parent / "results"
_BENCHMARKS: dict[str, Callable[[Path | None], dict[str, Any]]] = {
    "classification": classification.new_problems,
    "recurring": classification.recurring_problems,
    "search": search.measure,
    "latency": latency.measure,
    "audit": audit.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all without names; 2 for an unknown name."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if unknown := set(names) - set(_BENCHMARKS):
        print(
            f"no benchmark called {', '.join(sorted(unknown))}; choose from {', '.join(_BENCHMARKS)}", file=sys.stderr
        )
        return 2
    datasets = os.environ.get("STELLWERK_BENCH_DATASETS")
    _RESULTS.mkdir(exist_ok=True)
    for name in names or _BENCHMARKS:
        figures = _BENCHMARKS[name](Path(datasets) if datasets else None)
        record = {"benchmark": name, "commit": _commit(), "measured_at": datetime.now(UTC).isoformat(), **figures}
        (_RESULTS / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n")
        print(json.dumps(record, indent=2), flush=True)
    return 0


def _commit() -> str:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    dirty = subprocess.run(["git", "status", "--porcelain", "src"], capture_output=True, text=True, check=False).stdout
    return f"{commit}{'-dirty' if dirty.strip() else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
