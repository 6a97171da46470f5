"""Export files as a desk would make them, and readings of them."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from history import HistoryMapping, RejectLog, read_history, read_tickets
from tickets import SolvedTicket, Taxonomy, Ticket


@dataclass
class Readings:
    """Writes export files into one folder and reads them with one log."""

    folder: Path
    log: RejectLog

    def file(self, content, name="history.csv"):
        """A file with ``content``, which is bytes or text to be written as UTF-8."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def solved(self, content, name="history.csv", **options) -> list[SolvedTicket]:
        """The solved tickets in a file with ``content``."""
        options.setdefault("taxonomy", Taxonomy.builtin())
        return list(read_history([self.file(content, name)], rejects=self.log, **options))

    def arriving(self, content, name="tickets.csv", mapping=HistoryMapping()) -> list[Ticket]:  # noqa: B008 - frozen
        """The tickets in a file with ``content``."""
        return list(read_tickets([self.file(content, name)], mapping=mapping, rejects=self.log))

    @property
    def entries(self):
        """The rejects file, read back."""
        if not self.log.path.exists():
            return []
        return [json.loads(line) for line in self.log.path.read_text("utf-8").splitlines()]


@pytest.fixture
def desk(tmp_path):
    """One desk's folder with its log."""
    return Readings(tmp_path, RejectLog(tmp_path / "rejects.jsonl"))
