"""A desk opened for one command."""

from contextlib import closing

from desk import Desk, Settings, n_processors
from journal import Journal
from stellwerk.output import message
from text import E5_SMALL


def open_desk(settings: Settings, *, model: str | None = None) -> closing[Desk]:
    """The desk, to be used in a ``with`` block: on all processors, and nothing it decides is journaled."""
    announce_encoder(settings)
    return closing(Desk.open(settings, n_threads=n_processors(), model=model, journal=False))


def open_shelf(settings: Settings) -> closing[Desk]:
    """The desk for a look at its models, with what the journal knows of them; a missing journal is not begun."""
    journal = Journal.exists(settings.journal)
    return closing(Desk.open(settings, n_threads=n_processors(), journal=journal))


def announce_encoder(settings: Settings) -> None:
    """Say that the first use takes longer, where the built-in encoder has yet to be built."""
    folder = settings.encoders / E5_SMALL
    if settings.encoder == E5_SMALL and not folder.exists():
        message(f"the sentence encoder will be built in {folder}; this once, it takes a minute or two")
