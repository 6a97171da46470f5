"""How much is in work and how much may wait: the rest is refused at once, and nothing is waited for without end."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import ProblemError

_ALWAYS: Final = {"/livez", "/readyz", "/metrics"}
"""Asked by what watches the service; they never wait for those whom it serves."""
_RETRY: Final = {"Retry-After": "1"}


class Admission:
    """Lets a bounded number of requests work at a time and a bounded number wait, each for a bounded time.

    A request that has run out of time is answered, but what it began is finished and keeps its place until then: a
    decision is never written by half, and an overloaded worker takes up nothing new.
    """

    def __init__(self, app: ASGIApp, *, n_working: int, n_waiting: int, seconds: float) -> None:
        self._app = app
        self._places = asyncio.Semaphore(n_working)
        self._n_waiting = 0
        self._most_waiting = n_waiting
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as soon as there is a place for it.

        Raises
        ------
        ProblemError
            There is none, or time ran out: 503, with ``Retry-After``.
        """
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self._app(scope, receive, send)
            return
        ends_at = asyncio.get_running_loop().time() + self._seconds
        await self._enter(ends_at)
        turn = _Turn(receive, send)
        work = asyncio.create_task(self._work(scope, turn))
        work.add_done_callback(self._leave)
        await asyncio.wait({work}, timeout=ends_at - asyncio.get_running_loop().time())
        if not work.done() and not turn.answering:
            turn.over = True
            if not turn.heard:  # it only waits for a body that does not come
                work.cancel()
            raise self._too_long()
        await work

    async def _work(self, scope: Scope, turn: "_Turn") -> None:
        await self._app(scope, turn.receive, turn.send)

    async def _enter(self, ends_at: float) -> None:
        if self._places.locked() and self._n_waiting >= self._most_waiting:
            detail = "more is asked than can be answered now; ask again in a moment"
            raise ProblemError(503, "overloaded", detail, headers=_RETRY)
        self._n_waiting += 1
        try:
            async with asyncio.timeout_at(ends_at):
                await self._places.acquire()
        except TimeoutError as error:
            raise self._too_long() from error
        finally:
            self._n_waiting -= 1

    def _leave(self, work: asyncio.Task[None]) -> None:
        self._places.release()
        if not work.cancelled():
            work.exception()  # seen: where the request ran out of time nobody else looks

    def _too_long(self) -> ProblemError:
        detail = f"no answer within {self._seconds:g} seconds; ask again later, or for less at once"
        return ProblemError(503, "out-of-time", detail, headers=_RETRY)


class _Turn:
    """One request at work: whether it was heard in full, and whether its answer may still leave."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.heard = self.answering = self.over = False

    async def receive(self) -> Message:
        """The next stretch of the body."""
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.heard = True
        return message

    async def send(self, message: Message) -> None:
        """Pass on a stretch of the answer, unless another answer was given in the meantime."""
        if not self.over:
            self.answering = True
            await self._send(message)
