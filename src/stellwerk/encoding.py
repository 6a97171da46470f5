"""``encoder``: the sentence encoder built or checked now, not at its first use."""

from desk import Settings
from stellwerk.opening import open_desk
from stellwerk.options import Json, settings_with
from stellwerk.output import show, write_json


def encoder(*, json: Json = False) -> None:
    """Build or check the sentence encoder now."""
    settings = settings_with()
    with open_desk(settings) as desk:
        opened = desk.encoder
        facts = {"name": opened.name, "dimension": opened.dimension, "folder": _place(settings)}
    if json:
        write_json(facts)
    else:
        show(f"{facts['name']} in {facts['folder']}, {facts['dimension']} numbers a text")


def _place(settings: Settings) -> str:
    """The encoder's folder; a hub name stands for itself."""
    built_in = settings.encoders / settings.encoder
    return str(built_in) if built_in.is_dir() else settings.encoder
