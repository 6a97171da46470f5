"""Stack traces in a text: which exception was raised, with which message, through which functions."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import PurePosixPath
from typing import Final

_NAME: Final = r"[\w$<>`|+~]{1,120}"
_QUOTE: Final = r"[>\t\r \u00a0]*"
"""What stands before a line that is quoted; never another line, or blank lines are read again from each of them."""
_FRAME: Final = re.compile(
    rf"\b(?:at|bei)\s+(?:async\s+)?(?:new\s+)?(?:[\w.@-]{{1,80}}/{{1,2}}){{0,3}}(?P<name>{_NAME}(?:\.{{1,2}}{_NAME}){{1,30}})"
    r"(?:\[[^\]\n]{1,80}\])?(?:\s\[as\s[\w$]{1,80}\])?\s?\((?P<place>[^()\n]{0,300})\)?"
    rf"|\bat\s+(?:async\s+)?(?:new\s+)?(?P<function>{_NAME})(?:\s\[as\s[\w$]{{1,80}}\])?\s"
    r"\((?P<script>[^()\n]{1,300}):\d+:\d+\)"
    r"|\bat\s+(?:async\s+)?(?P<nameless>[^\s()]{1,300}\.(?:[cm]?[jt]sx?|vue|html)(?:\?[^\s():]{1,80})?):\d+:\d+\b"
    rf"|^{_QUOTE}(?P<gecko>{_NAME}(?:\.{_NAME}){{0,9}})?@(?P<gecko_script>[^\s@]{{1,300}}):\d+:\d+[ \t\r]*$"
    r'|\bFile "(?P<file>[^"\n]{1,300})", line \d+, in (?P<python>[\w.<>]{1,120})',
    re.MULTILINE,
)
_EXCEPTION: Final = re.compile(
    r"(?<![\w.$/\\-])(?:[A-Za-z_]\w{0,80}\.){0,20}"
    r"[A-Z]\w{0,100}?(?:Exception|Error|Fault|Failure|Interrupt)(?:\$\w{1,80})?\b(?![.(\w])"
    r"|\bCX_[A-Z0-9_]{2,30}\b"
    rf"|^{_QUOTE}(?:Caused by:\s{{1,4}}|Exception in thread \"[^\"\n]{{1,100}}\"\s|Unhandled exception\.\s)?"
    r"(?P<dotted>(?:[a-z_]\w{0,80}\.){1,20}[A-Z][a-z]\w{0,100})(?=:\s|[ \t]*$)"
    r"|\bException\s(?P<named>E[A-Z][A-Za-z]{2,60})\b",
    re.MULTILINE,
)
_SPOKEN_OF: Final = re.compile(r"\b(?:raise|throw|throws|new|except|catch|import|instanceof)\s*\(?\s*$")
_MESSAGE: Final = re.compile(r":[ \t]*([^\n]{1,300})")
_PLATFORM: Final = re.compile(
    r"(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|System|Microsoft|org\.springframework|"
    r"org\.apache\.(?:tomcat|catalina|coyote))\."
)
_PLATFORM_FILE: Final = re.compile(
    r"node_modules|node:|^internal/|site-packages|[/\\]lib[/\\]python\d|<frozen|<string>"
)
_WRITTEN_BY_COMPILER: Final = (
    re.compile(r"^lambda\$(\w+?)\$\d+$"),
    re.compile(r"^access\$(\w+?)(?:\$\w+)?$"),
    re.compile(r"^\$anonfun\$(\w+?)(?:\$\d+)*$"),
    re.compile(r"<(\w+)>[a-z]__"),
)
_NO_OWNER: Final = frozenset({"Object", "Module", "Function", "Array", "Promise", "exports"})
_DIGITS: Final = re.compile(r"\d{2,}$|`\d+$")
_MOST: Final = 2_000  # frames, and exceptions, of one text


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTrace:
    """An exception, its message, and the functions it passed through, innermost first.

    ``exception`` is the class with its package, empty where only frames were pasted; a frame is named
    ``Class.function`` without package, file and line. Frames of the platform are left out where there are others.
    """

    exception: str
    message: str
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    start: int
    end: int
    name: str
    own: bool
    innermost_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raised:
    start: int
    exception: str
    message: str
    aside: bool
    """Named in the message of another."""


def stack_traces(text: str) -> list[StackTrace]:
    """The stack traces of Java, .NET, JavaScript and Python in a text, then the exceptions named without one.

    Python names the exception below its frames, the others above them.
    """
    frames = list(islice(_frames(text), _MOST))
    events: list[_Frame | _Raised] = sorted([*frames, *islice(_raised(text, frames), _MOST)], key=lambda one: one.start)
    runs: list[list[_Frame | _Raised]] = [list(run) for _, run in groupby(events, key=_kind)]
    traces: list[StackTrace] = []
    with_frames: set[_Raised] = set()
    for before, run, after in zip([[], *runs], runs, [*runs[1:], []], strict=False):
        of_run = [one for one in run if isinstance(one, _Frame)]
        if of_run:
            beside = after if of_run[0].innermost_last else before[::-1]
            theirs = next((one for one in beside if isinstance(one, _Raised) and not one.aside), None)
            traces.append(_trace(theirs, of_run))
            with_frames |= {theirs} if theirs else set()
    alone = [one for one in events if isinstance(one, _Raised) and one not in with_frames]
    return [*traces, *(_trace(one, ()) for one in alone)]


def _kind(event: _Frame | _Raised) -> str:
    if isinstance(event, _Raised):
        return "raised"
    return "frames, innermost last" if event.innermost_last else "frames"


def simple_name(name: str) -> str:
    """A class without its package: ``java.lang.KeyError`` is ``KeyError``."""
    return name.rpartition(".")[2]


def _trace(raised: _Raised | None, frames: Sequence[_Frame]) -> StackTrace:
    inward = frames[::-1] if frames and frames[0].innermost_last else frames
    own = [frame.name for frame in inward if frame.own] or [frame.name for frame in inward]
    return StackTrace(
        exception=raised.exception if raised else "",
        message=raised.message if raised else "",
        frames=tuple(own),
    )


def _frames(text: str) -> Iterator[_Frame]:
    for found in _FRAME.finditer(text):
        parts = found.groupdict()
        place = next(
            (parts[name] for name in ("place", "script", "nameless", "gecko_script", "file") if parts[name]), ""
        )
        stem = PurePosixPath(re.split(r"[?#]", place.replace("\\", "/"))[0]).name.partition(".")[0]
        if parts["python"]:
            name = f"{stem}.{parts['python'].rpartition('.')[2]}"
        else:
            name = _function(parts["name"] or parts["function"] or parts["gecko"] or "") or stem
        if not name:
            continue
        own = not (_PLATFORM.match(parts["name"] or "") or _PLATFORM_FILE.search(place))
        start, end = found.span()
        yield _Frame(start=start, end=end, name=name, own=own, innermost_last=bool(parts["python"]))


def _function(name: str) -> str:
    """``Class.function`` of a frame's full name, as it was before a compiler made helpers of it."""
    pieces = [piece for piece in name.split(".") if piece]
    written = []
    for piece in pieces:
        for pattern in _WRITTEN_BY_COMPILER:
            if found := pattern.search(piece):
                written.append(found.group(1))
                break
        else:
            if plain := _DIGITS.sub("", piece.split("$")[0].split("+")[0].split("<>")[0].strip("<>|`~")):
                written.append(plain)
    if len(written) > 1 and written[-1] == "MoveNext":
        written.pop()
    kept = [piece for place, piece in enumerate(written[-2:]) if place or piece not in _NO_OWNER]
    return ".".join(kept) if kept != ["anonymous"] else ""


def _raised(text: str, frames: Sequence[_Frame]) -> Iterator[_Raised]:
    """The exceptions named outside of frames; of several on one line the first counts, the others are its message."""
    starts = [frame.start for frame in frames]
    message_end = -1
    for found in _EXCEPTION.finditer(text):
        group = "dotted" if found.group("dotted") else "named" if found.group("named") else 0
        start, end = found.span(group)
        following = bisect_right(starts, start)
        if following and start < frames[following - 1].end:
            continue
        if _SPOKEN_OF.search(text[max(0, start - 40) : start]):
            continue
        aside = start < message_end
        message = None if aside else _MESSAGE.match(text, end)
        if not aside:
            line_end = text.find("\n", end)
            message_end = min(line_end if line_end >= 0 else len(text), *starts[following : following + 1], len(text))
        words = text[message.start(1) : min(message.end(1), message_end)] if message else ""
        yield _Raised(start=start, exception=found.group(group), message=words, aside=aside)
