"""Quoted and forwarded messages: dropped where the writer speaks, kept where the message is what is meant."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

_ENOUGH_OWN_WORDS: Final = 40
_READ: Final = 300

_MARK: Final = re.compile(r"[ ]?>[> ]*")
_PARTING: Final = re.compile(
    r"[ ]?[-_ ]{2,80}(?:urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|original(?:-?nachricht|"
    r" message| appointment))[ :]?"
    r"[-_ ]{0,80}$",
    re.IGNORECASE,
)
_FORWARD: Final = re.compile(
    r"[ ]?(?:[-_ ]{2,80}(?:weitergeleitete?(?: (?:nachricht|e-?mail))?|forwarded (?:message|"
    r"by.{0,80}))[ :]?[-_ ]{0,80}"
    r"|begin forwarded message:|anfang der weitergeleiteten (?:nachricht|e-?mail):)[ ]?$",
    re.IGNORECASE,
)
_ATTRIBUTION: Final = re.compile(
    r"[ ]?(?:am .{2,150} schrieb .{0,120}|on .{2,150} wrote|.{2,80} schrieb am .{2,80}):[ ]?$",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"[ ]?[*]{0,2}(von|gesendet|an|cc|kopie|betreff|datum|antwort an|from|sent|to|subject|"
    r"date|reply-to|importance|"
    r"wichtigkeit|priorität)[*]{0,2}:[*]{0,2}[ ]?(.{0,250})$",
    re.IGNORECASE,
)
_SENDER: Final = frozenset({"von", "from"})
_SUBJECT: Final = frozenset({"betreff", "subject"})
_SENT: Final = frozenset({"gesendet", "datum", "sent", "date"})
_ANSWERED: Final = re.compile(r"(?:[ ]?(?:aw|wg|re|fw|fwd|antw)[ ]?:)+[ ]?", re.IGNORECASE)
_POINTS_DOWN: Final = re.compile(
    r"\b(?:unten|unterhalb|u\.a\.|s\.u\.|anbei|siehe verlauf|weiter(?:geleitet|leiten|"
    r"zuleiten)|leite|anfrage vom|"
    r"zur info|zur kenntnis|fyi|below|(?:folgende|following) (?:nachricht|e-?mail|mail|"
    r"meldung|message)|forward(?:ed|ing)?|passing (?:this|it) on)\b",
    re.IGNORECASE,
)


def drop_quotes(text: str) -> str:
    """Drop the messages a reply quotes, and the headers of those it does not drop.

    Quoted are lines marked with ``>`` and what follows ``-----Ursprüngliche Nachricht-----``, an Outlook
    header or ``Am 12.3. schrieb X:``. They stay, unmarked, where they are the matter: when the writer's
    own words are fewer than 40 or point to them (``siehe unten``), when the writer speaks on both sides
    of them, or when they are forwarded.    A header's subject stays with its message.
    """
    lines = _without_headers(text.split("\n"))
    if not any(quoted for quoted, _ in lines):
        return "\n".join(line for _, line in lines)
    own = [line for quoted, line in lines if not quoted]
    if _speaks(own) and not _interleaved(lines):
        return "\n".join(own)
    return "\n".join(line for _, line in lines)


def _without_headers(raw: Sequence[str]) -> list[tuple[bool, str]]:
    """Give the lines without marks and headers, each with whether it is quoted (a forwarded one is not)."""
    lines: list[tuple[bool, str]] = []
    quoted = forwarded = False
    at = 0
    while at < len(raw):
        line = raw[at]
        short = line if len(line) <= _READ else ""
        mark = _MARK.match(line)
        n_headers, subject, complete = _header_block(raw, at)
        if short and _FORWARD.match(short):
            forwarded, quoted = True, False
        elif short and _PARTING.match(short):
            quoted = not forwarded
        elif n_headers:
            quoted = not forwarded and (quoted or complete)
            lines.append((quoted, subject))
            at += n_headers - 1
        elif short and _ATTRIBUTION.match(short) and _introduces(raw, at):
            quoted = quoted or (not forwarded and not _MARK.match(raw[at + 1] or raw[min(at + 2, len(raw) - 1)]))
        elif mark:
            lines.append((not forwarded, line[mark.end() :]))
        else:
            lines.append((quoted, line))
        at += 1
    return lines


def _header_block(raw: Sequence[str], at: int) -> tuple[int, str, bool]:
    """Give how many lines from here on are a message's header, its subject, and whether it is complete.

    Only a header with a date is one that a mail program wrote; others are typed or copied into what is
    being said.
    """
    names: list[str] = []
    subject = ""
    for line in raw[at : at + 12]:
        found = _HEADER.match(line) if len(line) <= _READ else None
        if found is None:
            break
        names.append(found.group(1).lower())
        if names[-1] in _SUBJECT:
            subject = _ANSWERED.sub("", found.group(2), count=1).strip()
    if len(names) < 2 or _SENDER.isdisjoint(names):
        return 0, "", False
    return len(names), subject, not _SENT.isdisjoint(names)


def _introduces(raw: Sequence[str], at: int) -> bool:
    """Whether ``Am ... schrieb X:`` has marked lines after it, or a date and anything after it."""
    after = [line for line in raw[at + 1 : at + 3] if line.strip()]
    return bool(after) and (bool(_MARK.match(after[0])) or any(sign.isdigit() for sign in raw[at]))


def _speaks(own: Sequence[str]) -> bool:
    """Whether the writer's own words can stand alone."""
    words = "\n".join(own)
    return len(words[:20_000].split()) >= _ENOUGH_OWN_WORDS and not _POINTS_DOWN.search(words)


def _interleaved(lines: Sequence[tuple[bool, str]]) -> bool:
    """Whether the writer speaks before and after a quoted passage."""
    said = [quoted for quoted, line in lines if line.strip()]
    turns = [quoted for quoted, _ in groupby(said)]
    return turns[:1] == [False] and turns.count(False) > 1 and True in turns
