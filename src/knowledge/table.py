"""LanceDB's table of rows, with an index for each column that is searched or filtered by."""

import os
from datetime import timedelta
from typing import Any

from knowledge.columns import schema_of
from knowledge.conditions import DATE, DATES
from knowledge.engine import TermColumn
from knowledge.place import Place

NAME = "rows"
_TERMS: tuple[TermColumn, ...] = ("fts", "signatures")
_BITMAPS = ("kind", "field", "product", "language", "level", "category")
_TREES = ("key", "document", "customer", DATE, *DATES)


def create_table(place: Place, *, dimension: int) -> Any:
    """An empty table in ``place``, for vectors of ``dimension``."""
    from lancedb.index import Bitmap, BTree, LabelList  # noqa: PLC0415 - slow to import

    table = _connect(place).create_table(NAME, schema=schema_of(dimension))
    table.set_unenforced_primary_key("key")  # without it, writers can double a new key
    indexes = dict.fromkeys(_TREES, BTree()) | dict.fromkeys(_BITMAPS, Bitmap())
    indexes |= dict.fromkeys(_TERMS, full_text()) | {"marks": LabelList()}
    for column, config in indexes.items():
        table.create_index(column, config=config)
    return table


def open_table(place: Place) -> Any:
    """The table kept in ``place``."""
    return _connect(place).open_table(NAME)


def full_text() -> Any:
    """The index of words that were analysed before: it splits at spaces and changes nothing."""
    from lancedb.index import FTS  # noqa: PLC0415 - slow to import

    plain: Any = dict.fromkeys(("lower_case", "stem", "remove_stop_words", "ascii_folding"), False)
    # with positions, optimising has crashed since 0.32
    return FTS(base_tokenizer="whitespace", max_token_length=80, with_position=False, **plain)


def _connect(place: Place) -> Any:
    os.environ.setdefault("LANCEDB_LOG", "error")  # read at import; otherwise it warns at every search
    import lancedb  # noqa: PLC0415 - slow to import

    return lancedb.connect(
        place.address, storage_options=dict(place.options) or None, read_consistency_interval=timedelta(seconds=1)
    )
