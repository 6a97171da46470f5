"""Tokens of an OpenID Connect issuer: its keys fetched and kept, what a token says checked and read."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from desk.errors import DeskError
from desk.identity import Identity, IssuerError, Scope, UnknownCredentialError
from desk.settings import Settings

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures with an issuer's private key alone: none is unsigned or made with a secret that both sides know."""
_KEPT_SECONDS: Final = 3_600.0
_PATIENCE_SECONDS: Final = 5.0
_BETWEEN_FETCHES_SECONDS: Final = 10.0
"""Neither unknown key ids nor an issuer that is down make it asked more often."""
_LEEWAY_SECONDS: Final = 60
_LONGEST: Final = 1_000_000
_LONGEST_SUBJECT: Final = 200
_PREFIX: Final = "stellwerk:"
_EVERY_CUSTOMER: Final = "*"
_log = logging.getLogger(__name__)


class IssuerSettingsError(DeskError):
    """What the settings say about the issuer cannot work."""


class Issuer:
    """Who vouches for tokens; nothing is fetched before the first one, and it may be shared between threads."""

    def __init__(self, settings: Settings) -> None:
        from joserfc import jwt  # noqa: PLC0415 - brings cryptography, and most desks have no issuer

        issuer, audience = settings.oidc_issuer, settings.oidc_audience
        if not issuer or not audience:
            raise IssuerSettingsError("set STELLWERK_OIDC_AUDIENCE beside STELLWERK_OIDC_ISSUER: what tokens are for")
        _refuse_unsafe(issuer)
        self._url = issuer
        self._scope_claim, self._customer_claim = settings.oidc_scope_claim, settings.oidc_customer_claim
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched_at = self._tried_at = float("-inf")

    def identify(self, token: str) -> Identity:
        """Whom a token stands for.

        Raises
        ------
        UnknownCredentialError
            It is not signed by the issuer, not for this service, or has expired.
        IssuerError
            The issuer's keys cannot be had.
        """
        from joserfc import jwt  # noqa: PLC0415 - as above
        from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415 - as above

        try:
            try:
                found = jwt.decode(token, self._known_keys(), algorithms=_ALGORITHMS)
            except InvalidKeyIdError:  # the issuer may have changed its keys
                found = jwt.decode(token, self._known_keys(anew=True), algorithms=_ALGORITHMS)
            self._claims.validate(found.claims)
        except (JoseError, ValueError) as error:  # a token is anybody's bytes
            fault = getattr(error, "error", "") or "invalid_token"
            raise UnknownCredentialError(
                f"the token is not accepted ({fault}); get a new one from the issuer"
            ) from None
        claims: Mapping[str, Any] = found.claims
        if len(claims["sub"]) > _LONGEST_SUBJECT or not claims["sub"].isprintable():
            raise UnknownCredentialError("the token's subject cannot be written into the audit trail; use another one")
        return Identity(actor=f"oidc:{claims['sub']}", scopes=self._scopes(claims), customers=self._customers(claims))

    def _scopes(self, claims: Mapping[str, Any]) -> frozenset[Scope]:
        """Those that the token names as ``stellwerk:classify``; other programs' names are passed over."""
        known = {f"{_PREFIX}{scope}": scope for scope in Scope}
        return frozenset(known[word] for word in _words(claims, self._scope_claim) if word in known)

    def _customers(self, claims: Mapping[str, Any]) -> frozenset[str] | None:
        """The customers it names; None where it names all (``*``), or where none are asked for."""
        if not self._customer_claim:
            return None
        value = _claim(claims, self._customer_claim)
        named = frozenset([value] if isinstance(value, str) else _texts(value))  # a customer's name may hold spaces
        return None if _EVERY_CUSTOMER in named else named

    def _known_keys(self, *, anew: bool = False) -> "KeySet":
        with self._lock:
            now = time.monotonic()
            if self._keys is not None and not anew and now - self._fetched_at < _KEPT_SECONDS:
                return self._keys
            if now - self._tried_at >= _BETWEEN_FETCHES_SECONDS:
                self._tried_at = now
                self._keys, self._fetched_at = self._fetched(), now
            if self._keys is None or now - self._fetched_at >= _KEPT_SECONDS:
                raise self._silent("did not answer a moment ago")
            return self._keys

    def _fetched(self) -> "KeySet":
        from joserfc.errors import JoseError  # noqa: PLC0415 - as above
        from joserfc.jwk import KeySet  # noqa: PLC0415 - as above

        described = self._read(f"{self._url.rstrip('/')}/.well-known/openid-configuration")
        if described.get("issuer") != self._url:
            raise self._silent(f"calls itself {described.get('issuer')!r}")
        address = described.get("jwks_uri")
        if not isinstance(address, str):
            raise self._silent("names no jwks_uri")
        _refuse_unsafe(address)
        try:
            keys = KeySet.import_key_set(self._read(address))  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise self._silent("has keys that cannot be read") from error
        _log.info("keys of the issuer fetched n_keys=%d", len(keys.keys))
        return keys

    def _read(self, url: str) -> dict[str, Any]:
        try:
            request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - checked where it came from
            with urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
                _refuse_unsafe(answer.url)  # where it was led on to
                found = json.loads(answer.read(_LONGEST))
        except HTTPError as error:
            error.close()
            raise self._silent(f"answered {error.code}") from None
        except (URLError, OSError, ValueError) as error:
            raise self._silent(f"did not answer as it must ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise self._silent("answered with something else than an object")
        return found

    def _silent(self, fault: str) -> IssuerError:
        return IssuerError(
            f"the issuer {self._url} {fault}; check STELLWERK_OIDC_ISSUER and that it can be reached, or use a key"
        )


def _refuse_unsafe(url: str) -> None:
    """Whoever can change what an issuer answers can let anybody in: HTTPS, or this very machine."""
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not (here or parts.scheme == "https") or not parts.hostname:
        raise IssuerSettingsError(f"the issuer's address {url!r} is not safe; use https://")


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of this name, or, where there is none, the one found step by step (``realm_access.roles``)."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(claims: Mapping[str, Any], path: str) -> list[str]:
    value = _claim(claims, path)
    return value.split() if isinstance(value, str) else _texts(value)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
