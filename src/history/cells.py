"""What one cell says: words, a label's text, a date, a count, a language."""

import math
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

from history.fault import Reason, RowFault, shortened
from history.lines import decode, is_damaged

_WHOLE_NUMBER = re.compile(r"([+-]?\d+)\.0+")
_COUNT = re.compile(r"\d{1,9}")
_YES = frozenset({"true", "yes", "y", "ja", "j", "x"})
_NO = frozenset({"", "false", "no", "n", "nein"})
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]+)?")


def words(value: object, column: str) -> str:
    """The cell as text with plain newlines and no space around it; empty where nothing is there.

    Raises
    ------
    RowFault
        The cell holds a list or an object, a NUL character, or bytes that no encoding could read.
    """
    if value is None:
        return ""
    text = _text(value, column)
    if is_damaged(text):
        message = "holds characters in no known encoding; export it again in UTF-8"
        raise RowFault(Reason.UNDECODABLE, column, message)
    if "\0" in text:
        raise RowFault(Reason.NUL_CHARACTER, column, "holds a NUL character; remove it")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def label_text(value: object, column: str) -> str:
    """The cell as a label's name; whole numbers alike however they are written (1, 1.0, "1.0")."""
    text = words(value, column)
    whole = _WHOLE_NUMBER.fullmatch(text)
    return whole[1] if whole else text


def moment(value: object, column: str) -> datetime | None:
    """The cell as an aware UTC time, from ISO 8601; a time without zone is taken as UTC.

    Raises
    ------
    RowFault
        The cell is no date.
    """
    try:
        if isinstance(value, datetime):
            text = value.isoformat()  # also the way from other libraries' kinds of datetime to Python's own
        elif isinstance(value, date):
            text = datetime.combine(value, time(), UTC).isoformat()
        else:
            text = words(value, column)
        if not text:
            return None
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{shortened(value)} is no date; write it as 2024-05-31T14:30:00+02:00"
        raise RowFault(Reason.BAD_DATE, column, message) from error


def count(value: object, column: str) -> int:
    """The cell as how often something happened: a whole number, or yes for once; 0 where nothing is there.

    Raises
    ------
    RowFault
        The cell is neither.
    """
    if isinstance(value, bool):
        return int(value)
    text = label_text(value, column)
    if text.casefold() in _YES | _NO:
        return int(text.casefold() in _YES)
    if _COUNT.fullmatch(text) is None:
        message = f"{shortened(text)} is no count; write 0, 1, 2, ..., or yes or no"
        raise RowFault(Reason.BAD_COUNT, column, message)
    return int(text)


def language_code(value: object, column: str) -> str | None:
    """The cell as a language code, ``de-DE`` and ``DE`` as ``de``.

    Raises
    ------
    RowFault
        The cell is no language code.
    """
    text = words(value, column)
    if not text:
        return None
    code = _LANGUAGE.fullmatch(text)
    if code is None:
        message = f"{shortened(text)} is no language code; write de, en, ..."
        raise RowFault(Reason.UNKNOWN_LANGUAGE, column, message)
    return code[1].lower()


def _text(value: object, column: str) -> str:
    match value:
        case str():
            return value
        case float() if math.isnan(value):
            return ""
        case bytes():
            return decode(value)[0]
        case float() if value.is_integer():
            return str(int(value))
        case int() | float() | Decimal():
            return str(value)
        case date():  # and datetime
            return value.isoformat()
    message = f"holds a {type(value).__name__}, not text; export it as one text"
    raise RowFault(Reason.NOT_TEXT, column, message)
