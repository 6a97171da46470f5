"""Placeholders: the same data has the same one wherever it stands, and nobody without the key tells what it was."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from masking.finding import find
from masking.span import Kind, Span

_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_N_LETTERS: Final = 10
_MOST_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Mask:
    """Puts personal data behind placeholders such as ``[mail-kdbfepamgc]``, made by HMAC-SHA-256 with a key."""

    key: bytes = field(repr=False)

    def text(self, text: str) -> str:
        """The text with every personal datum behind its placeholder; a text without any as it is."""
        for _ in range(_MOST_ROUNDS):  # what stood beside a datum may be told as one once the datum is gone
            spans = find(text)
            if not spans:
                break
            text = self._covered(text, spans)
        return text

    def placeholder(self, words: str, kind: Kind) -> str:
        """What stands for these words; spelling that says the same, as spaces in a number, makes no difference."""
        return f"[{kind}-{self.digest(f'{kind}:{_plain(words, kind)}')[:_N_LETTERS].translate(_LETTERS)}]"

    def digest(self, words: str) -> str:
        """A keyed hash in hexadecimal digits, by which something is recognised without being kept."""
        return hmac.new(self.key, words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _covered(self, text: str, spans: list[Span]) -> str:
        parts, end = [], 0
        for span in spans:
            parts += [text[end : span.start], self.placeholder(text[span.start : span.end], span.kind)]
            end = span.end
        return "".join([*parts, text[end:]])


def _plain(words: str, kind: Kind) -> str:
    if kind is Kind.PHONE:
        digits = re.sub(r"[^0-9+]", "", words.replace("(0)", ""))
        return re.sub(r"^0(?=[1-9])", "+49", re.sub(r"^00", "+", digits))
    if kind in {Kind.IBAN, Kind.VAT, Kind.TAX, Kind.PLATE}:
        return re.sub(r"[\W_]", "", words).upper()
    return " ".join(words.lower().split())
