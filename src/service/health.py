"""Whether the service lives, whether it is ready, and what it counted."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from desk import Scope
from service.access import needs
from service.metrics import CONTENT_TYPE
from service.opening import Counted, OpenedDesk, WarmingDesk
from service.problems import ProblemError, answers
from service.standing import Standing

router = APIRouter(tags=["health"])


class HealthAnswer(BaseModel):
    """All is well."""

    status: Literal["alive", "ready"]


@router.get("/livez", summary="Does the process answer?")
async def alive() -> HealthAnswer:
    """Always yes, while there is anyone to answer."""
    return HealthAnswer(status="alive")


@router.get("/readyz", summary="Can tickets be classified and documents be found?", responses=answers(503))
def ready(warming: WarmingDesk) -> HealthAnswer:
    """Yes, once encoder, champion, knowledge base and journal can be used; else 503 with the reason."""
    if fault := warming.fault():
        raise ProblemError(503, "not-ready", fault)
    return HealthAnswer(status="ready")


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses=answers(401, 403, 429, 503) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    dependencies=[needs(Scope.METRICS)],
)
def counted(metrics: Counted, desk: OpenedDesk) -> Response:
    """What was done, how long it took and how things stand; what a part that is lost would tell is left out."""
    return Response(metrics.exposition(Standing.of(desk)), media_type=CONTENT_TYPE)
