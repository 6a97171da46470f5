"""Telephone numbers, German and international, told from order numbers, error codes and dates."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from masking.span import Kind, Span

_NUMBER: Final = re.compile(r"(?<![\w+/.:#=-])(?:\+|00|\(?0)[0-9](?:[  /()-]{0,3}[0-9]){5,17}(?![\w/]|[.:-][0-9])")
_TOLD: Final = re.compile(
    r"\b(?:Tel(?:efon)?(?:nummer)?|Rufnummer|Durchwahl|Mobil(?:nummer|telefon)?|Handy(?:nummer)?|Fax|Rückruf(?:nummer)?|"
    r"(?:tele)?phone|mobile|cell|call(?: me)?(?: back)?|reach me|dial|erreichbar|erreichen|anrufen|R[uü]ckruf)\b"
    r"[\s.:()]{1,3}(?:(?:number|is|ist|lautet|unter|on|at|me|der|die|Nummer|no\.?|mobil|auf)[\s:.]{1,2}){0,4}$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:Artikel|Art|Charge|Auftrag|Auftrags|Bestell|Bestellung|Serien|Kunden|Material|Beleg|Lieferung|Order|Batch|"
    r"Serial|Item|Part|Customer|Ticket|Vertrags|Inventar)(?:-?(?:nummer|nr|number|no))?[\s.:#]{1,3}$",
    re.IGNORECASE,
)
_TOLD_NUMBER: Final = re.compile(r"(?<![\w+/.:#=-])\(?[0-9](?:[  /().-]{0,3}[0-9]){5,15}(?![\w/])")
_GROUPED: Final = re.compile(r"[  /()-]")


def phones(text: str) -> Iterator[Span]:
    """All telephone numbers in a text; one without any mark of its own counts where words say what it is."""
    for found in _NUMBER.finditer(text):
        number = found.group()
        if _OTHER.search(text[max(0, found.start() - 32) : found.start()]):
            continue
        marked = number.startswith(("+", "00")) or _GROUPED.search(number) is not None
        if (marked or _is_told(text, found.start())) and _is_valid(number):
            yield Span(*found.span(), Kind.PHONE)
    for found in _TOLD_NUMBER.finditer(text):
        if _is_told(text, found.start()):
            yield Span(*found.span(), Kind.PHONE)


def _is_told(text: str, start: int) -> bool:
    return _TOLD.search(text[max(0, start - 40) : start]) is not None


def _is_valid(number: str) -> bool:
    written = re.sub(r"\(0\)", "", number)
    if written.startswith("00"):
        written = "+" + written[2:]
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, "DE"))
    except phonenumbers.NumberParseException:
        return False
