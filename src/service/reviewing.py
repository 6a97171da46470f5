"""What people work on: the queue that waits for them, a ticket opened by its id, a document in full."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from desk import DeskView, DocumentAnswer, OpenedTicketAnswer, ReviewsAnswer, Scope
from service.access import sees
from service.problems import answers
from service.requests import Kind, Limit

router = APIRouter(tags=["reviewing"])
_PROBLEMS = answers(401, 403, 404, 422, 429, 503)
_Id = Annotated[str, Path(min_length=1, max_length=255)]


@router.get(
    "/v1/reviews",
    summary="What waits for a person",
    response_description="Tickets that were sent to review or are asked back, without what the model said of them",
    responses=answers(401, 403, 422, 429, 503),
)
def reviews(desk: Annotated[DeskView, sees(Scope.FEEDBACK)], limit: Annotated[Limit, Query()] = 20) -> ReviewsAnswer:
    """Tell what waits: what the audit asks back, then the newest; answer with `POST /v1/feedback`."""
    return desk.reviews(limit=limit)


@router.get("/v1/tickets/{ticket_id:path}", summary="Open a ticket", responses=_PROBLEMS)
def ticket(ticket_id: _Id, desk: Annotated[DeskView, sees(Scope.CLASSIFY)]) -> OpenedTicketAnswer:
    """Give a ticket by its id, as it was classified last or as it was brought in; personal data stays masked."""
    return desk.opened(ticket_id)


@router.get("/v1/documents/{kind}/{document_id:path}", summary="Read a document in full", responses=_PROBLEMS)
def document(kind: Kind, document_id: _Id, desk: Annotated[DeskView, sees(Scope.SEARCH)]) -> DocumentAnswer:
    """Give an article or a solved ticket as it is kept."""
    return desk.document(kind, document_id)
