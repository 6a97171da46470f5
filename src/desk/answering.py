"""What the serving model says of tickets, as both doors give it."""

import uuid
from collections.abc import Sequence

from desk.answers import ClassificationAnswer, ModelAnswer
from desk.champion import MaybeServing
from desk.evidence import Evidence
from desk.phrasing import classification_answer, unanswered
from tickets import Ticket


def answered(serving: MaybeServing, tickets: Sequence[Ticket], evidence: Evidence) -> list[ClassificationAnswer]:
    """One answer for each ticket, in order, under ids of their own; without a model a person must look."""
    ids = [f"c_{uuid.uuid4().hex}" for _ in tickets]
    if serving is None:
        return [unanswered(id_, ticket) for id_, ticket in zip(ids, tickets, strict=True)]
    model = ModelAnswer(version=serving.manifest.version, trained_at=serving.manifest.trained_at)
    promise = serving.classifier.model.promises.joint
    found = serving.classifier.classify(tickets)
    answers = [
        classification_answer(id_, ticket, classification, promise, model)
        for id_, ticket, classification in zip(ids, tickets, found, strict=True)
    ]
    shown = [
        answer.model_copy(update={"evidence": evidence.shown(model.version, answer.evidence)}) for answer in answers
    ]
    return evidence.with_resolutions(shown)
