"""The search benchmark reads its public sets as they lie there."""

import gzip
import json
from pathlib import Path

import pytest
from benchmarks.knowledge.peers import plain_bm25

from benchmarks.knowledge import search


def packed(path: Path, rows: list[dict]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


@pytest.mark.slow
def test_titles_without_labels_are_searched(tmp_path, monkeypatch, encoder_home) -> None:
    """A set of titles alone, with no label and no resolution, gives figures of the product and of every peer."""
    titles = ["Printer prints blank pages", "Blank pages from my printer", "Wifi is slow", "No sound after the upgrade"]
    packed(
        tmp_path / "tickets.jsonl.gz",
        [{"id": f"{i}", "subject": title, "body": "", "language": "en"} for i, title in enumerate(titles)],
    )
    asked = {"id": "0", "query": {"subject": titles[0], "body": ""}, "relevant": ["1"]}
    packed(tmp_path / "search_qrels.jsonl.gz", [asked])
    monkeypatch.setenv("STELLWERK_ENCODERS", str(encoder_home))
    monkeypatch.setattr(search, "PEERS", {"bm25": plain_bm25})
    figures = search.askubuntu(tmp_path)
    assert {name: one["hit_at_5"] for name, one in figures.items()} == {"stellwerk": 1.0, "bm25": 1.0}
