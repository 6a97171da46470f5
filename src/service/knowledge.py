"""Bring articles and solved tickets into the knowledge base, and take them out."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Body, Path, Query, Response

from desk import DeskView, GapsAnswer, IndexAnswer, Scope
from service.access import sees
from service.acting import Actor
from service.examples import ARTICLE_DE, SOLVED_EN, both
from service.problems import ProblemError, answers
from service.requests import DocumentRequest, DocumentsRequest, Limit

router = APIRouter(tags=["knowledge"])
KeptDesk: TypeAlias = Annotated[DeskView, sees(Scope.KNOWLEDGE)]
DocumentId = Annotated[str, Path(min_length=1, max_length=255, description="the document's own id; may hold slashes")]
_INDEXED = "What was done, by kind"
_PROBLEMS = answers(400, 401, 403, 413, 415, 422, 429, 503)
_MANY_DE = {"documents": [ARTICLE_DE | {"id": "leere-etiketten"}]}
_MANY_EN = {"documents": [SOLVED_EN | {"id": "3120"}]}


@router.put(
    "/v1/knowledge/{document_id:path}",
    summary="Put one document",
    response_description=_INDEXED,
    responses=_PROBLEMS,
)
def put_document(
    document_id: DocumentId,
    request: Annotated[DocumentRequest, Body(openapi_examples=both(ARTICLE_DE, SOLVED_EN))],
    desk: KeptDesk,
) -> IndexAnswer:
    """Bring in an article or a solved ticket, or replace the one with this id; twice changes nothing."""
    counts = desk.put([request.document(document_id)])
    if counts.article.rejected or counts.ticket.rejected:
        raise ProblemError(422, "no-words", "the document holds no words to be found by; give it a body")
    return counts


@router.delete(
    "/v1/knowledge/{document_id:path}",
    summary="Remove one document",
    status_code=204,
    responses=answers(401, 403, 404, 422, 429, 503),
)
def remove_document(document_id: DocumentId, desk: KeptDesk, actor: Actor) -> Response:
    """Take the article or solved ticket with this id out of the knowledge base."""
    desk.remove(document_id, actor=actor)
    return Response(status_code=204)


@router.post(
    "/v1/knowledge/batch",
    summary="Put up to 1,000 documents",
    response_description=_INDEXED,
    responses=_PROBLEMS,
)
def put_documents(
    request: Annotated[DocumentsRequest, Body(openapi_examples=both(_MANY_DE, _MANY_EN))], desk: KeptDesk
) -> IndexAnswer:
    """Bring in articles and solved tickets together; those without words are counted as rejected."""
    return desk.put(request.read())


@router.get(
    "/v1/knowledge/gaps",
    summary="What the articles do not answer",
    response_description="Themes of solved tickets without a good article, the costliest first",
    responses=answers(401, 403, 422, 429, 503),
)
def gaps(desk: KeptDesk, limit: Annotated[Limit, Query()] = 20) -> GapsAnswer:
    """Tell what a new article would help most with; worked out at most every ten minutes."""
    return desk.gaps(limit=limit)
