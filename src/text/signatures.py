"""What is the same in every log of one fault: error codes, exceptions and the functions they passed through."""

import errno
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from text.cleaning import reduce_html
from text.stack_traces import StackTrace, simple_name, stack_traces

LONGEST: Final = 72
"""Bytes of a signature in UTF-8; a longer one ends in a digest of the whole."""

MOST: Final = 40
"""Signatures taken from one text."""

_LONGEST_TEXT: Final = 200_000
_FRAMES: Final = (10, 3, 1)  # the whole way, which one entry point takes; the end of it; where it broke
_MESSAGE_WORDS: Final = 8
_NOT_CODES: Final = (
    "AES|BR|CHG|CVE|DIN|EN|GPT|HTTP|IEC|INC|ISO|KB|MD|NB|PC|PO|PRB|RE|REQ|RFC|RITM|RSA|SHA|TASK|TLS|USB|UTF|WIN"
)
_REASONS: Final = (
    "Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Too Many Requests|"
    "Internal Server Error|Not Implemented|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out"
)
_ERRNO_NAMES: Final = frozenset(errno.errorcode.values()) | {"ENOTFOUND", "EAI_AGAIN"}

_CODES: Final = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        ("{}", rf"\b(?!(?:{_NOT_CODES})-)([A-Z][A-Z0-9]{{1,7}}-\d{{3,6}}[A-Z]?)\b(?![-.:]\w)"),
        ("{}", r"\b(0x(?:[89CcAaBb][0-9A-Fa-f]{7}|0{4}[0-9A-Fa-f]{4}|[0-9A-Fa-f]{3,4}))\b"),
        ("{}", r"\b((?:ERR|ERROR|STATUS|NT_STATUS|DNS_PROBE|[A-Z]{2,4}_ERROR|HRESULT|EXC)_[A-Z0-9_]{3,50})\b"),
        ("{}", r"\b(SIG(?:SEGV|ABRT|KILL|TERM|BUS|ILL|FPE))\b"),
        ("http-{}", r"(?i)\bHTTP(?:/\d(?:\.\d)?)?(?:[ -]?(?:status|code|error|fehler)){0,2}[ :=-]{1,3}([45]\d\d)\b"),
        ("http-{}", r"(?i)\b(?:status[ _-]?(?:code)?|response code|antwortcode)\s?[:= ]\s?([45]\d\d)\b"),
        ("http-{}", rf"(?i)\b([45]\d\d)\s(?:{_REASONS})\b"),
        ("sqlstate-{}", r"(?i)\bSQLSTATE[\s:=(\[]{0,3}([0-9A-Z]{5})\b"),
        ("sqlcode{}", r"(?i)\bSQLCODE[\s:=(]{0,3}(-?\d{2,5})\b"),
        ("mysql-{}", r"\bERROR (\d{4}) \([0-9A-Z]{5}\)"),
        ("mssql-{}", r"\bMsg (\d{3,5}), Level \d"),
        ("winerror-{}", r"(?i)\bWinError (\d{1,5})\b"),
        ("event-{}", r"(?i)\bEvent(?:[ -]?ID|-?kennung)\s?[:= ]\s?(\d{2,5})\b"),
        ("transaction-{}", r"(?<![\w/])/[no]([A-Z]{1,4}\d{1,3}[A-Z]?|[A-Za-z]{2}\d\d[A-Za-z]?)\b(?!/)"),
        (
            "transaction-{}",
            r"\b(?:Transaktion|transaction|TA|T-?Code|SAP)[\s:\"'„“]{1,3}(/?[A-Z]{1,4}\d{1,3}[A-Z]?)\b",
        ),
        ("message-{}", r"(?i)\b(?:Meldungsn(?:umme)?r\.?|message no\.?)\s?:?\s?([A-Z]\w{0,3}\s?\d{3})\b"),
    )
)
"""How a code is said, and where in a text it stands."""
_ERRNO: Final = re.compile(r"\b(E[A-Z0-9_]{3,15})\b|\[Errno (\d{1,3})\]|\bWSA(E[A-Z]{4,15})\b")
_CHANGING: Final = re.compile(
    r"https?://\S+|\"[^\"]*\"|'[^']*'|„[^“\"]*[“\"]|`[^`]*`|\[[^\]]*\]|\{[^}]*\}|\S*[\d\\/@=#]\S*|\S*\.\S+(?=\s|$)"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def signatures_of(text: str) -> tuple[str, ...]:
    """The signatures in a ticket's words and logs, each once: those of stack traces first, from specific to general.

    A signature is lower case and has no spaces: ``stockconflict@orderservice.confirm<cart.checkout``,
    ``stockconflict@orderservice.confirm``, ``stockconflict:not-enough-of-article``, ``stockconflict``;
    ``ora-00060``, ``http-503``, ``transaction-va01``. Nothing that differs between two logs of one fault is part of it:
    times, paths, lines, numbers, addresses, quoted values. Equal signatures say the same; there is no likeness.
    """
    text = reduce_html(text[:_LONGEST_TEXT])
    found = dict.fromkeys(_shortened(one) for trace in stack_traces(text) for one in _of_trace(trace))
    found |= dict.fromkeys(_shortened(one) for one in _codes(text))
    return tuple(found)[:MOST]


def _of_trace(trace: StackTrace) -> Iterator[str]:
    name = simple_name(trace.exception)
    for n_frames in _FRAMES:
        frames = trace.frames[:n_frames]
        if len(frames) > 1 or (frames and name):  # a single frame without its exception says little
            yield f"{name}@{'<'.join(frames)}"
    if name:
        words = _WORD.findall(_CHANGING.sub(" ", trace.message))[:_MESSAGE_WORDS]
        if len(words) > 1:
            yield f"{name}:{'-'.join(words)}"
        yield name


def _codes(text: str) -> Iterator[str]:
    for form, pattern in _CODES:
        for found in pattern.finditer(text):
            yield form.format(found.group(1))
    for found in _ERRNO.finditer(text):
        name, number, socket = found.groups()
        if number:
            yield errno.errorcode.get(int(number), f"errno-{number}")
        elif socket or name in _ERRNO_NAMES:
            yield socket or name


def _shortened(signature: str) -> str:
    """In lower case, without spaces, and no longer than ``LONGEST``."""
    signature = "".join(signature.lower().split())
    content = signature.encode("utf-8", "replace")
    if len(content) <= LONGEST:
        return content.decode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return f"{content[: LONGEST - 13].decode('utf-8', 'ignore')}#{digest}"
