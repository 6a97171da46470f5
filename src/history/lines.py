"""The lines of a text file, plain or gzip, each decoded by its own bytes.

UTF-8 and UTF-16 are told by their byte order mark. Without one, every line is read as UTF-8 if all its bytes
are valid UTF-8, and as Windows-1252 otherwise, so a file glued together from both reads right. A byte that
neither knows becomes a lone surrogate (U+DC80 to U+DCFF), by which later steps find and reject the row.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from history.fault import HistoryError

LINE_LIMIT = 16 * 2**20
"""Bytes of one line beyond which a file is no export of tickets."""

_HEAD_BYTES = 2**16
_CHUNK_BYTES = 2**20
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_GZIP = b"\x1f\x8b"
_KNOWN_BINARIES = {
    b"PK\x03\x04": ("is a zip archive or Excel workbook", "export it as CSV UTF-8, or unpack it"),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook", "save it as CSV UTF-8"),
    b"PAR1": ("is a Parquet file", "give it a name that ends in .parquet"),
    b"%PDF": ("is a PDF file", "export the tickets as CSV, JSON Lines or Parquet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its newline; ``doubtful`` when read as Windows-1252 though parts of it are UTF-8."""

    number: int
    text: str
    n_bytes_read: int
    doubtful: bool = False


def decode(raw: bytes) -> tuple[str, bool]:
    """The text of ``raw`` by the rule above, and whether the rule is in doubt here."""
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode("cp1252", "surrogateescape"), _UTF8_SEQUENCE.search(raw) is not None


def is_damaged(text: str) -> bool:
    """Whether ``text`` holds a character that no encoding could read."""
    return not text.isascii() and _LONE_SURROGATE.search(text) is not None


@contextmanager
def open_lines(file: Path) -> Iterator[Iterator[Line]]:
    """The lines of ``file``, read as they are asked for, while the block runs.

    Raises
    ------
    HistoryError
        The file is missing, empty, binary, damaged, or has a line over ``LINE_LIMIT``.
    """
    try:
        with file.open("rb") as raw:
            if raw.peek(2)[:2] == _GZIP:
                with gzip.open(raw) as unpacked:
                    yield _lines(file, raw, unpacked)
            else:
                yield _lines(file, raw, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HistoryError(file, f"is a damaged gzip file ({error})", "copy or export it again") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror or error})"
        raise HistoryError(file, fault, "check the path and its permissions") from error


def _lines(file: Path, raw: io.BufferedReader, stream: io.BufferedIOBase) -> Iterator[Line]:
    head = stream.read(_HEAD_BYTES)
    if not head:
        raise HistoryError(file, "is empty", "export the tickets again")
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _utf16_lines(file, raw, stream)
        return
    _refuse_binary(file, head)
    newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
    parts = _parts(file, stream, newline) if newline == b"\r" else iter(lambda: stream.readline(LINE_LIMIT + 1), b"")
    for number, part in enumerate(parts, start=1):
        if len(part) > LINE_LIMIT:
            raise _endless(file, number)
        line = part.removeprefix(codecs.BOM_UTF8) if number == 1 else part
        text, doubtful = decode(line)
        yield Line(number, text, raw.tell(), doubtful)


def _parts(file: Path, stream: io.BufferedIOBase, newline: bytes) -> Iterator[bytes]:
    """The lines of a file whose lines do not end in a line feed."""
    rest = b""
    n_parts = 0
    while chunk := stream.read(_CHUNK_BYTES):
        *complete, rest = (rest + chunk).split(newline)
        n_parts += len(complete)
        yield from (part + newline for part in complete)
        if len(rest) > LINE_LIMIT:
            raise _endless(file, n_parts + 1)
    if rest:
        yield rest


def _utf16_lines(file: Path, raw: io.BufferedReader, stream: io.BufferedIOBase) -> Iterator[Line]:
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    number, rest = 1, ""
    while chunk := stream.read(_CHUNK_BYTES):
        *complete, rest = (rest + decoder.decode(chunk)).split("\n")
        for part in complete:
            yield Line(number, part + "\n", raw.tell())
            number += 1
        if len(rest) > LINE_LIMIT:
            raise _endless(file, number)
    try:
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        rest += "\udcff"  # the file ends in the middle of a character
    if rest:
        yield Line(number, rest, raw.tell())


def _refuse_binary(file: Path, head: bytes) -> None:
    for start, (fault, cure) in _KNOWN_BINARIES.items():
        if head.startswith(start):
            raise HistoryError(file, fault, cure)
    if (place := head.find(b"\0")) >= 0:
        line = head.count(b"\n", 0, place) + 1
        fault = f"holds a NUL byte in line {line}: it is binary, damaged, or UTF-16 without a byte order mark"
        raise HistoryError(file, fault, "save it as text in UTF-8")


def _endless(file: Path, number: int) -> HistoryError:
    fault = f"line {number} is longer than {LINE_LIMIT // 2**20} MiB"
    return HistoryError(file, fault, "check that the file is an export with one ticket a row")
