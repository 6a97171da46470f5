"""Writes that are done once: a request sent again under its `Idempotency-Key` gets the answer that it got first.

References
----------
IETF draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import Desk
from journal import Answered, Claimed, JournalError, Pending
from service.acting import actor_of
from service.problems import ProblemError

HEADER: Final = "Idempotency-Key"
PATIENCE: Final = timedelta(minutes=2)
"""After so long, whoever took a request up is taken for dead, and it is done anew."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_WRITING: Final = {"POST", "PUT", "DELETE"}
_READS: Final = ("/v1/search", "/v1/duplicates")
_log = logging.getLogger(__name__)
_DESCRIPTION = (
    "Any name of your own, new for each act. Sent again with the same name, the request is not done again: its first "
    "answer is given, with the header `Idempotent-Replayed: true`. 409 while the first is being done, 422 for another."
)


class Idempotency:
    """The innermost layer: lets a write with a key through once, by whoever asks, in all processes."""

    def __init__(self, app: ASGIApp, *, lasts: timedelta) -> None:
        self._app, self._lasts = app, lasts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by what was answered before where it was."""
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" and _writes(scope) else None
        if key is None:
            await self._app(scope, receive, send)
            return
        key = key.removeprefix('"').removesuffix('"')
        if not _KEY.fullmatch(key):
            raise ProblemError(400, "idempotency-key", f"{HEADER} holds 1 to 255 ASCII characters without spaces")
        body = await _read(receive)
        if body is None:
            return  # the asker hung up
        desk: Desk = scope["state"]["desk"]
        actor, digest = actor_of(scope), _digest(scope, body)
        try:
            found = await run_in_threadpool(
                desk.once.claim, key, digest, actor=actor, lasts=self._lasts, patience=PATIENCE
            )
        except JournalError as error:
            raise ProblemError(503, "journal", str(error)) from error
        if isinstance(found, Claimed):
            answer = await self._done(scope, _Replay(body, receive), (desk, key, found, actor, digest))
        else:
            answer = _before(found, digest)
        for message in answer:
            await send(message)

    async def _done(
        self, scope: Scope, receive: "_Replay", claim: tuple[Desk, str, Claimed, str, str]
    ) -> list[Message]:
        """What the application answers; kept before it is sent, where something was done."""
        desk, key, claimed, actor, digest = claim
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        kept = None
        try:
            await self._app(scope, receive, hold)
            kept = _answered(messages, digest)
        finally:
            try:
                if kept is None:
                    await run_in_threadpool(desk.once.release, key, claimed, actor=actor)
                else:
                    await run_in_threadpool(desk.once.answer, key, claimed, kept, actor=actor)
            except JournalError as error:  # what was done is done, and told
                _log.warning("answer not kept for a second asking error=%s", type(error).__name__)
        return messages


class _Replay:
    """A body that was read, to be read again; then whatever the asker does."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def describe(paths: Mapping[str, Mapping[str, dict[str, Any]]]) -> None:
    """Tell `/openapi.json` which requests know the header."""
    header = {
        "name": HEADER, "in": "header", "required": False, "description": _DESCRIPTION,
        "schema": {"type": "string", "maxLength": 255},
    }  # fmt: skip
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method.upper() in _WRITING and _is_write(path):
                operation.setdefault("parameters", []).append(header)
                problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                for status, words in (("400", "Bad Request"), ("409", "Conflict"), ("422", "Unprocessable Content")):
                    operation["responses"].setdefault(status, {"description": words, "content": problem})


def _writes(scope: Scope) -> bool:
    return scope["method"] in _WRITING and _is_write(scope["path"])


def _is_write(path: str) -> bool:
    return path.startswith("/v1/") and path not in _READS


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _digest(scope: Scope, body: bytes) -> str:
    asked = hashlib.sha256()
    for part in (scope["method"].encode(), scope["path"].encode("utf-8", "surrogatepass"), scope["query_string"], body):
        asked.update(len(part).to_bytes(8, "big") + part)
    return asked.hexdigest()


def _answered(messages: list[Message], digest: str) -> Answered | None:
    """What is kept of an answer; nothing where it says that nothing was done."""
    start = messages[0]
    if start["status"] >= 400:
        return None
    content = b"".join(message.get("body", b"") for message in messages[1:])
    return Answered(
        digest=digest, status=start["status"], content_type=Headers(raw=start["headers"]).get("content-type"),
        content=content,
    )  # fmt: skip


def _before(found: Pending | Answered, digest: str) -> list[Message]:
    """The answer to a request whose key was used before."""
    if found.digest != digest:
        detail = f"this {HEADER} was used for another request; a new act needs a new key"
        raise ProblemError(422, "idempotency-key-reused", detail)
    if isinstance(found, Pending):
        raise ProblemError(409, "request-in-progress", "the same request is being done; ask again in a moment")
    if found.content is None:
        detail = "this request was done, its answer has been erased since with what it quoted; do not send it again"
        raise ProblemError(409, "answer-erased", detail)
    headers = [(b"idempotent-replayed", b"true"), (b"content-length", str(len(found.content)).encode())]
    if found.content_type:
        headers.append((b"content-type", found.content_type.encode()))
    if found.status == 204:
        del headers[1]
    return [
        {"type": "http.response.start", "status": found.status, "headers": headers},
        {"type": "http.response.body", "body": found.content},
    ]
