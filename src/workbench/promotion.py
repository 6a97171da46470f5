"""A fitted model put on the shelf, and promoted where it has earned it."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import desk
from classifier import ModelShelf, judge
from desk import Desk, Settings
from workbench.estimator import TicketClassifier


@dataclass(frozen=True, slots=True)
class Promotion:
    """Whether a model serves now, and every reason."""

    version: str
    promoted: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        fate = "serves" if self.promoted else "was not promoted"
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in (*self.reasons, *self.warnings))
        return f"<p><b>{html.escape(self.version)}</b> {fate}</p><ul>{lines}</ul>"


def keep(model: TicketClassifier) -> Promotion:
    """Put a fitted model on the shelf and into MLflow as challenger, without letting it serve."""
    return _kept(model, promoting=False)


def promote(model: TicketClassifier) -> Promotion:
    """Let a fitted or loaded model serve, where it has earned it beside the champion; a fitted one is kept first."""
    if model.version_ is None:
        return _kept(model, promoting=True)
    settings = model.settings or Settings()
    shelf = ModelShelf(settings.models)
    champion = shelf.champion
    verdict = judge(shelf.manifest(model.version_), shelf.manifest(champion) if champion else None)
    if verdict.promoted:
        opened = Desk.open(settings, journal=False)
        try:
            opened.promote(model.version_, actor="notebook")
        finally:
            opened.close()
    return Promotion(model.version_, verdict.promoted, verdict.reasons)


def _kept(model: TicketClassifier, *, promoting: bool) -> Promotion:
    if model.version_ is not None:
        return Promotion(model.version_, promoted=False, reasons=("it is on the shelf already",))
    answer = desk.keep(model.settings or Settings(), model.learned_, promote=promoting, source=model.source_)
    model.version_ = answer.version
    return Promotion(answer.version, answer.promoted, _said(answer.verdict), _said(answer.warnings))


def _said(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(lines)
