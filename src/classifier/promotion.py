"""Whether a new model has earned to replace the champion, and why."""

from dataclasses import dataclass
from typing import Final

from classifier.shelf import Manifest

_TOLERATED_LOSS: Final = 0.02
"""How far macro-F1 may fall: about one standard error on a few hundred tickets."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate may serve, with every reason."""

    promoted: bool
    reasons: tuple[str, ...]


def judge(candidate: Manifest, champion: Manifest | None) -> Verdict:
    """The verdict on a candidate by both models' reports on tickets that they had not learned from.

    Parameters
    ----------
    champion : Manifest or None
        None where there is none, or none that could serve.
    """
    faults = [
        f"{target}: label {label!r} is never answered although {score['n_tickets']} tickets have it"
        for target, report in candidate.report["targets"].items()
        for label, score in report["labels"].items()
        if score["n_tickets"] and not any(row[label] for row in report["confusion"].values())
    ]
    if champion is None:
        return Verdict(not faults, tuple(faults) or ("there is no champion to compare with",))
    before = champion.macro_f1
    for target, value in candidate.macro_f1.items():
        if target in before and value < before[target] - _TOLERATED_LOSS:
            faults.append(f"{target}: macro-F1 falls from {before[target]:.3f} to {value:.3f}")
    if missing := sorted(set(before) - set(candidate.macro_f1)):
        faults.append(f"the champion answers {', '.join(missing)}, the candidate does not")
    gains = [f"{t}: macro-F1 {before[t]:.3f} before, {v:.3f} now" for t, v in candidate.macro_f1.items() if t in before]
    return Verdict(not faults, tuple(faults or gains))
