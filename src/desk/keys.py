"""Access keys: made and shown once, recognised by a salted digest, revoked; and sessions begun with them."""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from desk.errors import DeskError
from desk.identity import CUSTOMER_SCOPES, Identity, Scope, UnknownCredentialError
from journal import Journal, JournalError, KeptKey

SESSION_LASTS: Final = timedelta(hours=12)
"""One working day, after which a person signs in again."""
_KEY: Final = re.compile(r"stw_(?P<id>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})")
_NOBODY: Final = "0" * 64
_log = logging.getLogger(__name__)


class KeyRequestError(DeskError):
    """A key cannot be made as it was asked for."""


class UnknownKeyError(DeskError):
    """There is no key with this id that could be revoked."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"there is no key {key_id!r} that still opens anything; `stellwerk keys list` shows them")


class KeyAnswer(BaseModel):
    """A key, without what it is recognised by."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    scopes: list[str]
    customers: list[str] | None = Field(description="whose tickets it sees; null where it sees all")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None = Field(description="the last day it was used (UTC)")


class CreatedKeyAnswer(KeyAnswer):
    """A key just made; ``key`` is shown this once."""

    key: str


class KeysAnswer(BaseModel):
    """Every key there ever was, oldest first."""

    keys: list[KeyAnswer]


class AccessKeys:
    """The keys of one desk, kept in its journal and so the same in every process; revoking acts at once."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal
        self._used: dict[str, datetime] = {}

    def create(
        self,
        name: str,
        scopes: Collection[Scope],
        *,
        customers: Collection[str] = (),
        expires_at: datetime | None = None,
        actor: str,
    ) -> CreatedKeyAnswer:
        """A new key, whose secret is in this answer and nowhere else; the audit trail names who made it.

        Raises
        ------
        KeyRequestError
            It would open nothing, or more than customers it is bound to may see.
        """
        _refuse_unusable(name, scopes, customers, expires_at)
        key_id, secret, salt = secrets.token_hex(6), secrets.token_hex(32), secrets.token_hex(16)
        kept = KeptKey(
            id=key_id,
            name=name,
            salt=salt,
            digest=_digest(salt, secret),
            scopes=tuple(sorted(set(scopes))),
            customers=tuple(sorted(set(customers))) or None,
            created_at=datetime.now(UTC),
            expires_at=expires_at,
        )
        act = self._journal().trail.begin("create key", key_id, actor=actor)
        self._journal().keys.add(kept)
        self._journal().trail.end(act, "done")
        _log.info("key created key=%s scopes=%s", key_id, ",".join(kept.scopes))
        return CreatedKeyAnswer(**_answer(kept).model_dump(), key=f"stw_{key_id}_{secret}")

    def list(self) -> KeysAnswer:
        """Every key there ever was, oldest first, without what it is recognised by."""
        return KeysAnswer(keys=[_answer(key) for key in self._journal().keys.all()])

    def revoke(self, key_id: str, *, actor: str) -> KeyAnswer:
        """Let a key open nothing any more; sessions begun with it end, and the audit trail names who did it.

        Raises
        ------
        UnknownKeyError
            There is none, or it was revoked before.
        """
        act = self._journal().trail.begin("revoke key", key_id, actor=actor)
        if not self._journal().keys.revoke(key_id, datetime.now(UTC)):
            self._journal().trail.end(act, "refused")
            raise UnknownKeyError(key_id)
        self._journal().trail.end(act, "done")
        _log.info("key revoked key=%s", key_id)
        kept = self._journal().keys.find(key_id)
        assert kept is not None
        return _answer(kept)

    def identify(self, key: str) -> Identity:
        """Whose key this is.

        Raises
        ------
        UnknownCredentialError
            There is no such key, or it has expired or was revoked.
        """
        return self._admitted(self._recognised(key))

    def begin_session(self, key: str) -> str:
        """The secret of a session, which stands for the key while it lasts; raises as `identify` does."""
        kept = self._recognised(key)
        self._admitted(kept)
        token = secrets.token_urlsafe(32)
        self._journal().keys.begin_session(_digest("session", token), kept.id, datetime.now(UTC) + SESSION_LASTS)
        return token

    def identify_session(self, token: str) -> Identity:
        """Who began this session; raises as `identify` does."""
        kept = self._journal().keys.of_session(_digest("session", token), datetime.now(UTC))
        if kept is None:
            raise UnknownCredentialError("this session has ended; sign in again")
        return self._admitted(kept)

    def end_session(self, token: str) -> None:
        """Let a session stand for nothing any more."""
        self._journal().keys.end_session(_digest("session", token))

    def _recognised(self, key: str) -> KeptKey:
        parts = _KEY.fullmatch(key)
        kept = self._journal().keys.find(parts["id"]) if parts else None
        # An unknown id costs the same work as a wrong secret, so that time tells neither from the other.
        salt, expected = (kept.salt, kept.digest) if kept else ("", _NOBODY)
        if not hmac.compare_digest(_digest(salt, parts["secret"] if parts else ""), expected) or kept is None:
            raise UnknownCredentialError("there is no such key; ask whoever runs the service for one")
        return kept

    def _admitted(self, kept: KeptKey) -> Identity:
        now = datetime.now(UTC)
        if kept.revoked_at is not None:
            raise UnknownCredentialError(f"the key {kept.id} was revoked; ask whoever runs the service for another one")
        if kept.expires_at is not None and kept.expires_at <= now:
            raise UnknownCredentialError(f"the key {kept.id} has expired; ask whoever runs the service for another one")
        self._note_use(kept, now.replace(hour=0, minute=0, second=0, microsecond=0))
        customers = None if kept.customers is None else frozenset(kept.customers)
        return Identity(actor=f"key:{kept.id}", scopes=frozenset(map(Scope, kept.scopes)), customers=customers)

    def _note_use(self, kept: KeptKey, day: datetime) -> None:
        """Remember the day of the last use: one write a day, and a request is answered also where it fails."""
        if (kept.used_on and kept.used_on >= day) or self._used.get(kept.id) == day:
            return
        self._used[kept.id] = day
        try:
            self._journal().keys.mark_used(kept.id, day)
        except JournalError as error:
            _log.warning("last use of a key not kept key=%s error=%s", kept.id, type(error).__name__)


def _refuse_unusable(
    name: str, scopes: Collection[Scope], customers: Collection[str], expires_at: datetime | None
) -> None:
    if not name.strip():
        raise KeyRequestError("a key needs a name; say who will use it")
    if not scopes:
        raise KeyRequestError("a key without a scope opens nothing; name one with --scope")
    if customers and (wide := sorted(set(scopes) - CUSTOMER_SCOPES)):
        allowed = ", ".join(sorted(CUSTOMER_SCOPES))
        raise KeyRequestError(
            f"{', '.join(wide)} concerns all customers; a key that is bound to some may have {allowed}"
        )
    if not all(customer.strip() for customer in customers):
        raise KeyRequestError("a customer needs a name; give it as the tickets have it")
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise KeyRequestError("a key that has expired opens nothing; name a later day")


def _digest(salt: str, secret: str) -> str:
    """SHA-256 of a random secret of 256 bits: nothing slower is needed, for there is nothing to guess."""
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


def _answer(kept: KeptKey) -> KeyAnswer:
    return KeyAnswer(
        id=kept.id,
        name=kept.name,
        scopes=list(kept.scopes),
        customers=None if kept.customers is None else list(kept.customers),
        created_at=kept.created_at,
        expires_at=kept.expires_at,
        revoked_at=kept.revoked_at,
        used_on=kept.used_on.date() if kept.used_on else None,
    )
