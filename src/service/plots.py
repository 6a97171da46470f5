"""Plots of a model for the page, drawn by Matplotlib as SVG: no script, legible in print, told apart without colour.

References
----------
Okabe and Ito (2008), Color universal design: the palette.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal

from desk import ModelEntry, ModelInsightAnswer, TargetReportAnswer, WeekAnswer
from tickets import Taxonomy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _ORANGE, _GREEN, _VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
_LIGHT_BLUE: Final = "#56b4e9"
_WIDTH, _HEIGHT = 5.6, 3.4
_MARKERS = "osD^v"
_FEW: Final = 6
"""So many weeks have their place even where there are fewer, so that one bar is no wall."""
_drawing = Lock()  # how Matplotlib writes SVG is a setting of the whole process


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What plots are drawn on: words, names of labels, and the page's theme."""

    text: Mapping[str, str]
    taxonomy: Taxonomy
    language: Literal["de", "en"]
    dark: bool

    @property
    def ink(self) -> str:
        """The colour of words and lines."""
        return "#e9e6de" if self.dark else "#1b2a30"

    @property
    def faint(self) -> str:
        """The colour of what only guides the eye."""
        return "#52656c" if self.dark else "#b9b7ae"

    @property
    def line(self) -> str:
        """The colour of what the plot is about."""
        return _LIGHT_BLUE if self.dark else _BLUE

    def axes(self, *, width: float = _WIDTH, height: float = _HEIGHT) -> "tuple[Figure, Axes]":
        """An empty plot in the page's theme."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

        figure = Figure(figsize=(width, height), layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.subplots()
        axes.patch.set_alpha(0)
        for side, spine in axes.spines.items():
            spine.set_visible(side in {"left", "bottom"})
            spine.set_color(self.faint)
        axes.tick_params(colors=self.ink, labelsize=9)
        for axis in (axes.xaxis, axes.yaxis):
            axis.label.set(color=self.ink, size=10)
        return figure, axes

    def named(self, target: str, label: str) -> str:
        """A label as people know it."""
        known = self.taxonomy[target] if target in self.taxonomy.names else None
        found = next((one for one in known.labels if one.name == label), None) if known else None
        return found.shown_in(self.language) if found else label

    def target(self, target: str) -> str:
        """A target as people know it."""
        return self.taxonomy[target].shown_in(self.language) if target in self.taxonomy.names else target

    def day(self, week: WeekAnswer) -> str:
        """A week's first day, short."""
        return f"{week.week:%d.%m.}" if self.language == "de" else f"{week.week:%d %b}"


def reliability(canvas: Canvas, report: TargetReportAnswer, target: str) -> bytes:
    """How often answers of a confidence are right; the more tickets, the larger the point."""
    figure, axes = canvas.axes(width=4.6, height=4.0)
    points = report.reliability
    most = max(point.n_tickets for point in points)
    axes.plot([0, 1], [0, 1], color=canvas.faint, linestyle="--", linewidth=1, label=canvas.text["plot.perfect"])
    said, right = [p.mean_confidence for p in points], [p.accuracy for p in points]
    axes.plot(said, right, color=canvas.line, linewidth=1.5, label=canvas.target(target))
    axes.scatter(said, right, s=[20 + 160 * p.n_tickets / most for p in points], color=canvas.line, alpha=0.75)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel=canvas.text["plot.confidence"], ylabel=canvas.text["plot.right"])
    _percent(axes, "xy")
    _legend(canvas, axes)
    return _written(figure)


def confusion(canvas: Canvas, report: TargetReportAnswer, target: str) -> bytes:
    """What was answered where what is right: counts, shaded by the share of each row."""
    labels = list(report.confusion)
    names = [canvas.named(target, label) for label in labels]
    figure, axes = canvas.axes(width=2.4 + 0.75 * len(labels), height=1.7 + 0.6 * len(labels))
    counts = [[report.confusion[true][answered] for answered in labels] for true in labels]
    shares = [[n / max(1, sum(row)) for n in row] for row in counts]
    axes.pcolormesh(shares, cmap="cividis", vmin=0, vmax=1)  # shapes, where an image would hold pixels
    axes.invert_yaxis()
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            axes.text(
                j + 0.5,
                i + 0.5,
                f"{n}",
                ha="center",
                va="center",
                color="black" if shares[i][j] > 0.5 else "white",
                size=11,
            )
    middles = [place + 0.5 for place in range(len(labels))]
    axes.set_xticks(middles, names, rotation=20, ha="right")
    axes.set_yticks(middles, names)
    axes.set(xlabel=canvas.text["plot.answered"], ylabel=canvas.text["plot.true"])
    return _written(figure)


def promise(canvas: Canvas, insight: ModelInsightAnswer) -> bytes:
    """The share of wrong answers among the audited, from the beginning to each week, under what was promised."""
    figure, axes = canvas.axes()
    weeks, n_answered, n_wrong = [], 0, 0
    shares = []
    for week in insight.weeks:
        n_answered, n_wrong = n_answered + week.n_answered, n_wrong + week.n_wrong
        if n_answered:
            weeks.append(canvas.day(week))
            shares.append(n_wrong / n_answered)
    bound = insight.report.decision.promise.max_error
    if not weeks:
        return _nothing(canvas, figure, axes)
    axes.axhline(bound, color=_VERMILION, linestyle="--", linewidth=1.5, label=canvas.text["plot.promised"])
    axes.plot(weeks, shares, color=canvas.line, marker="o", label=canvas.text["plot.wrong"])
    axes.set(ylim=(0, max(2 * bound, 1.15 * max(shares))), ylabel=canvas.text["plot.wrong_axis"])
    _percent(axes, "y")
    _thinned(axes, len(weeks))
    _legend(canvas, axes)
    return _written(figure)


