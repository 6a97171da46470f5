"""The sample corpus and the encoder, as every benchmark reads them."""

from pathlib import Path

from desk import Settings
from history import RejectLog, read_history
from text import Encoder, open_encoder
from tickets import SolvedTicket, Taxonomy

DATA = Path(__file__).parent.parent / "data"


def solved_tickets() -> list[SolvedTicket]:
    """The sample history."""
    return list(read_history([DATA / "history.jsonl"], taxonomy=Taxonomy.builtin(), rejects=RejectLog()))


def encoder(*, n_threads: int = 2, cached: bool = True) -> Encoder:
    """The encoder that the settings name."""
    settings = Settings()
    return open_encoder(
        settings.encoder,
        home=settings.encoders,
        precision=settings.encoder_precision,
        n_threads=n_threads,
        cache=settings.vector_cache if cached else None,
    )
