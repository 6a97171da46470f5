"""Large tables of tickets scored and encoded: in this process, or by Ray Data's workers on one machine or many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifier import Scorer, Surroundings
from history import to_tickets
from knowledge import ray_cluster
from text import open_encoder

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE: Final = 64
_BESIDE: Final = ("id",)
"""Columns of the tickets that the answers repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWork:
    """What is worked out of each ticket; small enough to be sent to every worker.

    On a cluster ``folder`` and the encoder's folder must lie at the same paths on every machine.
    """

    folder: Path | None
    """The model's folder; None where tickets are only encoded."""
    surroundings: Surroundings
    vectors: bool = False
    """Whether a column ``vector`` holds the encoder's vector of subject and body."""


def worked_out(
    frames: Iterable["pd.DataFrame"], work: BatchWork, *, n_workers: int | None = None, address: str | None = None
) -> Iterator["pd.DataFrame"]:
    """The answers to all tickets, in order, some at a time; the same whoever worked them out.

    Parameters
    ----------
    n_workers : int, optional
        Ray workers, a processor each; with neither this nor ``address`` this process does the work.
    address : str, optional
        A Ray cluster's; by default all its processors work.

    Raises
    ------
    NoRayError
        Workers are asked for, and Ray or the cluster is not there.
    """
    if n_workers is None and address is None:
        worker = _Worker(work)
        yield from map(worker, frames)
        return
    with ray_cluster(n_workers=n_workers, address=address) as n_used:
        import ray  # noqa: PLC0415 - large, and an extra

        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        tickets = ray.data.from_pandas([part for frame in frames for part in _parts(frame)])
        answers = tickets.map_batches(
            _Worker,
            fn_constructor_args=(work,),
            batch_size=_ROWS_AT_ONCE,
            batch_format="pandas",
            compute=ray.data.ActorPoolStrategy(size=n_used),
            num_cpus=1,
        )
        yield from answers.iter_batches(batch_size=None, batch_format="pandas")


class _Worker:
    """A model and an encoder, loaded once."""

    def __init__(self, work: BatchWork) -> None:
        around = work.surroundings
        self._scorer = Scorer.load(work.folder, around) if work.folder else None
        self._encoder: Any = None
        if work.vectors:
            self._encoder = open_encoder(around.encoder, home=Path(around.encoders), precision=around.encoder_precision)
        self._mask = around.mask()

    def __call__(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        import pandas as pd  # noqa: PLC0415 - slow to import

        parts = [frame[[name for name in _BESIDE if name in frame.columns]]]
        if self._scorer:
            parts.append(self._scorer.predict(frame))
        if self._encoder:
            texts = [f"{ticket.subject}\n{ticket.body}".strip() for ticket in to_tickets(frame)]
            texts = [self._mask.text(text) for text in texts] if self._mask else texts
            vectors = list(self._encoder.encode(texts, role="passage"))
            parts.append(pd.DataFrame({"vector": vectors}, index=frame.index))
        return pd.concat(parts, axis=1)


def _parts(frame: "pd.DataFrame") -> Iterator["pd.DataFrame"]:
    """The rows in shares that no worker is long busy with."""
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        yield frame.iloc[start : start + _ROWS_AT_ONCE].reset_index(drop=True)
