"""A small encoder that keeps the protocol's laws, and the engines and documents the tests work with."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge import Article, Document, KnowledgeBase
from knowledge.engine import Row, SearchEngine
from knowledge.lance import LanceEngine
from knowledge.memory import MemoryEngine
from tickets import Solution, SolvedTicket, Ticket

DIMENSION = 64


class NgramEncoder:
    """Counts hashed character trigrams: unit length, the same each time, alike for like words."""

    def __init__(self, name: str = "ngrams", dimension: int = DIMENSION) -> None:
        self.name, self.dimension = name, dimension
        self.n_encoded = 0

    def encode(self, texts: Sequence[str], *, role: str = "query") -> np.ndarray:
        """Unit vectors in the order of ``texts``."""
        assert role in {"query", "passage"}
        self.n_encoded += len(texts)
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            padded = f"  {text.lower()}  "
            for start in range(len(padded) - 2):
                vector[zlib.crc32(padded[start : start + 3].encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder() -> NgramEncoder:
    return NgramEncoder()


@pytest.fixture(params=["lance", "memory"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    """Each engine in turn, empty."""
    return LanceEngine.create(tmp_path, dimension=DIMENSION) if request.param == "lance" else MemoryEngine()


@pytest.fixture
def row(encoder: NgramEncoder) -> Callable[..., Row]:
    """Builds a row from what a test cares about."""

    def build(document: str, text: str, *, part: int = 0, kind: str = "article", **facts) -> Row:
        return Row(
            key=f"{kind}:{document}:{part}",
            document=document,
            kind=kind,
            part=part,
            **{
                "field": "passage" if kind == "article" else "ticket",
                "title": document,
                "digest": text,
                "labels": {},
            }
            | facts,
            text=text,
            fts=text.lower(),
            vector=encoder.encode([text])[0],
        )

    return build


def solved(identity: str, subject: str, body: str, resolution: str = "", **facts) -> SolvedTicket:
    labels = facts.pop("labels", {})
    return SolvedTicket(
        ticket=Ticket(id=identity, subject=subject, body=body, **facts),
        labels=labels,
        solution=Solution(resolution=resolution) if resolution else None,
    )


DOCUMENTS: tuple[Document, ...] = (
    Article(
        id="KB-1",
        title="VPN-Einwahl schlägt fehl",
        body="## Ursache\nDas Zertifikat ist abgelaufen.\n\n## Lösung\nZertifikat im Portal erneuern.",
        url="https://wiki.example/vpn",
        language="de",
        product="VPN",
    ),
    Article(
        id="KB-2",
        title="Netzwerkdrucker einrichten",
        body="Den Drucker über die Systemsteuerung hinzufügen und die Treiber laden.",
        language="de",
        product="Drucker",
    ),
    Article(
        id="KB-3",
        title="Reset your mailbox password",
        body="Open the self-service portal and choose a new password for the mailbox.",
        language="en",
        product="Mail",
    ),
    solved(
        "T-1",
        "Störung im Lager",
        "Der Scanner liest keine Etiketten mehr, die Kollegen warten.",
        "Firmware des Scanners aktualisiert.",
        language="de",
        product="Scanner",
        customer="Nordlicht Logistik",
        labels={"level": "2", "category": "bug"},
    ),
    solved(
        "T-2",
        "Mailbox is locked",
        "I entered the wrong password three times and now the mailbox is locked.",
        "Account unlocked after identity check.",
        language="en",
        product="Mail",
        customer="O'Neil GmbH",
        labels={"level": "1", "category": "question"},
    ),
    solved("T-3", "Drucker druckt leere Seiten", "Seit dem Update kommen nur leere Seiten.", language="de"),
)


@pytest.fixture
def documents() -> tuple[Document, ...]:
    """What the base holds."""
    return DOCUMENTS


@pytest.fixture
def base(tmp_path: Path, encoder: NgramEncoder) -> KnowledgeBase:
    """A knowledge base with a few documents of both kinds and two languages."""
    with KnowledgeBase.open(tmp_path / "base", encoder, create=True) as opened:
        opened.upsert(DOCUMENTS)
        yield opened
