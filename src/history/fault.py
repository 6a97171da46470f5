"""What is wrong with an export file as a whole, and what is wrong with one of its rows."""

from enum import StrEnum
from pathlib import Path


class HistoryError(ValueError):
    """An export file cannot be read as it stands."""

    def __init__(self, file: Path, fault: str, cure: str) -> None:
        message = f"{file}: {fault}; {cure}"
        super().__init__(message.encode("utf-8", "backslashreplace").decode("utf-8"))
        self.file = file


class Reason(StrEnum):
    """Why a row was rejected, or what was changed in a row that was kept."""

    BAD_CSV = "bad_csv"
    CELL_COUNT = "cell_count"
    BAD_JSON = "bad_json"
    UNDECODABLE = "undecodable"
    NUL_CHARACTER = "nul_character"
    NOT_TEXT = "not_text"
    EMPTY_TICKET = "empty_ticket"
    MISSING_LABEL = "missing_label"
    UNKNOWN_LABEL = "unknown_label"
    REPEATED_ID = "repeated_id"
    REPEATED_ROW = "repeated_row"
    LATER_MESSAGE = "later_message"
    BAD_DATE = "bad_date"
    BAD_COUNT = "bad_count"
    UNKNOWN_LANGUAGE = "unknown_language"
    CUT_TEXT = "cut_text"
    DOUBTFUL_ENCODING = "doubtful_encoding"


class RowFault(ValueError):  # noqa: N818 - a fault of the desk's row, not of the program
    """One row cannot be used as it stands; ``column`` is the desk's own name for the place."""

    def __init__(self, reason: Reason, column: str | None, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.column = column
        self.message = message


def shortened(words: object, *, limit: int = 60) -> str:
    """The words in quotes, cut to ``limit`` characters, fit to stand in a message."""
    text = str(words)
    return f'"{text[:limit]}..."' if len(text) > limit else f'"{text}"'
