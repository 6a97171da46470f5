"""What one run of the benchmarks covers: where the public sets lie, which contestants run, and how many problems."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tickets import SolvedTicket


class MissingDatasetError(FileNotFoundError):
    """A public set is not where the benchmarks look for it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is left out: STELLWERK_BENCH_DATASETS names no folder that holds it")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """All of everything, unless it says otherwise."""

    datasets: Path | None = None
    """The folder of public sets, which are never part of the project."""
    contestants: frozenset[str] | None = None
    """Only these; their figures are merged into those measured before."""
    n_problems: int | None = None
    """A trial run on so many problems of each part of the data; its figures mean nothing and are not kept."""

    def folder(self, name: str) -> Path:
        """The folder of one public set.

        Raises
        ------
        MissingDatasetError
            There is none.
        """
        if self.datasets is None or not (self.datasets / name).is_dir():
            raise MissingDatasetError(name)
        return self.datasets / name

    def chosen(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of ``names`` that run, in order."""
        return tuple(name for name in names if self.contestants is None or name in self.contestants)

    def limited(self, solved: Sequence[SolvedTicket]) -> tuple[SolvedTicket, ...]:
        """The tickets of as many problems as this run covers, always the same ones."""
        problems = {ticket.problem or "" for ticket in solved}
        if self.n_problems is None:
            return tuple(solved)
        ranked = sorted(problems, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        kept = set(ranked[: self.n_problems])
        return tuple(ticket for ticket in solved if (ticket.problem or "") in kept)
