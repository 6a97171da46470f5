"""Rows made by the workers of a Ray cluster."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from knowledge import KindCounts, KnowledgeBase, NoRayError, Query, RayWorkers

has_ray = find_spec("ray") is not None
with_ray = pytest.mark.skipif(not has_ray, reason="Ray is not installed; `make test-scale` installs it and runs this")


class Noted:
    """An encoder that leaves a file named for each node it encodes on."""

    def __init__(self, encoder, folder: Path) -> None:
        self._encoder, self._folder = encoder, folder
        self.name, self.dimension = encoder.name, encoder.dimension

    def encode(self, texts, *, role="query"):
        """What the encoder behind gives."""
        import ray

        (self._folder / ray.get_runtime_context().get_node_id()).touch()
        return self._encoder.encode(texts, role=role)


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a cluster of two nodes with one processor each."""
    from ray import cloudpickle
    from ray.cluster_utils import Cluster
    from tests.knowledge import conftest

    for module in (sys.modules[__name__], conftest):
        cloudpickle.register_pickle_by_value(module)
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    started.add_node(num_cpus=1)
    yield started.address
    started.shutdown()


def rows(base):
    """All rows by their keys."""
    return {row.key: row for some in base._serving.engine().scan(size=500) for row in some}


@with_ray
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_two_nodes_write_the_table_that_one_process_writes(cluster, encoder, documents, tmp_path):
    """Rebuilt and brought in by workers on two nodes: the same rows, vectors, counts and answers as without."""
    from tests.knowledge.conftest import solved

    many = [
        *documents,
        *(solved(f"M-{n}", f"Störung {n}", f"Gerät {n % 7} meldet {n}", "Neustart") for n in range(300)),
    ]
    noted = tmp_path / "nodes"
    noted.mkdir()
    with RayWorkers.open(Noted(encoder, noted), n_workers=2, address=cluster) as workers:
        spread, counts = KnowledgeBase.rebuild(tmp_path / "spread", encoder, many[:200], workers=workers)
        assert counts.of("ticket") == KindCounts(added=197)
        more = spread.upsert(many, workers=workers)
    assert more.of("ticket") == KindCounts(added=106, unchanged=197)
    assert len(list(noted.iterdir())) == 2
    alone, _ = KnowledgeBase.rebuild(tmp_path / "alone", encoder, many)
    theirs, ours = rows(spread), rows(alone)
    assert theirs.keys() == ours.keys()
    for key, row in ours.items():
        for name in ("document", "kind", "part", "field", "title", "text", "fts", "digest", "language", "resolution"):
            assert getattr(theirs[key], name) == getattr(row, name)
        np.testing.assert_allclose(theirs[key].vector, row.vector, atol=1e-6)
    query = Query(text="Drucker druckt leere Seiten")
    assert [hit.id for hit in spread.search(query)] == [hit.id for hit in alone.search(query)]


@with_ray
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_names_the_cure(encoder):
    """An address without a cluster is an error with a cure."""
    with pytest.raises(NoRayError, match="--ray"), RayWorkers.open(encoder, address="127.0.0.1:1"):
        pass


@pytest.mark.skipif(has_ray, reason="Ray is installed")
def test_without_ray_the_cure_is_named(encoder):
    """Where the extra is missing, the error says how to install it."""
    with pytest.raises(NoRayError, match=r"stellwerk\[scale\]"), RayWorkers.open(encoder, n_workers=2):
        pass
