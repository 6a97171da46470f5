"""Find articles and solved tickets again."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Body, Query

from desk import DeskView, Scope, SearchAnswer
from service.access import sees
from service.examples import TICKET_EN, both
from service.opening import Counted
from service.problems import answers
from service.requests import SearchParameters, SearchRequest

router = APIRouter(tags=["search"])
SearchedDesk: TypeAlias = Annotated[DeskView, sees(Scope.SEARCH)]
_BY_WORDS = {"query": "Etikettendrucker druckt leere Seiten", "filters": {"product": "Versand"}, "limit": 5}
_BY_TICKET = {"ticket": TICKET_EN, "kinds": ["ticket"]}
_FOUND = "The documents found, best first"


@router.post(
    "/v1/search",
    summary="Search by words or by a ticket",
    response_description=_FOUND,
    responses=answers(400, 401, 403, 413, 415, 422, 429, 503),
)
def search(
    request: Annotated[SearchRequest, Body(openapi_examples=both(_BY_WORDS, _BY_TICKET))],
    desk: SearchedDesk,
    metrics: Counted,
) -> SearchAnswer:
    """Find what solved it before, by wording and by meaning; a ticket's own id is never among the hits."""
    found = desk.search(request.asked())
    metrics.searched(found)
    return found


@router.get(
    "/v1/search",
    summary="Search by words, as a link",
    response_description=_FOUND,
    responses=answers(401, 403, 422, 429, 503),
)
def search_by_link(
    parameters: Annotated[SearchParameters, Query()], desk: SearchedDesk, metrics: Counted
) -> SearchAnswer:
    """Find what solved it before, by wording and by meaning."""
    found = desk.search(parameters.asked())
    metrics.searched(found)
    return found