def actions(canvas: Canvas, insight: ModelInsightAnswer) -> bytes:
    """What was done with the tickets of each week, as shares of all."""
    figure, axes = canvas.axes()
    weeks = [week for week in insight.weeks if week.n_auto + week.n_suggest + week.n_review]
    if not weeks:
        return _nothing(canvas, figure, axes)
    places, floor = range(len(weeks)), [0.0] * len(weeks)
    drawn = (("auto", _GREEN, ""), ("suggest", _ORANGE, "//"), ("review", _VERMILION, ".."))
    for action, colour, hatch in drawn:
        counts = [{"auto": w.n_auto, "suggest": w.n_suggest, "review": w.n_review} for w in weeks]
        shares = [count[action] / sum(count.values()) for count in counts]
        axes.bar(
            places, shares, bottom=floor, width=0.75, color=colour, hatch=hatch, edgecolor=canvas.ink, linewidth=0.4,
            label=canvas.text[f"plot.{action}"],
        )  # fmt: skip
        floor = [low + share for low, share in zip(floor, shares, strict=True)]
    axes.set_xticks(places, [canvas.day(week) for week in weeks])
    axes.set(xlim=(-0.6, max(len(weeks), _FEW) - 0.4), ylim=(0, 1), ylabel=canvas.text["plot.share"])
    _percent(axes, "y")
    _thinned(axes, len(weeks))
    _legend(canvas, axes)
    return _written(figure)


def drift(canvas: Canvas, insight: ModelInsightAnswer) -> bytes:
    """How far each week's labels lie from those learned from, and how many tickets were unlike any."""
    figure, axes = canvas.axes()
    weeks = [week for week in insight.weeks if week.drift]
    if not weeks:
        return _nothing(canvas, figure, axes)
    days = [canvas.day(week) for week in weeks]
    colours = (canvas.line, _ORANGE, _GREEN, _VERMILION)
    for place, target in enumerate(insight.report.targets):
        axes.plot(
            days, [week.drift.get(target, float("nan")) for week in weeks], color=colours[place % len(colours)],
            marker=_MARKERS[place % len(_MARKERS)], label=canvas.target(target),
        )  # fmt: skip
    strange = [week.n_strange / (week.n_auto + week.n_suggest + week.n_review) for week in weeks]
    axes.plot(days, strange, color=canvas.ink, linestyle=":", marker="x", label=canvas.text["plot.strange"])
    axes.set(ylim=(0, 1), ylabel=canvas.text["plot.drift"])
    _percent(axes, "y")
    _thinned(axes, len(weeks))
    _legend(canvas, axes)
    return _written(figure)


def growth(canvas: Canvas, models: Sequence[ModelEntry], target: str) -> bytes:
    """What more tickets brought: every model on the shelf, by what it learned from and how well it answers."""
    figure, axes = canvas.axes()
    known = sorted((m.n_tickets, m.macro_f1[target], m.plan) for m in models if target in m.macro_f1)
    colours = (canvas.line, _ORANGE, _GREEN, _VERMILION)
    for place, plan in enumerate(sorted({plan for _, _, plan in known})):
        theirs = [(n, score) for n, score, of in known if of == plan]
        axes.plot(
            [n for n, _ in theirs], [score for _, score in theirs], color=colours[place % len(colours)],
            marker=_MARKERS[place % len(_MARKERS)], linestyle="-", label=plan,
        )  # fmt: skip
    axes.set(ylim=(0, 1), xlabel=canvas.text["plot.n_tickets"], ylabel="macro-F1")
    axes.set_xlim(left=0)
    _legend(canvas, axes)
    return _written(figure)


def _nothing(canvas: Canvas, figure: "Figure", axes: "Axes") -> bytes:
    axes.set_axis_off()
    axes.text(0.5, 0.5, canvas.text["plot.nothing"], ha="center", va="center", color=canvas.ink, size=11)
    return _written(figure)


def _percent(axes: "Axes", which: str) -> None:
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415 - slow to import

    for name in which:
        getattr(axes, f"{name}axis").set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))


def _thinned(axes: "Axes", n_weeks: int) -> None:
    """Name no more weeks than stand side by side."""
    step = -(-n_weeks // 8)
    for place, label in enumerate(axes.get_xticklabels()):
        label.set_visible(place % step == 0)


def _legend(canvas: Canvas, axes: "Axes") -> None:
    axes.grid(axis="y", color=canvas.faint, linewidth=0.4, alpha=0.6)
    axes.set_axisbelow(True)
    axes.legend(
        frameon=False, fontsize=9, labelcolor=canvas.ink, loc="lower left", bbox_to_anchor=(0, 1), ncols=3,
        borderaxespad=0.2, handlelength=1.6, columnspacing=1.2,
    )  # fmt: skip


def _written(figure: "Figure") -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    content = io.BytesIO()
    with _drawing, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "stellwerk"}):
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None})
    return content.getvalue()
