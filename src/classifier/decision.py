"""From probabilities to an action: by itself only where the promise holds, otherwise with the reasons why not."""

from collections.abc import Mapping
from math import prod
from typing import Final

from classifier.prediction import Decision, Prediction, Reason, ReasonCode
from classifier.promise import Promise

_NEAR_TIE: Final = 0.1
_LOW_CONFIDENCE: Final = 0.5


def certainty(predictions: Mapping[str, Prediction]) -> float:
    """How sure the whole answer is: the product of the targets' confidences."""
    return prod(prediction.confidence for prediction in predictions.values())


def decide(predictions: Mapping[str, Prediction], promise: Promise, *, doubts: tuple[ReasonCode, ...] = ()) -> Decision:
    """The action for one ticket.

    ``doubts`` are faults of the ticket itself (no text, an unknown language); they always lead to review. Without
    text there are no labels at all.
    """
    labels = {} if "no_text" in doubts else {target: p.label for target, p in predictions.items()}
    reasons = [Reason(code) for code in doubts]
    if not doubts:
        reasons = [reason for target, p in predictions.items() for reason in _uncertainty(target, p)]
    if reasons:
        return Decision(action="review", labels=labels, reasons=tuple(reasons))
    if promise.threshold is None:
        return Decision(action="suggest", labels=labels, reasons=(Reason("no_promise"),))
    if certainty(predictions) < promise.threshold:
        return Decision(action="suggest", labels=labels, reasons=(Reason("promise_not_covered"),))
    return Decision(action="auto", labels=labels)


def _uncertainty(target: str, prediction: Prediction) -> list[Reason]:
    if prediction.lead < _NEAR_TIE:
        return [Reason("near_tie", target)]
    if prediction.confidence < _LOW_CONFIDENCE:
        return [Reason("low_confidence", target)]
    return []
