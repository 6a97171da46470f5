"""Documents made into rows by the workers of a Ray cluster, while one process writes.

Making rows, above all encoding, is nearly all of the work. So workers need neither the knowledge base nor its
credentials, and the one writer's role stays as it is.
"""

import logging
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from knowledge.article import Document
from knowledge.engine import DocumentKey, KnowledgeError, Row
from knowledge.intake import rows_of
from knowledge.rows import key_of
from text import SentenceEncoder

_DOCUMENTS_AT_ONCE = 32  # handed to a worker
_SHARES_OF_A_WORKER = 16  # in a batch, so that none waits long for the slowest
_RETRIES = 3
_PATIENCE_SECONDS = 5.0


class NoRayError(KnowledgeError):
    """Ray is not there, or its cluster does not answer."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(f"several workers cannot be used: {fault}; {cure}")


class NoClusterError(NoRayError):
    """No Ray cluster answers at an address."""

    def __init__(self, address: str | None) -> None:
        super().__init__(f"no Ray cluster answers at {address}", "check --ray, or start one with `ray start --head`")


@contextmanager
def ray_cluster(*, n_workers: int | None, address: str | None) -> Iterator[int]:
    """The cluster at ``address``, or one of this machine alone, and how many workers are to be used of it.

    Raises
    ------
    NoRayError
        Ray is not installed, or there is no cluster at ``address``.
    """
    if find_spec("ray") is None:
        raise NoRayError("Ray is not installed", "run pip install 'stellwerk[scale]'")
    import ray  # noqa: PLC0415 - large, and an extra

    local: dict[str, Any] = {} if address else {"num_cpus": n_workers, "include_dashboard": False}
    if address:
        _check(address)
    try:
        ray.init(address or "local", log_to_driver=False, logging_level=logging.WARNING, **local)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise NoClusterError(address) from error
    try:
        yield n_workers or int(ray.cluster_resources()["CPU"])
    finally:
        ray.shutdown()


class RayWorkers:
    """Workers that each hold the encoder; use `open`."""

    def __init__(self, pool: Any, n_workers: int) -> None:
        self._pool = pool
        self.batch = n_workers * _DOCUMENTS_AT_ONCE * _SHARES_OF_A_WORKER

    @classmethod
    @contextmanager
    def open(
        cls, encoder: SentenceEncoder, *, n_workers: int | None = None, address: str | None = None
    ) -> Iterator["RayWorkers"]:
        """So many workers, one a processor, in the cluster at ``address``, or, without one, on this machine alone.

        Parameters
        ----------
        encoder : SentenceEncoder
            Must load on every machine of the cluster from what its pickle says.
        n_workers : int, optional
            By default as many as the cluster has processors.

        Raises
        ------
        NoRayError
            Ray is not installed, or there is no cluster at ``address``.
        """
        with ray_cluster(n_workers=n_workers, address=address) as n_used:
            import ray  # noqa: PLC0415 - large, and an extra
            from ray.util import ActorPool  # noqa: PLC0415

            remote = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=_RETRIES)(_Worker)
            yield cls(ActorPool([remote.remote(encoder) for _ in range(n_used)]), n_used)

    def rows_of(self, documents: Sequence[Document], digests: Mapping[DocumentKey, str]) -> list[Row]:
        """The rows of ``documents``, in order, as one process makes them."""
        starts = range(0, len(documents), _DOCUMENTS_AT_ONCE)
        shares = (documents[start : start + _DOCUMENTS_AT_ONCE] for start in starts)
        theirs = [(share, {key_of(one): digests[key_of(one)] for one in share}) for share in shares]
        made = self._pool.map(lambda worker, share: worker.rows_of.remote(*share), theirs)
        return [row for rows in made for row in rows]


def _check(address: str) -> None:
    """Raise at once where nobody listens, for Ray itself goes on trying for minutes."""
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()):
        return
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE_SECONDS).close()
    except OSError as error:
        raise NoClusterError(address) from error


class _Worker:
    """One process with the encoder."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    def rows_of(self, documents: Sequence[Document], digests: Mapping[DocumentKey, str]) -> list[Row]:
        return rows_of(documents, digests, self._encoder)
