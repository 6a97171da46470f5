"""A ticket as it was on arrival: of a thread, the message that the customer wrote first.

Everything later (answers, notes, the customer's further messages) is known only after somebody looked at the ticket,
so a model that learned from it would see at work what it will never get.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from history.cells import moment
from history.fault import RowFault

_TEXT_KEYS: Final = ("body", "text", "content")
_AUTHOR_KEYS: Final = ("role", "author", "from")
_TIME_KEYS: Final = ("created_at", "time")
_CUSTOMERS: Final = frozenset({"customer", "end-user", "end_user", "enduser", "requester", "user", "kunde", "kundin"})

_TIME: Final = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?|\d\d?\.\d\d?\.\d{4},?[ ]\d\d:\d\d(?::\d\d)?"
_ENTRY: Final = re.compile(
    # A journal's entry as ServiceNow and Jira write it: "2024-05-31 14:30:00 - Jane Doe (Work notes)"
    rf"^[ ]?(?:(?P<journal>{_TIME})[ ]-[ ][^\n()]{{2,80}}[ ]\((?:work notes|additional comments|comments?|internal"
    r"|arbeitsnotizen|zusätzliche kommentare|kommentare?|intern)[^)\n]{0,40}\)"
    # or a rule that says who writes now: "----- Antwort von Support, 31.05.2024 14:30 -----"
    rf"|[-=_#*]{{3,80}}[ ]?(?:reply|response|comment|note|update|antwort|kommentar|notiz|nachtrag)[ ]"
    rf"(?:from|by|on|von|vom|am)[ ][^\n]{{2,120}}?(?P<rule>{_TIME})?[^\n]{{0,20}}[-=_#*]{{3,80}})[ ]?$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """What the customer wrote first: its cell, when it was written where that is told, and how many came later."""

    value: object
    time: datetime | None
    n_later: int


def first_message(messages: object) -> FirstMessage | None:
    """The first message of a thread by a customer, or by anybody where no author is told to be one; None without words.

    Where every message tells its time, the earliest is the first; otherwise the one that stands first in the list.
    """
    if isinstance(messages, str):
        messages = _listed(messages)
    if not isinstance(messages, list):
        return None
    told = [one for one in map(_message, messages) if one is not None]
    if not told:
        return None
    by_customer = [one for one in told if one[1] in _CUSTOMERS] or told
    times = [time for _, _, time in by_customer if time is not None]
    first = by_customer[times.index(min(times))] if len(times) == len(by_customer) else by_customer[0]
    return FirstMessage(first[0], first[2], len(told) - 1)


def as_it_arrived(text: str) -> tuple[str, int]:
    """The first message of a text that a ticket system wrote entry upon entry, and how many entries were left out.

    Entries are known by the lines that head them. Words before the first such line are the first message; a text of
    entries alone gives the one of the earliest time.
    """
    heads = list(_ENTRY.finditer(text))
    if not heads:
        return text, 0
    opening = text[: heads[0].start()].strip()
    if opening:
        return opening, len(heads)
    entries = [
        text[a.end() : b].strip() for a, b in zip(heads, [*(h.start() for h in heads[1:]), len(text)], strict=True)
    ]
    times = [_time(head["journal"] or head["rule"]) for head in heads]
    known = [time for time in times if time is not None]
    first = times.index(min(known)) if len(known) == len(times) else 0
    return entries[first], len(entries) - 1


def _listed(cell: str) -> list[object]:
    """The messages in a cell of a table: a JSON array, or else one text."""
    try:
        told = json.loads(cell)
    except (ValueError, RecursionError):
        return [cell]
    return told if isinstance(told, list) else [cell]


def _message(one: object) -> tuple[object, str, datetime | None] | None:
    """The words, the author's role and the time of one message; None where it has no words."""
    if isinstance(one, str):
        return (one, "", None) if one.strip() else None
    if not isinstance(one, Mapping):
        return None
    words = next((one[key] for key in _TEXT_KEYS if isinstance(one.get(key), str) and one[key].strip()), None)
    if words is None:
        return None
    author = next((one[key] for key in _AUTHOR_KEYS if isinstance(one.get(key), str)), "")
    stated = next((one[key] for key in _TIME_KEYS if one.get(key)), None)
    return words, author.strip().casefold(), _time(stated)


def _time(stated: object) -> datetime | None:
    if isinstance(stated, str) and (german := re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4}),?[ ](.+)", stated)):
        stated = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}T{german[4]}"
    try:
        return moment(stated, "messages")
    except RowFault:
        return None
