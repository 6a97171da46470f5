"""An object store as the place of a knowledge base: conditional puts instead of renames, a lease instead of a lock.

An object is put whole or not at all and lasts once the store confirms it, so nothing is flushed and nothing torn.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

from knowledge.engine import KnowledgeError
from knowledge.lease import Lease, LostLeaseError
from knowledge.place import BusyKnowledgeError

_WRITER = "writer"
_T = TypeVar("_T")
_VARIABLES = {
    "access_key_id": ("AWS_ACCESS_KEY_ID",),
    "secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
    "session_token": ("AWS_SESSION_TOKEN",),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
}
"""What is told to both clients; what is missing here they find by themselves, such as a machine's role."""


class StoreError(KnowledgeError):
    """The object store did not do what it was asked."""

    def __init__(self, place: object, fault: str) -> None:
        super().__init__(
            f"the object store does not serve {place} ({fault}); check that the bucket exists, AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, AWS_REGION, and, where it is not Amazon's, AWS_ENDPOINT_URL"
        )


class StorePlace:
    """One prefix of a bucket; writers on all machines share its lease, which expires when its holder is gone."""

    def __init__(self, bucket: str, prefix: str, *, settings: Mapping[str, str], writers: "_Writers") -> None:
        self._bucket, self._prefix = bucket, prefix
        self._settings = settings
        self._writers = writers
        self._seen: dict[str, tuple[float, bytes | None]] = {}

    def __str__(self) -> str:
        return self.address

    @classmethod
    def at(cls, address: str) -> "StorePlace":
        """The place of an address ``s3://bucket/prefix``, with the credentials of the environment."""
        parts = urlsplit(address)
        if not parts.netloc:
            raise StoreError(address, "it names no bucket")
        values = {name: next(filter(None, map(os.environ.get, names)), None) for name, names in _VARIABLES.items()}
        settings = {name: value for name, value in values.items() if value is not None}
        return cls(parts.netloc, parts.path.strip("/"), settings=settings, writers=_Writers())

    @property
    def address(self) -> str:
        """The address with the bucket."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @property
    def options(self) -> Mapping[str, str]:
        """LanceDB's storage options."""
        plain = {"allow_http": "true"} if self._is_plain else {}
        return {f"aws_{name}": value for name, value in self._settings.items()} | plain

    def below(self, name: str) -> "StorePlace":
        """The prefix of this name in here, under the same lease."""
        return self._at(name, self._writers)

    def aside(self, name: str) -> "StorePlace":
        """The prefix of this name in here, whose commits need no lease."""
        return self._at(name, _Anyone())

    def read(self, name: str, *, max_age_seconds: float = 0.0) -> bytes | None:
        """The content of an object, at most so old; None where there is none."""
        now = time.monotonic()
        if (seen := self._seen.get(name)) is not None and now - seen[0] < max_age_seconds:
            return seen[1]
        content, _ = self._get(name)
        self._seen[name] = (now, content)
        return content

    def swap(self, name: str, *, old: bytes | None, new: bytes) -> None:
        """Replace an object's content by one conditional put; call with the lease held.

        Raises
        ------
        BusyKnowledgeError, LostLeaseError
            Another writer was here.
        """
        self._writers.check()
        content, tag = self._get(name)
        if content != old or self._try_put(name, new, tag) is None:
            raise BusyKnowledgeError(self, 0)
        self._seen.pop(name, None)

    def folders(self, prefix: str) -> list[str]:
        """The names in here that begin so."""
        found = self._asked(lambda store: store.list_with_delimiter())["common_prefixes"]
        names = (one.rstrip("/").rpartition("/")[2] for one in found)
        return sorted(name for name in names if name.startswith(prefix))

    def discard(self, name: str) -> None:
        """Delete every object below ``name``."""

        def delete(store: Any) -> None:
            for objects in store.list(prefix=name):
                store.delete([one["path"] for one in objects])

        self._asked(delete)

    @contextmanager
    def writing(self, *, patience_seconds: float = 60.0, role: str = _WRITER) -> Iterator[None]:
        """Hold the one writer's lease, or that of another role.

        Raises
        ------
        BusyKnowledgeError
            Another one did not finish, and did not die, within ``patience_seconds``.
        """
        name = f"{role}.json"
        lease = Lease(
            place=self, read=lambda: self._get(name), put=lambda content, tag: self._try_put(name, content, tag)
        )
        if not lease.acquire(patience_seconds=patience_seconds):
            raise BusyKnowledgeError(self, patience_seconds)
        if role == _WRITER:
            self._writers.lease = lease
        self._seen.clear()
        try:
            yield
        finally:
            lease.release()

    def settle(self) -> None:
        """Make sure that no other writer took over before the commit just made; it lasts already."""
        self._writers.check()

    def heal(self, table: str) -> None:
        """Nothing: a commit is one object, there whole or not at all."""

    def _at(self, name: str, writers: "_Writers") -> "StorePlace":
        prefix = f"{self._prefix}/{name}".lstrip("/")
        return StorePlace(self._bucket, prefix, settings=self._settings, writers=writers)

    @property
    def _is_plain(self) -> bool:
        return self._settings.get("endpoint", "").startswith("http://")

    @cached_property
    def _store(self) -> Any:
        from obstore.store import S3Store  # noqa: PLC0415 - only where knowledge lies in an object store

        config: Any = dict(self._settings)
        client: Any = {"allow_http": True} if self._is_plain else {}
        return S3Store(
            self._bucket,
            prefix=self._prefix or None,
            config=config,
            client_options=client,
            retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=10)},
        )

    def _get(self, name: str) -> tuple[bytes | None, str | None]:
        """An object's content and its tag, which changes with every put."""

        def get(store: Any) -> tuple[bytes | None, str | None]:
            try:
                found = store.get(name)
            except FileNotFoundError:
                return None, None
            return bytes(found.bytes()), found.meta["e_tag"]

        return self._asked(get)

    def _try_put(self, name: str, content: bytes, tag: str | None) -> str | None:
        """The new tag of an object that still had this one (None: that was missing); None where it had not."""
        from obstore.exceptions import AlreadyExistsError, PreconditionError  # noqa: PLC0415 - as above

        def put(store: Any) -> str | None:
            try:
                tag_now: str = store.put(name, content, mode="create" if tag is None else {"e_tag": tag})["e_tag"]
            except (AlreadyExistsError, PreconditionError):
                return None
            return tag_now

        return self._asked(put)

    def _asked(self, act: Callable[[Any], _T]) -> _T:
        """What ``act`` does with the store; its faults become errors that name the cure."""
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            return act(self._store)
        except (BaseError, OSError) as error:
            raise StoreError(self, (str(error).splitlines() or [type(error).__name__])[0][:200]) from error


class _Writers:
    """The lease that this process holds, or held last."""

    lease: Lease | None = None

    def check(self) -> None:
        """Raise where this process is not the writer."""
        if self.lease is None or not self.lease.is_held:
            raise LostLeaseError


class _Anyone(_Writers):
    """Nobody else writes there, so nobody must be asked."""

    def check(self) -> None:
        """Let everything pass."""
