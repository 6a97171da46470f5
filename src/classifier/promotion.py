"""Whether a new model has earned to replace the champion, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from classifier.comparison import Comparison
from classifier.plan import Gates
from classifier.shelf import Manifest


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate may serve, with every reason."""

    promoted: bool
    reasons: tuple[str, ...]


def judge(
    candidate: Manifest, champion: Manifest | None, comparison: Comparison | None = None, gates: Gates | None = None
) -> Verdict:
    """The verdict on a candidate by its gates.

    Parameters
    ----------
    champion : Manifest or None
        None where there is none, or none that could serve.
    comparison : Comparison, optional
        Of both on the same tickets. Without one, their reports are compared, each on its own history.
    """
    gates = gates or Gates()
    faults = [
        f"{target}: label {label!r} is never answered although {score['n_tickets']} tickets have it"
        for target, report in candidate.report["targets"].items()
        for label, score in report["labels"].items()
        if score["n_tickets"] and not any(row[label] for row in report["confusion"].values())
    ]
    if champion is None:
        return Verdict(not faults, tuple(faults) or ("there is no champion to compare with",))
    if missing := sorted(set(champion.macro_f1) - set(candidate.macro_f1)):
        faults.append(f"the champion answers {', '.join(missing)}, the candidate does not")
    scores = _scores(candidate, champion, comparison)
    faults += [
        f"{target}: macro-F1 falls from {before:.3f} to {now:.3f}"
        for target, (before, now) in scores.items()
        if now < before - gates.macro_f1_loss
    ]
    if comparison is not None:
        faults += _faults(comparison, gates)
    gains = [f"{target}: macro-F1 {before:.3f} before, {now:.3f} now" for target, (before, now) in scores.items()]
    return Verdict(not faults, tuple(faults or gains))


def _scores(candidate: Manifest, champion: Manifest, comparison: Comparison | None) -> dict[str, tuple[float, float]]:
    if comparison is None:
        before, now = champion.macro_f1, candidate.macro_f1
        return {target: (before[target], value) for target, value in now.items() if target in before}
    changes = {target: measures["macro_f1"] for target, measures in comparison.targets.items()}
    return {
        target: (one.before, one.after)
        for target, one in changes.items()
        if one.before is not None and one.after is not None
    }


def _faults(comparison: Comparison, gates: Gates) -> Iterator[str]:
    """What of the comparison the gates do not let through, beside a fall of macro-F1 that is large by itself."""
    for target, label, n_tickets in comparison.dead_labels:
        yield f"{target}: label {label!r} is never answered although {n_tickets} of the compared tickets have it"
    for target, measures in comparison.targets.items():
        score, ece = measures["macro_f1"], measures["ece"]
        if score.high is not None and score.high < 0 and -(score.difference or 0) <= gates.macro_f1_loss:
            yield f"{target}: macro-F1 falls for certain, by {-(score.difference or 0):.3f}"
        if (ece.difference or 0) > gates.ece_rise and (ece.low or 0) > 0:
            yield f"{target}: the calibration error rises from {ece.before:.3f} to {ece.after:.3f}"
    for part in comparison.parts:
        if part.accuracy.high is not None and part.accuracy.high < -gates.part_loss:
            yield (
                f"{part.target}: of the {part.n_tickets} tickets of {part.kind} {part.name} "
                f"{part.accuracy.before:.3f} were right before, {part.accuracy.after:.3f} now"
            )
    yield from _dearer(comparison, gates)


def _dearer(comparison: Comparison, gates: Gates) -> Iterator[str]:
    """What the candidate costs more than the gates let through."""
    cost = comparison.decision["cost_per_100"]
    if cost.low is not None and cost.before is not None and cost.low > gates.cost_rise * cost.before:
        yield f"100 tickets cost {cost.after:.0f} instead of {cost.before:.0f}"
    before, after = comparison.burden_before, comparison.burden_after
    if gates.keep_promise and before.promises and not after.promises:
        yield "the champion has proven a promise, the candidate has not"
    if after.milliseconds > gates.most_milliseconds:
        yield f"one ticket takes {after.milliseconds:.0f} ms; at most {gates.most_milliseconds:.0f} are let through"
    if after.megabytes > gates.most_megabytes:
        yield f"the model has {after.megabytes:.0f} MB; at most {gates.most_megabytes:.0f} are let through"
