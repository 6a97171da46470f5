"""Classify a ticket, or many: what it is, who could solve it, and what to do with it."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Body
from pydantic import BaseModel

from desk import ClassificationAnswer, DeskView, DuplicatesAnswer, Scope
from service.access import sees
from service.examples import TICKET_DE, TICKET_EN, both
from service.opening import Counted
from service.problems import answers
from service.requests import TicketRequest, TicketsRequest

router = APIRouter(tags=["classification"])
ClassifyingDesk: TypeAlias = Annotated[DeskView, sees(Scope.CLASSIFY)]
_PROBLEMS = answers(400, 401, 403, 413, 415, 422, 429, 503)
_MANY_DE = {"tickets": [TICKET_DE, {"body": "Wie ändere ich mein Kennwort?"}]}
_MANY_EN = {"tickets": [TICKET_EN, {"body": "How do I change my password?"}]}


class ClassificationsAnswer(BaseModel):
    """One answer for each ticket, in the order they were sent."""

    classifications: list[ClassificationAnswer]


@router.post(
    "/v1/classifications",
    summary="Classify a ticket",
    response_description="What the ticket is and what to do with it",
    responses=_PROBLEMS,
)
def classify(
    ticket: Annotated[TicketRequest, Body(openapi_examples=both(TICKET_DE, TICKET_EN))],
    desk: ClassifyingDesk,
    metrics: Counted,
) -> ClassificationAnswer:
    """Predict every target, decide and remember; without usable text the ticket goes to review."""
    classified = desk.classify(ticket.ticket())
    metrics.decisions([classified])
    return classified


@router.post(
    "/v1/classifications/batch",
    summary="Classify up to 1,000 tickets",
    response_description="One answer for each ticket, in order",
    responses=_PROBLEMS,
)
def classify_many(
    request: Annotated[TicketsRequest, Body(openapi_examples=both(_MANY_DE, _MANY_EN))],
    desk: ClassifyingDesk,
    metrics: Counted,
) -> ClassificationsAnswer:
    """Classify tickets together, which takes less time than one by one."""
    classified = desk.classify_many([ticket.ticket() for ticket in request.tickets])
    metrics.decisions(classified)
    return ClassificationsAnswer(classifications=classified)


@router.post(
    "/v1/duplicates",
    summary="Find open tickets that say the same",
    response_description="Tickets classified lately, not known to be solved, that say almost the same",
    responses=_PROBLEMS,
)
def duplicates(
    ticket: Annotated[TicketRequest, Body(openapi_examples=both(TICKET_DE, TICKET_EN))], desk: ClassifyingDesk
) -> DuplicatesAnswer:
    """Tell whether a ticket was sent before and still waits; nothing is classified or remembered."""
    return desk.duplicates(ticket.ticket())
