"""Who did what that matters."""

from typing import Annotated

from fastapi import APIRouter, Query

from desk import AuditTrailAnswer, Scope
from service.access import needs
from service.opening import OpenedDesk
from service.problems import answers
from service.requests import Limit, Time

router = APIRouter(tags=["audit trail"], dependencies=[needs(Scope.ADMIN)])


@router.get(
    "/v1/audit-trail",
    summary="Who did what that matters",
    response_description="Promotions, deletions and the like, the last one first",
    responses=answers(401, 403, 422, 429, 503),
)
def audit_trail(
    desk: OpenedDesk,
    since: Annotated[Time | None, Query()] = None,
    before: Annotated[int | None, Query(description="acts before the one with this id", ge=1, le=2**31 - 1)] = None,
    limit: Annotated[Limit, Query()] = 50,
) -> AuditTrailAnswer:
    """Tell acts, a page at a time: `before` of one answer asks for the next."""
    return desk.trail.told(since=since, before=before, limit=limit)
