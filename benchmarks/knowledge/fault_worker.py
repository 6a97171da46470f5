"""A process that writes to, or reads from, a knowledge base until it is stopped or killed; started by ``faults``.

What it did is one line in a file each, written after the act: ``put 17 8123.4`` says that document 17 was
acknowledged at that second of the machine's monotonic clock.
"""

import json
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from journal import Journal, KeptDocument
from knowledge import Accepted, Article, KnowledgeBase, Query, lance

STAYING = 5
"""Articles that are there from the start and never change."""

LATEST_SECONDS = 1.0
"""After so long every reader must find what was acknowledged."""

_REMOVED_AFTER, _UPKEEP_EVERY, _PURGE_EVERY = 30, 15, 30  # documents
_PLENTY = 1_000_000_000.0


class WordEncoder:
    """Hashed words: cheap, the same each time, alike for like words."""

    name, dimension = "hashed-words", 32

    def encode(self, texts: Sequence[str], *, role: str = "query") -> NDArray[np.float32]:  # noqa: ARG002
        """Unit vectors in the order of ``texts``."""
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                vector[zlib.crc32(word.encode()) % self.dimension] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def lower_thresholds() -> None:
    """Let upkeep have something to do every few documents, as it would after thousands."""
    lance._UNINDEXED_ROWS, lance._VECTOR_INDEX_FROM = 10, 100  # noqa: SLF001


def opened(folder: Path) -> KnowledgeBase:
    """The base in ``folder``."""
    return KnowledgeBase.open(folder / "base", WordEncoder(), create=True)


def opened_journal(folder: Path) -> Journal:
    """The journal in ``folder``."""
    return Journal.open(f"sqlite:///{folder}/journal.db")


def keep_in(journal: Journal, accepted: Sequence[Accepted]) -> None:
    """Keep articles as a desk does, without all that a desk loads."""
    journal.documents.keep(
        [
            KeptDocument(kind=one.key[0], id=one.key[1], digest=one.digest, content=asdict(one.document))
            for one in accepted
        ]
    )


def staying() -> list[Article]:
    """What is always there."""
    return [
        Article(id=f"stay-{n}", title=f"Drucker {n}", body="Immer da: leere Seiten im Lager", language="de")
        for n in range(STAYING)
    ]


def filling(n_documents: int) -> list[Article]:
    """Documents that are only there to make the base larger."""
    body = "Seite {n} der Anleitung zum Gerät {group}, mit Hinweisen zu Wartung und Betrieb"
    return [
        Article(id=f"fill-{n}", title=f"Anleitung {n}", body=body.format(n=n, group=n % 97), language="de")
        for n in range(n_documents)
    ]


def numbered(number: int) -> Article:
    """The document with this number; its word is in no other."""
    body = f"Fall mit dem Wort {word_of(number)} und dem Scanner im Versand"
    return Article(id=str(number), title=f"Fall {number}", body=body, language="de")


def word_of(number: int) -> str:
    """The word that is only in the document with this number."""
    return f"zq{number}x"


def write(folder: Path, *, remove: bool) -> None:
    """Put one document after another and, with ``remove``, take old ones out; look after the index in between."""
    lower_thresholds()
    base, journal = opened(folder), opened_journal(folder)
    told = os.open(folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(act: str, number: int) -> None:
        os.write(told, f"{act} {number} {time.monotonic()}\n".encode())

    first = max((number for _, number, _ in read_told(folder)), default=0) + 1
    for number in range(first, first + 10_000_000):
        tell("begin", number)
        base.upsert([numbered(number)], keep=partial(keep_in, journal), maintain=False)
        tell("put", number)
        if remove and number > _REMOVED_AFTER and number % 3 == 0:
            old = number - _REMOVED_AFTER
            tell("removing", old)
            base.remove([str(old)], first=partial(journal.documents.remove, [str(old)]))
            tell("removed", old)
        if number % _UPKEEP_EVERY == 0:
            tell("upkeep", number)
            base.maintain(purge_within_seconds=0 if number % _PURGE_EVERY == 0 else _PLENTY)
            tell("looked-after", number)


def read(folder: Path, name: str) -> None:
    """Search again and again for what stays and for what was put last; count what goes wrong, until told to stop."""
    base, seconds, faults, stale, last = opened(folder), list[float](), list[str](), list[float](), time.monotonic()
    longest, behind = 0.0, list[float]()
    (folder / f"{name}.ready").touch()
    stop = folder / "stop"
    while not stop.exists():
        newest = last_put(folder)
        begun = time.monotonic()
        try:
            found = {hit.id for hit in base.search(Query(text="Drucker Immer da leere Seiten Lager", grouping=False))}
            if not {f"stay-{n}" for n in range(STAYING)} <= found:
                faults.append(f"only {sorted(found)} found")
            if newest is not None:
                asked = time.monotonic()
                hits = {hit.id for hit in base.search(Query(text=word_of(newest[0]), grouping=False))}
                if str(newest[0]) not in hits:
                    (stale if asked - newest[1] > LATEST_SECONDS else behind).append(asked - newest[1])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is counted
            faults.append(f"{type(error).__name__}: {error}")
        now = time.monotonic()
        seconds.append(now - begun)
        longest, last = max(longest, now - last), now
    told = {
        "n_rounds": len(seconds),
        "n_errors": len(faults),
        "errors": faults[:5],
        "n_stale_after_a_second": len(stale),
        "n_not_seen_within_the_second": len(behind),
        "oldest_not_seen_seconds": round(max([*stale, *behind], default=0.0), 3),
        "longest_seconds_without_an_answer": round(longest, 3),
        "round_p50_ms": round(1e3 * float(np.quantile(seconds or [0.0], 0.5)), 1),
        "round_p95_ms": round(1e3 * float(np.quantile(seconds or [0.0], 0.95)), 1),
    }
    (folder / f"{name}.json").write_text(json.dumps(told), "utf-8")


def read_told(folder: Path) -> Iterator[tuple[str, int, float]]:
    """What was told so far: the act, the document's number, the second."""
    if (told := folder / "told").exists():
        for line in told.read_bytes().split(b"\n")[:-1]:  # the last is empty, or torn by the kill
            act, number, second = line.split()
            yield act.decode(), int(number), float(second)


def last_put(folder: Path) -> tuple[int, float] | None:
    """The document acknowledged last, and when."""
    try:
        with (folder / "told").open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 2_000))
            lines = file.read().split(b"\n")[1:-1]
    except FileNotFoundError:
        return None
    puts = [line.split() for line in lines if line.startswith(b"put ")]
    return (int(puts[-1][1]), float(puts[-1][2])) if puts else None


if __name__ == "__main__":
    role, place, *more = sys.argv[1:]
    if role == "read":
        read(Path(place), more[0])
    else:
        write(Path(place), remove=role == "write-and-remove")
