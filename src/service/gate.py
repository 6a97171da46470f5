"""What every request passes: its id, a bound on its size, safe headers, a count, a line in the log."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.log_lines import places, request_id, trace_id
from service.metrics import Metrics, known_method
from service.problems import ProblemError, problem
from service.tracing import Tracing
from service.watching import Watching
from steps import watched_by

_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HUNG_UP = 499  # the asker did, before there was an answer
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_CONTENT_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Gate:
    """The outermost layer: nothing leaves it without an id, and before an answer began no exception does."""

    def __init__(
        self, app: ASGIApp, *, watch: Watching, metrics: Metrics, tracing: Tracing | None, max_body_bytes: int
    ) -> None:
        self._app = app
        self._watch = watch
        self._metrics = metrics
        self._tracing = tracing
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send, self._max_body_bytes)
        request_id.set(passage.id)
        self._metrics.begun()
        with self._traced(passage), watched_by(self._watch):
            await self._answer(passage)

    @contextmanager
    def _traced(self, passage: "_Passage") -> Iterator[None]:
        if self._tracing is None:
            yield
            return
        scope = passage.scope
        method = known_method(scope["method"])
        with self._tracing.request(Headers(scope=scope), method=method, request_id=passage.id) as span:
            trace_id.set(span.trace_id)
            try:
                yield
            finally:
                span.answered(method=method, path=_template(scope), status=passage.status or _HUNG_UP)

    async def _answer(self, passage: "_Passage") -> None:
        scope = passage.scope
        try:
            await self._let_through(passage)
        finally:
            path, seconds = _template(scope), time.perf_counter() - passage.started
            status = passage.status or _HUNG_UP
            self._metrics.request(method=scope["method"], path=path, status=status, seconds=seconds)
            _log.info(
                "request method=%s path=%s status=%d seconds=%.4f request_id=%s",
                known_method(scope["method"]), path, status, seconds, passage.id,
            )  # fmt: skip

    async def _let_through(self, passage: "_Passage") -> None:
        request = Request(passage.scope)
        try:
            passage.refuse_if_unwanted()
            await self._app(passage.scope, passage.receive, passage.send)
        except ProblemError as error:
            self._metrics.refused(error.name)
            answer = problem(request, error.status_code, error.detail, name=error.name, headers=error.headers)
            await answer(passage.scope, passage.receive, passage.send)
        except Exception as error:  # the door: whatever it was, the asker learns only that it happened
            _log.error(
                "unexpected error=%s at=%s request_id=%s",
                type(error).__name__, places(error.__traceback__), passage.id,
            )  # fmt: skip
            if passage.status:
                raise
            detail = f"something unexpected went wrong; the log says more under the id {passage.id}"
            answer = problem(request, 500, detail)
            await answer(passage.scope, passage.receive, passage.send)


class _Passage:
    """One request on its way through the gate."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body_bytes: int) -> None:
        self.scope = scope
        self.started = time.perf_counter()
        self.status = 0
        self._receive = receive
        self._send = send
        self._left = self._max_body_bytes = max_body_bytes
        self._headers = Headers(scope=scope)
        given = self._headers.get("x-request-id", "")
        self.id = given if _ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = self.id

    def refuse_if_unwanted(self) -> None:
        """Refuse what announces itself as too large, and changes another site's page asks a browser for."""
        length = self._headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_body_bytes:
            raise self._too_large()
        if self.scope["method"] in _CHANGING and self._headers.get("sec-fetch-site") == "cross-site":
            raise ProblemError(403, "other-site", "a page of another site asked for this; ask from this one")

    async def receive(self) -> Message:
        """The next stretch of the body, as long as the whole stays within bounds."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise self._too_large()
        return message

    async def send(self, message: Message) -> None:
        """Pass on a stretch of the answer, with the headers every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.id
            headers.update(_HEADERS)
            if self.scope.get("scheme") == "https":
                headers["Strict-Transport-Security"] = "max-age=31536000"
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def _too_large(self) -> ProblemError:
        return ProblemError(413, "too-large", f"the body is larger than {self._max_body_bytes} bytes; send it in parts")


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path_format", None) or "unknown"
