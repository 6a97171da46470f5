"""What people should label next."""

from typing import Annotated

from fastapi import APIRouter, Query

from desk import DeskView, LabellingQueueAnswer, Scope
from service.access import sees
from service.problems import answers
from service.requests import Limit

router = APIRouter(tags=["feedback"])


@router.get(
    "/v1/labelling-queue",
    summary="What to label next",
    response_description="Tickets without the model's answer, and the labels to choose from",
    responses=answers(401, 403, 422, 429, 503),
)
def labelling_queue(
    desk: Annotated[DeskView, sees(Scope.FEEDBACK)], limit: Annotated[Limit, Query()] = 20
) -> LabellingQueueAnswer:
    """Give the tickets whose labels would teach the model most, a fifth of them drawn by chance; answer by feedback."""
    return desk.labelling_queue(limit=limit)
