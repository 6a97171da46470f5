"""What many rooms' tests share: the built encoder, a small history, a small encoder, and trained models."""

import hashlib
import os
import re
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from classifier import ModelShelf, Trained, TrainingPlan, fingerprint, train
from history import RejectLog, read_history
from text import E5_SMALL, TokenStates
from tickets import SolvedTicket, Taxonomy

ROOT = Path(__file__).parents[1]
N_PROBLEMS = 60


class FakeEncoder:
    """Hashed character trigrams: unit length, the same each time, alike for like words, loads nothing.

    Its tokens are the words, each with the vector of itself.
    """

    def __init__(self, name: str = "fake", dimension: int = 48) -> None:
        self.name, self.dimension = name, dimension

    def encode(self, texts: Sequence[str], *, role: str = "query") -> np.ndarray:
        """Unit vectors in the order of ``texts``."""
        assert role in {"query", "passage"}
        vectors = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            padded = f"  {text[:8_000].lower()}  "
            for start in range(len(padded) - 2):
                gram = padded[start : start + 3].encode("utf-8", "surrogatepass")
                vector[zlib.crc32(gram) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        """One state a word, and one of the encoder's own."""
        return [self._token_states(text) for text in texts]

    def _token_states(self, text: str) -> TokenStates:
        words = list(re.finditer(r"\w+", text[:8_000]))[:200]
        spans = [(0, 0), *((word.start(), word.end()) for word in words)]
        return TokenStates(np.array(spans), self.encode(["", *(word.group() for word in words)]))


@pytest.fixture(scope="session", autouse=True)
def _one_thread_for_each_product() -> Iterator[None]:
    """Small matrices are multiplied fastest by one thread, above all on a machine that others use too."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def run_python() -> Callable[..., subprocess.CompletedProcess]:
    """Runs code in a fresh interpreter that finds the rooms, and gives what it printed."""

    def run(code: str, *arguments: object, check: bool = True, **environment: str):
        done = subprocess.run(  # noqa: PLW1510 - told below with what it printed
            [sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=300,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"} | environment,
        )
        assert not check or done.returncode == 0, done.stderr[-3000:]
        return done

    return run


@pytest.fixture(scope="session")
def encoder_home(run_python) -> Path:
    """The folder of built-in encoders: built once where it is missing, checked where it is there."""
    home = ROOT / "models" / "encoders"
    run_python(
        "import sys; from pathlib import Path; from text.e5 import E5_SMALL, ensure_e5_small;"
        "ensure_e5_small(Path(sys.argv[1]) / E5_SMALL)",
        home,
    )
    return home


@pytest.fixture(scope="session")
def encoder_folder(encoder_home) -> Path:
    """The built-in encoder's own folder; not to be written to."""
    return encoder_home / E5_SMALL


@pytest.fixture(scope="session")
def vector_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the built-in encoder made of texts, for all processes of this run: what one encodes none encodes again."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "vectors.db"


@pytest.fixture(scope="session")
def fake_encoder() -> FakeEncoder:
    """An encoder that keeps the protocol's laws and needs no files."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """Level and category."""
    return Taxonomy.builtin()


@pytest.fixture(scope="session")
def small_history(taxonomy) -> tuple[SolvedTicket, ...]:
    """All tickets of 60 problems of the sample, always the same ones: about 240."""
    solved = list(read_history([ROOT / "data" / "history.jsonl"], taxonomy=taxonomy, rejects=RejectLog()))
    problems = {ticket.problem or "" for ticket in solved}
    chosen = sorted(problems, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:N_PROBLEMS]
    return tuple(ticket for ticket in solved if ticket.problem in chosen)


@pytest.fixture(scope="session")
def trained_fast(small_history, taxonomy) -> Trained:
    """A model of words alone, learned from the small history."""
    return train(small_history, taxonomy=taxonomy, plan=TrainingPlan.named("fast", primer=False))


@pytest.fixture(scope="session")
def trained_default(small_history, taxonomy, fake_encoder) -> Trained:
    """A model of words and (fake) meaning, learned from the small history."""
    return train(
        small_history, taxonomy=taxonomy, plan=TrainingPlan.named("default", primer=False), encoder=fake_encoder
    )


@pytest.fixture(scope="session")
def promising(trained_fast) -> Trained:
    """The fast model, as if it had proven that no answer is too uncertain to be routed by itself."""
    proven = trained_fast.model.promises
    labels = {target.name: target.label_names for target in trained_fast.model.taxonomy}
    promises = replace(proven, joint=replace(proven.joint, threshold=0.0), labels=labels)
    return replace(trained_fast, model=replace(trained_fast.model, promises=promises))


@pytest.fixture(scope="session")
def champion_shelf(trained_fast, small_history, tmp_path_factory) -> ModelShelf:
    """A shelf on which the fast model is champion; not to be written to (copy its folder)."""
    shelf = ModelShelf(tmp_path_factory.mktemp("shelf"))
    manifest = shelf.save(trained_fast, n_tickets=len(small_history), data_fingerprint=fingerprint(small_history))
    shelf.promote(manifest.version)
    return shelf


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """An emulator of S3 with one bucket, by its address."""
    from moto.server import ThreadedMotoServer

    emulator = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    emulator.start()
    host, port = emulator.get_host_and_port()
    with urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/desk", method="PUT")):
        pass
    yield f"http://{host}:{port}"
    emulator.stop()


@pytest.fixture
def address(object_store, monkeypatch, request) -> str:
    """A place on the object store that nobody has used, and the environment that leads there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return f"s3://desk/{request.node.name}"
