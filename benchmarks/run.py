"""Run all benchmarks, or the named ones, and write ``benchmarks/results/<name>.json``; see ``benchmarks/README.md``."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from benchmarks import record
from benchmarks.scope import MissingDatasetError, Scope

BENCHMARKS = {
    "classification": "benchmarks.classification.comparison:on_new_problems",
    "recurring": "benchmarks.classification.comparison:on_recurring_problems",
    "nlbse": "benchmarks.classification.comparison:on_nlbse",
    "endava": "benchmarks.classification.comparison:on_endava",
    "novelty": "benchmarks.classification.novelty:measure",
    "faithfulness": "benchmarks.classification.faithfulness:measure",
    "learning_curve": "benchmarks.classification.comparison:learning_curve",
    "latency": "benchmarks.latency:measure",
    "page": "benchmarks.page:measure",
    "signatures": "benchmarks.knowledge.signatures:measure",
    "preference": "benchmarks.knowledge.preference:measure",
    "duplicates": "benchmarks.knowledge.duplicates:measure",
    "gaps": "benchmarks.knowledge.gaps:measure",
    "search": "benchmarks.knowledge.search:measure",
    "engines": "benchmarks.knowledge.engines:with_a_million",
    "engines_small": "benchmarks.knowledge.engines:with_a_hundred_thousand",
    "indexing": "benchmarks.knowledge.indexing:measure",
    "audit": "benchmarks.audit:measure",
    "inspection": "benchmarks.learning.inspection:measure",
    "scoring": "benchmarks.learning.scoring:measure",
    "faults": "benchmarks.knowledge.faults:measure",
    "service": "benchmarks.service.measurement:measure",
    "sizing": "benchmarks.service.sizing:measure",
    "masking": "benchmarks.masking.measurement:measure",
    "labelling": "benchmarks.learning.labelling:measure",
}
"""Where each is found; loaded when it runs, because every spawned trial loads this module anew and shall stay small."""

log = logging.getLogger("benchmarks")


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; 1 where something that was named was not measured."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asked = _asked(arguments)
    datasets = os.environ.get("STELLWERK_BENCH_DATASETS")
    scope = Scope(
        datasets=Path(datasets) if datasets else None,
        contestants=frozenset(asked.contestants) if asked.contestants else None,
        n_problems=asked.problems,
    )
    left_out = False
    for name in asked.names or BENCHMARKS:
        measure: Callable[[Scope], dict[str, Any]] = resolve_name(BENCHMARKS[name])
        measured = record.circumstances()
        try:
            figures = measure(scope)
        except MissingDatasetError as error:
            log.warning("%s: %s", name, error)
            left_out = True
            continue
        left_out |= any("not_measured" in one for one in figures.get("models", {}).values())
        before = record.read(name) if scope.contestants and scope.n_problems is None else None
        result = record.record(name, figures, measured, before=before)
        if scope.n_problems is None:
            record.write(name, result)
        print(json.dumps(result, indent=2), flush=True)
    return 1 if left_out and asked.names else 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all without any")
    parser.add_argument(
        "--contestants",
        type=lambda names: names.split(","),
        help="only these, with commas between; their figures are merged into the others",
    )
    parser.add_argument("--problems", type=int, help="a trial run on so many problems, which writes nothing")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(BENCHMARKS)):
        parser.error(f"no benchmark called {', '.join(unknown)}; choose from {', '.join(BENCHMARKS)}")
    from benchmarks.classification.contestants import NAMES, PRIMER_APART  # noqa: PLC0415 - as above

    if strangers := sorted(set(asked.contestants or ()) - {*NAMES, *PRIMER_APART}):
        known = ", ".join((*NAMES, *PRIMER_APART))
        parser.error(f"no contestant called {', '.join(strangers)}; choose from {known}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
