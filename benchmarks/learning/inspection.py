"""Whether planted wrong labels are among the rows to look at first, and what a look at a large history costs."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.classification.public import ENDAVA
from benchmarks.sample import DATA
from benchmarks.scope import MissingDatasetError, Scope
from classifier import OutOfFold, TrainingPlan, out_of_fold
from history import PlacedTicket, RejectLog, read_placed
from inspection import Inspection, Kind, inspect
from tickets import Taxonomy

FLIPPED: Final = 0.05
LOOKED_AT: Final = 50
SEEDS: Final = (0, 1)
_POLL_SECONDS: Final = 0.5

Flags = NDArray[np.bool_]


def measure(scope: Scope) -> dict[str, Any]:
    """Precision among the first fifty rows by what was planted and the ranking; then what much history costs."""
    taxonomy = Taxonomy.builtin()
    placed = list(read_placed([DATA / "history.jsonl"], taxonomy=taxonomy, rejects=RejectLog()))
    kept = {one.ticket.id for one in scope.limited([one.solved for one in placed])}
    placed = [one for one in placed if one.solved.ticket.id in kept]
    figures: dict[str, Any] = {
        "case": f"sample, {FLIPPED:.0%} of each target's labels changed, the first {LOOKED_AT} rows looked at",
        "n_tickets": len(placed),
        "seeds": list(SEEDS),
        "planted": {
            what: [_round(placed, taxonomy, whole_problems=what == "whole_problems", seed=seed) for seed in SEEDS]
            for what in ("single_tickets", "whole_problems")
        },
    }
    if scope.n_problems is None:
        try:
            figures["endava"] = cost(scope.folder(ENDAVA))
        except MissingDatasetError as error:
            figures["endava"] = {"not_measured": str(error)}
    return figures


def plant(
    placed: Sequence[PlacedTicket], taxonomy: Taxonomy, *, whole_problems: bool, seed: int
) -> tuple[list[PlacedTicket], Mapping[str, Flags]]:
    """The history with a share of each target's labels changed to another, and which they are.

    Changed are tickets drawn one by one, or all tickets of problems drawn, so that no sibling contradicts.
    """
    random = np.random.default_rng(seed)
    problems = [one.solved.problem or "" for one in placed]
    units = np.unique(problems) if whole_problems else np.arange(len(placed))
    rows, wrong = list(placed), {}
    for target in taxonomy:
        drawn = set(random.choice(units, round(FLIPPED * len(units)), replace=False).tolist())
        flags = np.array([(problems[row] if whole_problems else row) in drawn for row in range(len(placed))])
        step = dict(zip(sorted(drawn), random.integers(1, len(target.labels), len(drawn)).tolist(), strict=True))
        for row in np.flatnonzero(flags).tolist():
            names, labels = target.label_names, rows[row].solved.labels
            by = step[problems[row] if whole_problems else row]
            other = names[(names.index(labels[target.name]) + by) % len(names)]
            solved = replace(rows[row].solved, labels={**labels, target.name: other})
            rows[row] = replace(rows[row], solved=solved)
        wrong[target.name] = flags
    return rows, wrong


def precisions(found: Inspection, answers: OutOfFold, wrong: Mapping[str, Flags]) -> dict[str, float]:
    """The share of rows with a planted label among the first fifty, by each ranking."""
    any_wrong = np.any(list(wrong.values()), axis=0)
    alone = {
        one.row: max((f.weight for f in one.findings if f.kind is Kind.WRONG_LABEL), default=0.0) for one in found.rows
    }
    confidence = np.min(
        [answers.shares[name][np.arange(len(any_wrong)), answers.truth[name]] for name in wrong], axis=0
    )
    order = {
        "inspect": [one.row for one in found.rows],
        "inspect_without_conflicts": sorted(alone, key=lambda row: -alone[row]),
        "lowest_self_confidence": np.argsort(confidence, kind="stable").tolist(),
    }
    told = {name: float(any_wrong[rows[:LOOKED_AT]].sum() / LOOKED_AT) for name, rows in order.items()}
    return told | {"random": float(any_wrong.mean())}


def cost(folder: Path) -> dict[str, Any]:
    """Seconds and memory of ``stellwerk inspect`` and of ``stellwerk train --plan fast``, each reading anew."""
    history = folder / "train.parquet"
    topics = sorted(set(pq.read_table(history, columns=["Topic_group"])["Topic_group"].to_pylist()))
    with tempfile.TemporaryDirectory(prefix="stellwerk-") as scratch:
        here = Path(scratch)
        taxonomy = here / "taxonomy.toml"
        labels = ", ".join(f'"{name}"' for name in topics)
        taxonomy.write_text(f'[[target]]\nname = "topic"\nlabels = [{labels}]\n', "utf-8")
        shared = [str(history), "--taxonomy", str(taxonomy), "--column", "topic=Topic_group"]
        commands = {
            "inspect": ["inspect", *shared, "--json", "--rejects", str(here / "inspect.jsonl")],
            "train": ["train", *shared, "--plan", "fast", "--models", str(here / "models")],
        }
        steps = {name: _run(arguments, here) for name, arguments in commands.items()}
    return {
        "n_tickets": pq.read_metadata(history).num_rows,
        "steps": steps,
        "seconds": sum(step["seconds"] for step in steps.values()),
        "cpu_seconds": sum(step["cpu_seconds"] for step in steps.values()),
        "peak_memory_bytes": max(step["peak_memory_bytes"] for step in steps.values()),
    }


def _round(placed: Sequence[PlacedTicket], taxonomy: Taxonomy, *, whole_problems: bool, seed: int) -> dict[str, Any]:
    rows, wrong = plant(placed, taxonomy, whole_problems=whole_problems, seed=seed)
    plan = TrainingPlan.named("fast", seed=seed)
    answers = out_of_fold([one.solved for one in rows], taxonomy=taxonomy, plan=plan)
    found = inspect(rows, taxonomy=taxonomy, plan=plan, answers=answers)
    ceilings = {
        name: {
            "right": float(1 - flags.mean()),
            "estimate": found.targets[name].ceiling.estimate,
            "low": found.targets[name].ceiling.low,
            "high": found.targets[name].ceiling.high,
            "model_estimate": found.targets[name].ceiling.model_estimate,
        }
        for name, flags in wrong.items()
    }
    return {"seed": seed, "precision_at_50": precisions(found, answers, wrong), "ceiling": ceilings}


def _run(arguments: Sequence[str], folder: Path) -> dict[str, float]:
    """One command in a process of its own; its peak memory is asked of Linux while it runs."""
    tracking = {"STELLWERK_TRACKING": "", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "stellwerk", *arguments]
    began = time.monotonic()
    before = os.times()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | tracking,
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak_memory(process.pid))
            time.sleep(_POLL_SECONDS)
    seconds, after = time.monotonic() - began, os.times()
    if process.returncode:
        raise RuntimeError((folder / "output").read_text("utf-8", "replace")[-2_000:])
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": seconds, "cpu_seconds": used, "peak_memory_bytes": peak}


def _peak_memory(pid: int) -> int:
    """The most resident memory the process has had so far, in bytes; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0][1]) * 1024 if lines else 0
