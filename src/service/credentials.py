"""What a request shows to be let in, looked up; who fails too often is not listened to for a while."""

import hashlib
import logging
from collections import OrderedDict
from threading import Lock
from typing import Final

from desk import Desk, Identity, Issuer, Settings, UnknownCredentialError
from service.limits import Limit
from service.problems import ProblemError

_FAILURES_PER_MINUTE: Final = 30
_MOST_KNOWN: Final = 10_000
_KEY_PREFIX: Final = "stw_"
_log = logging.getLogger(__name__)


class Credentials:
    """Keys, tokens and sessions of one service; safe to share between threads.

    An address that failed thirty times waits. What was right before is still looked up from there, so that one
    program with an old key does not lock out its neighbours behind the same proxy.
    """

    def __init__(self, settings: Settings) -> None:
        self._issuer = Issuer(settings) if settings.oidc_issuer else None
        self._failures = Limit(per_minute=_FAILURES_PER_MINUTE, at_once=_FAILURES_PER_MINUTE)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()

    def identify(self, desk: Desk, credential: str, address: str, *, session: bool) -> Identity:
        """Whose it is.

        Raises
        ------
        UnknownCredentialError, IssuerError, JournalError
            It opens nothing, or that cannot be found out.
        ProblemError
            Too many from this address opened nothing.
        """
        self._refuse_too_many(credential, address)
        try:
            if session:
                identity = desk.keys.identify_session(credential)
            elif self._issuer is None or credential.startswith(_KEY_PREFIX):
                identity = desk.keys.identify(credential)
            else:
                identity = self._issuer.identify(credential)
        except UnknownCredentialError:
            self._failed(address)
            raise
        self._was_right(credential)
        return identity

    def sign_in(self, desk: Desk, key: str, address: str) -> str:
        """The secret of a session begun with a key; raises as `identify` does."""
        self._refuse_too_many(key, address)
        try:
            return desk.keys.begin_session(key)
        except UnknownCredentialError:
            self._failed(address)
            raise

    def _refuse_too_many(self, credential: str, address: str) -> None:
        if (seconds := self._failures.wait(address)) and _trace(credential) not in self._right:
            detail = f"too many keys from this address opened nothing; try again in {seconds} s"
            raise ProblemError(429, "too-many-failures", detail, headers={"Retry-After": str(seconds)})

    def _failed(self, address: str) -> None:
        self._failures.take(address)
        if self._failures.wait(address):
            _log.warning("too many keys opened nothing address=%s", address)

    def _was_right(self, credential: str) -> None:
        with self._lock:
            self._right[_trace(credential)] = None
            self._right.move_to_end(_trace(credential))
            if len(self._right) > _MOST_KNOWN:
                self._right.popitem(last=False)


def _trace(credential: str) -> bytes:
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).digest()
