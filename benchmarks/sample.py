"""The sample corpus and the encoder, as every benchmark reads them."""

from pathlib import Path

from desk import Settings, encoder_of, search_encoder_of
from history import RejectLog, read_history
from text import Encoder
from tickets import SolvedTicket, Taxonomy

DATA = Path(__file__).parent.parent / "data"


def solved_tickets() -> list[SolvedTicket]:
    """The sample history."""
    return list(read_history([DATA / "history.jsonl"], taxonomy=Taxonomy.builtin(), rejects=RejectLog()))


def encoder(*, n_threads: int = 2) -> Encoder:
    """The encoder that the settings name, for much text at once, or as it serves with one thread."""
    return encoder_of(Settings(), n_threads=n_threads)


def search_encoder(*, n_threads: int = 2) -> Encoder:
    """The encoder of the search that the settings name."""
    return search_encoder_of(Settings(), encoder(n_threads=n_threads))
