"""Who is let in: every request is asked for a key, a token or a session, and every endpoint names its scope."""

import logging
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer, SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from desk import TRIAL, USER_ERRORS, Desk, DeskView, Identity, IssuerError, Settings, UnknownCredentialError
from desk import Scope as AccessScope
from service.credentials import Credentials
from service.limits import Limit
from service.opening import OpenedDesk
from service.origin import is_local, is_same_origin
from service.problems import ProblemError

SESSION_COOKIE: Final = "stellwerk-session"
PAGES: Final = frozenset({"/", "/ticket", "/review", "/models", "/knowledge"})
"""The pages; whoever is not known is shown where to sign in."""
OPEN_PATHS: Final = frozenset({"/livez", "/readyz", "/openapi.json", "/session", *PAGES})
"""What anybody may ask for: whether it lives, how it is asked, and where to sign in. None of it tells data."""
_OPEN_FOLDER: Final = "/page/"
_CHANGING: Final = {"POST", "PUT", "PATCH", "DELETE"}
_log = logging.getLogger(__name__)

_bearer = HTTPBearer(
    scheme_name="key",
    description="a key made by `stellwerk keys create`, or a token of the configured OpenID Connect issuer",
    auto_error=False,
)
_cookie = APIKeyCookie(
    name=SESSION_COOKIE, scheme_name="session", description="a session of the web page", auto_error=False
)


class Access:
    """The layer below the gate: finds out who asks before a body is read, and lets nobody else through.

    Paths that are not open need somebody who is known, whatever their endpoint declares; its scope is asked
    for by `needs`.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._off = settings.authentication == "off"
        self._credentials = Credentials(settings)
        self._limit = Limit(per_minute=settings.requests_per_minute, at_once=settings.requests_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who asks, and pass the request on."""
        if scope["type"] == "http":  # there are no WebSockets here
            scope["state"]["identity"] = await self._identity(HTTPConnection(scope), scope["method"])
            scope["state"]["credentials"] = self._credentials
        await self._app(scope, receive, send)

    async def _identity(self, asking: HTTPConnection, method: str) -> Identity | None:
        if self._off:
            if not is_local(asking):
                raise ProblemError(403, "only-local", "without authentication only this machine is answered")
            return TRIAL
        path: str = asking.scope["path"]  # not of the URL, into which a Host header may have put another one
        if path in OPEN_PATHS or path.startswith(_OPEN_FOLDER):
            return await self._of_page(asking) if path in PAGES else None
        identity = await self._known(asking, method)
        if seconds := self._limit.take(identity.actor):
            raise ProblemError(
                429,
                "too-many-requests",
                f"this key asks too often; ask again in {seconds} s, or have STELLWERK_REQUESTS_PER_MINUTE raised",
                headers={"Retry-After": str(seconds)},
            )
        return identity

    async def _of_page(self, asking: HTTPConnection) -> Identity | None:
        """Who has signed in, here or at a proxy that passes a token on; None where the page must ask for a key."""
        try:
            return await self._known(asking, "GET")
        except ProblemError as error:
            if error.status_code == 401:
                return None
            raise

    async def _known(self, asking: HTTPConnection, method: str) -> Identity:
        if (bearer := bearer_of(asking.headers)) is not None:
            return await self._found(asking, bearer, session=False)
        if token := asking.cookies.get(SESSION_COOKIE):
            if method in _CHANGING and not is_same_origin(asking):
                raise ProblemError(403, "other-site", "a page of another site asked for this; ask from this one")
            return await self._found(asking, token, session=True)
        raise refused("send a key: the header is Authorization: Bearer stw_...", error=None)

    async def _found(self, asking: HTTPConnection, credential: str, *, session: bool) -> Identity:
        desk: Desk = asking.scope["state"]["desk"]
        address = asking.client.host if asking.client else ""
        try:
            return await run_in_threadpool(self._credentials.identify, desk, credential, address, session=session)
        except UnknownCredentialError as error:
            raise refused(str(error), error="invalid_token") from error
        except IssuerError as error:
            _log.warning("token not checked error=%s", type(error).__name__)
            raise ProblemError(503, "identity-unknown", str(error), headers={"Retry-After": "10"}) from error
        except USER_ERRORS as error:
            _log.error("nobody can be known error=%s", type(error).__name__)
            raise ProblemError(503, "identity-unknown", str(error), headers={"Retry-After": "10"}) from error


def bearer_of(headers: Headers) -> str | None:
    """The key or token in the ``Authorization`` header; None where it holds something else, as a proxy's password."""
    kind, _, credential = headers.get("authorization", "").strip().partition(" ")
    return credential.strip() if kind.lower() == "bearer" else None


def refused(detail: str, *, error: str | None) -> ProblemError:
    """The answer to somebody who is not known."""
    challenge = 'Bearer realm="stellwerk"' + (f', error="{error}"' if error else "")
    return ProblemError(401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})


async def _credentials(request: Request) -> Credentials:
    credentials: Credentials = request.state.credentials
    return credentials


ShownCredentials: TypeAlias = Annotated[Credentials, Depends(_credentials)]


async def _identified(
    request: Request,
    scopes: SecurityScopes,
    bearer: Annotated[object, Security(_bearer)],  # noqa: ARG001 - told in /openapi.json
    cookie: Annotated[object, Security(_cookie)],  # noqa: ARG001
) -> Identity:
    identity: Identity | None = request.state.identity
    if identity is None:
        raise refused("send a key: the header is Authorization: Bearer stw_...", error=None)
    for name in scopes.scopes:
        if not identity.may(AccessScope(name)):
            challenge = f'Bearer realm="stellwerk", error="insufficient_scope", scope="{name}"'
            detail = f"this needs the scope {name}, which {identity.actor} does not have; use a key that has it"
            raise ProblemError(403, "scope-missing", detail, headers={"WWW-Authenticate": challenge})
    return identity


async def _view(identity: Annotated[Identity, Depends(_identified)], desk: OpenedDesk) -> DeskView:
    return DeskView(desk, identity)


def needs(scope: AccessScope) -> Any:
    """The `Identity` that asks; only one that may use ``scope`` reaches the endpoint."""
    return Security(_identified, scopes=[scope.value])


def sees(scope: AccessScope) -> Any:
    """The `DeskView` of the identity that asks; only one that may use ``scope`` reaches the endpoint."""
    return Security(_view, scopes=[scope.value])
