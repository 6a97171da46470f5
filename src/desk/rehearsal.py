"""A few tickets that a model must answer sensibly before anybody's ticket is given to it."""

import math
import time
from typing import Final

from classifier import BoundClassifier, Classification
from tickets import Taxonomy, Ticket

TICKETS: Final = (
    Ticket(
        id="rehearsal-1",
        subject="Drucker druckt leere Seiten",
        body="Seit dem Update heute früh kommen aus dem Drucker im Versand nur noch leere Etiketten.",
        language="de",
    ),
    Ticket(
        id="rehearsal-2",
        subject="Cannot log in",
        body="Since this morning I cannot log in any more, the page says that my password has expired.",
        language="en",
        product="Portal",
    ),
    Ticket(id="rehearsal-3", body="Wie kann ich in der Übersicht eine weitere Spalte einblenden?"),
    Ticket(id="rehearsal-4", subject="", body=""),
    Ticket(id="rehearsal-5", subject="\u202e🙂", body="x" * 5_000),
)
_SECONDS_EACH: Final = 5.0
"""Far more than any machine needs for one ticket: a model that takes longer would stop the desk."""
_TOLERANCE: Final = 1e-6


class RehearsalError(RuntimeError):
    """A model could be loaded but does not answer as a model must."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"the model failed its rehearsal: {fault}; train anew, or promote another version")


def rehearse(classifier: BoundClassifier) -> None:
    """Let a model answer `TICKETS`, which warms it too.

    Raises
    ------
    RehearsalError
        It cannot answer, leaves a target out, gives what are no probabilities, explains nothing, or takes too long.
    """
    started = time.perf_counter()
    try:
        answers = classifier.classify(TICKETS)
    except Exception as error:  # whatever a stranger's model raises here, it would raise for a customer's ticket
        raise RehearsalError(f"it raised {type(error).__name__}") from error
    seconds = (time.perf_counter() - started) / len(TICKETS)
    if seconds > _SECONDS_EACH:
        raise RehearsalError(f"a ticket took {seconds:.1f} seconds")
    if len(answers) != len(TICKETS):
        raise RehearsalError(f"{len(TICKETS)} tickets had {len(answers)} answers")
    for answer in answers:
        _check(answer, classifier.model.taxonomy)


def _check(answer: Classification, taxonomy: Taxonomy) -> None:
    for target in taxonomy:
        prediction = answer.predictions.get(target.name)
        if prediction is None:
            raise RehearsalError(f"it says nothing of {target.name}")
        if set(prediction.probabilities) != set(target.label_names):
            raise RehearsalError(f"the labels of {target.name} are not the taxonomy's")
        shares = list(prediction.probabilities.values())
        if not all(math.isfinite(share) and -_TOLERANCE <= share <= 1 + _TOLERANCE for share in shares):
            raise RehearsalError(f"the probabilities of {target.name} are no shares")
        if abs(sum(shares) - 1) > _TOLERANCE:
            raise RehearsalError(f"the probabilities of {target.name} do not add up to 1")
        words = answer.explanation.get(target.name)
        if words is None or not all(math.isfinite(word.weight) for word in words):
            raise RehearsalError(f"it does not explain {target.name}")
