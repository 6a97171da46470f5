"""Articles indexed by several workers, as a user asks for it."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.journeys.conftest import DATA, json_from_stellwerk

with_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed; `make test-scale` installs it and runs this"
)


@with_ray
@pytest.mark.slow
def test_two_workers_index_with_the_built_in_encoders(environment, tmp_path: Path) -> None:
    """Encoders travel to the workers; what they made is found, and one process finds nothing to do afterwards."""
    articles = tmp_path / "articles.jsonl"
    lines = (DATA / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    articles.write_text("".join(lines[:40]), "utf-8")
    own = environment | {
        "STELLWERK_KNOWLEDGE": str(tmp_path / "knowledge"),
        "STELLWERK_JOURNAL": f"sqlite:///{tmp_path / 'journal.db'}",
    }
    assert json_from_stellwerk(["index", str(articles), "--workers", "2", "--json"], own)["article"]["added"] == 40
    assert json_from_stellwerk(["index", str(articles), "--json"], own)["article"]["unchanged"] == 40
