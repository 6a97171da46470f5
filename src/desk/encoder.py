"""The sentence encoders that a desk's settings name: one reads tickets, one searches."""

from desk.settings import Settings
from text import E5_SMALL, Encoder, SearchEncoder, UseEncoder, open_encoder


def encoder_of(settings: Settings, *, n_threads: int) -> Encoder:
    """The encoder for serving (one thread), or for much text at once (more), whose vectors are then kept on disk."""
    return open_encoder(
        settings.encoder,
        home=settings.encoders,
        precision=settings.encoder_precision,
        n_threads=n_threads,
        cache=settings.vector_cache if n_threads > 1 else None,
    )


def search_encoder_of(settings: Settings, encoder: Encoder) -> Encoder:
    """The encoder of the search: the built-in ``encoder`` paired and centred, any other as it is."""
    return SearchEncoder(first=encoder, second=UseEncoder()) if settings.encoder == E5_SMALL else encoder
