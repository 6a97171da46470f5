"""A verdict for people: one Markdown page that is kept with the model."""

from collections.abc import Iterator
from typing import Final

from classifier.comparison import Comparison
from classifier.promotion import Verdict
from classifier.resampling import Change
from classifier.shelf import Manifest

_BASES: Final = {
    "newer": "tickets that are new to the champion, of problems that are new to it; the candidate answered them from "
    "folds that had seen neither them nor their problems. Both answer as to problems never seen.",
    "shared": "tickets that one or both learned from, each answered from folds that had seen neither them nor their "
    "problems; too few are new to the champion to be compared on alone.",
}
_MEASURES: Final = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "log_loss": "log loss",
    "ece": "calibration error (ECE)",
    "cost_per_100": "cost of 100 tickets",
    "auto_share": "routed by itself",
    "auto_error": "of these, wrong",
}


def verdict_page(
    candidate: Manifest, champion: Manifest | None, comparison: Comparison | None, verdict: Verdict
) -> str:
    """The verdict with all that it rests on."""
    against = f" beside champion {champion.version}" if champion else ""
    lines = [
        f"# Candidate {candidate.version}{against}",
        "",
        f"**{'Passes every gate' if verdict.promoted else 'Kept back'}.**",
        "",
        *(f"- {reason}" for reason in verdict.reasons),
        "",
    ]
    if comparison is not None:
        lines += _figures(comparison)
    elif champion is not None:
        lines.append(
            "The two share no tickets that neither had seen; their reports were compared, each on its own history."
        )
    return "\n".join(lines).rstrip() + "\n"


def _figures(comparison: Comparison) -> Iterator[str]:
    yield (
        f"Compared on {comparison.n_tickets:,} tickets of {comparison.n_problems:,} problems: "
        f"{_BASES[comparison.basis]} Intervals hold 95 %, by a paired bootstrap that draws whole problems."
    )
    yield ""
    yield "| | champion | candidate | difference | 95 % interval |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for target, measures in comparison.targets.items():
        for name, change in measures.items():
            yield _row(f"{target}: {_MEASURES[name]}", change)
    for name, change in comparison.decision.items():
        yield _row(f"decision: {_MEASURES[name]}", change)
    for part in comparison.parts:
        name = part.name.replace("|", "/")
        yield _row(f"{part.target}: accuracy, {part.kind} {name} ({part.n_tickets:,} tickets)", part.accuracy)
    yield ""
    before, after = comparison.burden_before, comparison.burden_after
    yield "| | champion | candidate |"
    yield "| --- | ---: | ---: |"
    yield f"| promise proven | {_yes(before.promises)} | {_yes(after.promises)} |"
    yield f"| median milliseconds for one ticket, this machine | {before.milliseconds:.1f} | {after.milliseconds:.1f} |"
    yield f"| megabytes on disk | {before.megabytes:.1f} | {after.megabytes:.1f} |"


def _row(what: str, change: Change) -> str:
    apart = change.difference
    interval = "-" if change.low is None or change.high is None else f"{change.low:+.3f} to {change.high:+.3f}"
    return f"| {what} | {_told(change.before)} | {_told(change.after)} | {_told(apart, sign='+')} | {interval} |"


def _told(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.3f}"


def _yes(fact: bool) -> str:  # noqa: FBT001 - a word for a fact
    return "yes" if fact else "no"
