"""After how many audited decisions a broken promise is withdrawn, and how often one that is kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scope import Scope
from classifier import log_evidence

_MAX_ERROR, _CONFIDENCE = 0.05, 0.95
_RUNS, _DRAWS = 1_000, 4_000
_OPEN_DRAWS = 70  # two weeks, at five audits a day


def measure(_: Scope) -> dict[str, Any]:
    """Shares and numbers of audited decisions, over 1,000 simulated desks each."""
    random = np.random.default_rng(0)
    kept = [_found(random.random(_DRAWS) < _MAX_ERROR) for _ in range(_RUNS)]
    figures: dict[str, Any] = {
        "kept_but_withdrawn": float(np.mean(np.isfinite(kept))),
        "kept_but_withdrawn_if_open_ones_were_left_out": float(np.mean([_hasty(random) for _ in range(_RUNS)])),
    }
    for times in (1.5, 2, 3, 5):
        figures[f"broken_{times}_times"] = _when(
            [_found(random.random(_DRAWS) < times * _MAX_ERROR) for _ in range(_RUNS)]
        )
        good = [random.random(500) < 0.03 for _ in range(_RUNS)]
        late = [_found(np.append(run, random.random(_DRAWS) < times * _MAX_ERROR)) - len(run) for run in good]
        figures[f"broken_{times}_times_after_500_at_0.03"] = _when(late)
    return figures


def _found(outcomes: NDArray[np.bool_]) -> float:
    """The draw at which the promise falls; infinity where it never does."""
    evidence = log_evidence(outcomes.tolist(), max_error=_MAX_ERROR)
    return float(np.argmax(evidence >= _threshold())) if evidence.max() >= _threshold() else np.inf


def _hasty(random: np.random.Generator) -> bool:
    """Whether a kept promise falls in two weeks in which only contradictions were told, judged by the answers alone."""
    wrong = random.random(_OPEN_DRAWS) < _MAX_ERROR
    return bool(np.isfinite(_found(wrong[wrong])))


def _threshold() -> float:
    return float(-np.log1p(-_CONFIDENCE))


def _when(found: list[float]) -> dict[str, int | None]:
    """After how many audits half and nine of ten of the desks knew; None where they never did."""
    quantiles = {"median": 0.5, "nine_of_ten": 0.9}
    draws = {name: float(np.quantile(found, share, method="lower")) for name, share in quantiles.items()}
    return {name: int(draw) if np.isfinite(draw) else None for name, draw in draws.items()}
