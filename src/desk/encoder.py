"""The sentence encoder that a desk's settings name."""

from desk.settings import Settings
from text import Encoder, open_encoder


def encoder_of(settings: Settings, *, n_threads: int) -> Encoder:
    """The encoder for serving (one thread), or for much text at once (more), whose vectors are then kept on disk."""
    return open_encoder(
        settings.encoder,
        home=settings.encoders,
        precision=settings.encoder_precision,
        n_threads=n_threads,
        cache=settings.vector_cache if n_threads > 1 else None,
    )
