"""What people say about answers: the right labels for a ticket, a yes or no to a hit."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from desk import DeskView, Scope
from service.access import sees
from service.problems import answers
from service.requests import CorrectionRequest, FeedbackRequest

router = APIRouter(tags=["feedback"])
_EXAMPLES = {
    "correction": {
        "summary": "Richtige Antworten zu einem Ticket",
        "value": {
            "classification_id": "c_5f0c1d9be7a04c6f",
            "labels": {"level": "2"},
            "source": "Leitstelle",
        },
    },
    "vote": {
        "summary": "Whether a hit helped",
        "value": {"query": "label printer prints blank pages", "hit_id": "leere-etiketten", "helpful": True},
    },
}


@router.post(
    "/v1/feedback",
    summary="Correct a classification or judge a hit",
    status_code=204,
    responses=answers(400, 401, 403, 404, 413, 415, 422, 429, 503),
)
def remember(
    feedback: Annotated[FeedbackRequest, Body(openapi_examples=_EXAMPLES)],
    desk: Annotated[DeskView, sees(Scope.FEEDBACK)],
) -> Response:
    """Remember the labels that are right for a classification, or whether a hit helped with a query."""
    if isinstance(feedback, CorrectionRequest):
        desk.correct(feedback.classification_id, feedback.labels, feedback.source, feedback.provenance)
    else:
        desk.vote(feedback.query, feedback.hit_id, feedback.helpful)
    return Response(status_code=204)
