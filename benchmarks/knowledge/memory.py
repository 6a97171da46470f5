"""The memory that processes hold, as Linux counts it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Megabytes: all pages, shared ones by share (PSS); those that are the processes' own and no file's (anonymous)."""

    pss_mb: float
    anonymous_mb: float


def memory_of(processes: Iterable[int]) -> Memory:
    """What these processes hold together."""
    pss, anonymous = 0, 0
    for process in processes:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "Pss":
                pss += int(value.split()[0])
            elif name == "Pss_Anon":
                anonymous += int(value.split()[0])
    return Memory(pss_mb=round(pss / 1024, 1), anonymous_mb=round(anonymous / 1024, 1))
