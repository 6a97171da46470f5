"""Signing in to the web page with a key, and out again; the page holds a session, never the key."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from desk import SESSION_LASTS, UnknownCredentialError
from service.access import SESSION_COOKIE, ShownCredentials, refused
from service.opening import OpenedDesk
from service.origin import is_same_origin
from service.problems import ProblemError, answers

router = APIRouter(include_in_schema=False)


class SignIn(BaseModel):
    """A key, typed into the page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(max_length=200, repr=False)]


@router.post("/session", responses=answers(401, 403, 429, 503))
async def sign_in(request: Request, asked: SignIn, desk: OpenedDesk, credentials: ShownCredentials) -> Response:
    """Begin a session with a key."""
    _refuse_others(request)
    address = request.client.host if request.client else ""
    try:
        token = await run_in_threadpool(credentials.sign_in, desk, asked.key.strip(), address)
    except UnknownCredentialError as error:
        raise refused(str(error), error="invalid_token") from error
    answer = Response(status_code=204)
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
    )
    return answer


@router.delete("/session", responses=answers(403, 503))
async def sign_out(request: Request, desk: OpenedDesk) -> Response:
    """End the session, wherever its secret may have got to."""
    _refuse_others(request)
    if token := request.cookies.get(SESSION_COOKIE):
        await run_in_threadpool(desk.keys.end_session, token)
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=request.scope["scheme"] == "https")
    return answer


def _refuse_others(request: Request) -> None:
    if not is_same_origin(request):
        raise ProblemError(403, "other-site", "a page of another site asked for this; ask from this one")
