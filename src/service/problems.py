"""Everything that goes wrong, told the same way: RFC 9457 `application/problem+json`."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from classifier import NothingToRollBackError, UnknownVersionError
from desk import USER_ERRORS, OtherCustomerError, UnknownDocumentError, UnknownLabelError, UnknownTicketError
from journal import UnknownClassificationError
from knowledge import QueryError

_log = logging.getLogger(__name__)
_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_CURES = {
    404: "nothing is kept under this path; /openapi.json lists every path there is",
    405: "this path knows other methods; the Allow header names them",
}
_INNER_NAMES = {"article", "ticket", "correction", "vote"}
"""Tags that tell the variants of a body apart; nobody wrote them, so no fault names them."""


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Fault] | None = None


class ProblemError(HTTPException):
    """A request cannot be answered, for a reason that has a name of its own."""

    def __init__(self, status: int, name: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)
        self.name = name


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    name: str | None = None,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells a problem; ``name`` says which, where the status alone does not."""
    told = Problem(
        type=f"urn:stellwerk:problem:{name}" if name else "about:blank",
        title=name.replace("-", " ").capitalize() if name else HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=request.state.request_id,
        errors=list(errors) or None,
    )
    content = json.dumps(told.model_dump(exclude_none=True), ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, headers=headers, media_type="application/problem+json")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an endpoint may answer, for `/openapi.json`."""
    content = {"application/problem+json": {"schema": _SCHEMA}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def tell_problems(app: FastAPI) -> None:
    """Answer what goes wrong with a problem; the rooms' own errors in their words, which name the cure."""
    app.add_exception_handler(StarletteHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    statuses: dict[type[Exception], int] = dict.fromkeys(USER_ERRORS, 503) | {
        QueryError: 422,
        UnknownLabelError: 422,
        OtherCustomerError: 403,
        UnknownDocumentError: 404,
        UnknownTicketError: 404,
        UnknownClassificationError: 404,
        UnknownVersionError: 404,
        NothingToRollBackError: 409,
    }
    for error, status in statuses.items():
        app.add_exception_handler(error, partial(_told, status))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:
        detail = _CURES.get(error.status_code, detail)
    if error.status_code == 400 and not isinstance(error, ProblemError):
        return problem(request, 400, "the body is not JSON in UTF-8; mend it and send it again", name="malformed-json")
    name = error.name if isinstance(error, ProblemError) else None
    return problem(request, error.status_code, detail, name=name, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):
        detail = "send JSON with the header Content-Type: application/json"
        return problem(request, 415, detail, name="unsupported-media-type")
    found = error.errors()
    if any(fault["type"] == "json_invalid" for fault in found):
        place, why = found[0]["loc"][-1], found[0]["ctx"]["error"]
        detail = f"the body is not JSON: {why} at character {place}"
        return problem(request, 400, detail, name="malformed-json")
    faults = [Fault(field=_field(fault["loc"]), message=fault["msg"]) for fault in found]
    detail = "; ".join(f"{fault.field}: {fault.message}" for fault in faults[:3])
    return problem(request, 422, detail, name="invalid-request", errors=faults[:100])


def _field(place: Sequence[str | int]) -> str:
    steps = place[1:] if place and place[0] in {"body", "query", "path"} else place
    # Tags stand first in a body, or behind the number of a document in a batch.
    steps = [
        step
        for before, step in zip((None, *steps), steps, strict=False)
        if not (step in _INNER_NAMES and (before is None or isinstance(before, int)) and step != place[-1])
    ]
    return ".".join(str(step) for step in steps) or str(place[0] if place else "request")


async def _told(status: int, request: Request, error: Exception) -> Response:
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
    if status >= 500:
        request.state.metrics.part_error(error)
        _log.error("part unusable error=%s request_id=%s", type(error).__name__, request.state.request_id)
    return problem(request, status, str(error), name=name)
