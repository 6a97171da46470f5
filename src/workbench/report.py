"""What an evaluation found, as tables and pictures that Jupyter shows."""

import html
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

import classifier
from classifier import Report, confusion_figure, reliability_figure
from history import to_solved
from masking import mask_solved
from workbench.questions import labels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from workbench.estimator import TicketClassifier


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that Jupyter shows, with the numbers it was drawn from."""

    figure: "Figure"
    table: pd.DataFrame

    def _repr_html_(self) -> str:
        drawn = io.StringIO()
        self.figure.savefig(drawn, format="svg")
        return drawn.getvalue()[drawn.getvalue().index("<svg") :]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """A model's answers measured on tickets with known labels."""

    report: Report

    @property
    def targets(self) -> pd.DataFrame:
        """Accuracy, macro-F1, log loss, calibration error and cost, a target a row."""
        measures = ("n_tickets", "accuracy", "macro_f1", "log_loss", "ece", "cost_per_100")
        rows = {name: [getattr(one, measure) for measure in measures] for name, one in self.report.targets.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(measures)).rename_axis("target")

    @property
    def labels(self) -> pd.DataFrame:
        """Precision, recall, F1 and number of tickets, by target and label."""
        rows = {
            (name, label): asdict(score)
            for name, one in self.report.targets.items()
            for label, score in one.labels.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["target", "label"])

    @property
    def calibration(self) -> pd.DataFrame:
        """How well confidence and accuracy agree, by target and part of the tickets."""
        rows = [
            {"target": name} | asdict(part) for name, one in self.report.targets.items() for part in one.calibration
        ]
        return pd.DataFrame(rows).set_index(["target", "kind", "name"])

    @property
    def decision(self) -> pd.Series:
        """What was routed by itself, how much of that wrongly, and what it costs."""
        told = self.report.decision
        return pd.Series(
            {
                "tickets": told.n_tickets,
                "share routed by itself": told.auto_share,
                "of these wrong": told.auto_error,
                "promised at most": told.promise.max_error if told.promise.threshold is not None else None,
                "with confidence": told.promise.confidence,
                "certainty needed": told.promise.threshold,
                "cost per 100": told.cost_per_100,
                "cost per 100 if always asked": told.review_cost_per_100,
            },
            dtype=object,
            name="decision",
        )

    def confusion(self, target: str) -> Picture:
        """A target's confusion matrix: true labels by row, answers by column."""
        record = self._record(target)
        table = pd.DataFrame(record["confusion"]).T.rename_axis(index="true", columns="answered")
        return Picture(confusion_figure(target, record), table)

    def reliability(self, target: str) -> Picture:
        """A target's reliability diagram: what was said against what was right."""
        record = self._record(target)
        return Picture(reliability_figure(target, record), pd.DataFrame(record["reliability"]))

    def _record(self, target: str) -> Mapping[str, Any]:
        return asdict(self.report.targets[target])

    def _repr_html_(self) -> str:
        parts = [table_html("Targets", self.targets), table_html("Decisions", self.decision.to_frame())]
        for name in self.report.targets:
            of_target = self.labels.xs(name)
            pictures = self.confusion(name)._repr_html_() + self.reliability(name)._repr_html_()
            parts.append(f"{table_html(f'Labels of {name}', of_target)}<div>{pictures}</div>")
        return "".join(parts)


def table_html(title: str, table: Any) -> str:
    """A table under a title."""
    shown = table.to_html(float_format=lambda number: f"{number:,.3f}", na_rep="-")
    return f"<h4>{html.escape(title)}</h4>{shown}"


def evaluate(
    model: "TicketClassifier", X: pd.DataFrame, y: "pd.DataFrame | pd.Series | Sequence[str]"
) -> EvaluationReport:
    """How good a fitted model's answers are on tickets that it did not learn from."""
    from workbench.estimator import tickets_frame  # noqa: PLC0415 - the estimator shows reports itself

    scorer, frame = model.scorer, tickets_frame(X)
    labels = labels_of(y, len(frame))
    if not isinstance(y, pd.DataFrame):
        labels.columns = list(scorer.classifier.model.taxonomy.names)
    solved = to_solved(frame, labels)
    if scorer.mask is not None:
        solved = [mask_solved(one, scorer.mask) for one in solved]
    return EvaluationReport(classifier.evaluate(scorer.classifier, solved))
