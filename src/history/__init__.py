"""A desk's export files, read: solved tickets to learn from, arriving tickets, and what was wrong where."""

from history.fault import HistoryError, Reason
from history.frame import FrameError, to_frame, to_solved, to_tickets
from history.mapping import HistoryMapping, MappingError
from history.placed import PlacedTicket
from history.progress import Progress
from history.reading import read_history, read_placed, read_tickets
from history.rejects import Reject, RejectLog

__all__ = [
    "FrameError",
    "HistoryError",
    "HistoryMapping",
    "MappingError",
    "PlacedTicket",
    "Progress",
    "Reason",
    "Reject",
    "RejectLog",
    "read_history",
    "read_placed",
    "read_tickets",
    "to_frame",
    "to_solved",
    "to_tickets",
]
