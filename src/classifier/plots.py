"""Pictures of a report: how labels are confused, and whether answers are right as often as they say."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def confusion_figure(name: str, target: Mapping[str, Any]) -> "Figure":
    """A target's confusion matrix, shares of each true label by row; ``target`` is its part of a report's record."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    labels = list(target["confusion"])
    figure = Figure(figsize=(1.5 + 0.8 * len(labels), 1.2 + 0.8 * len(labels)), layout="constrained")
    axes = figure.subplots()
    counts = [[target["confusion"][true][answered] for answered in labels] for true in labels]
    shares = [[n / max(1, sum(row)) for n in row] for row in counts]
    axes.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            axes.text(j, i, str(n), ha="center", va="center", color="black" if shares[i][j] > 0.5 else "white")
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="answered", ylabel="true", title=f"{name}: macro-F1 {target['macro_f1']:.3f}")
    return figure


def reliability_figure(name: str, target: Mapping[str, Any]) -> "Figure":
    """A target's reliability diagram: how often answers of a confidence are right, the more tickets the larger."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    points = target["reliability"]
    most = max(point["n_tickets"] for point in points)
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
    said, right = [p["mean_confidence"] for p in points], [p["accuracy"] for p in points]
    axes.plot(said, right, color="tab:blue", linewidth=1)
    axes.scatter(said, right, s=[10 + 150 * p["n_tickets"] / most for p in points], color="tab:blue", alpha=0.6)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right", aspect="equal")
    axes.set_title(f"{name}: calibration error {target['ece']:.3f} on {target['n_tickets']:,} tickets")
    return figure
