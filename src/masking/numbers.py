"""Mail addresses, account, tax and VAT numbers, network addresses and licence plates.

Every pattern is bounded and starts at a boundary, so that the time it takes grows with the text and no faster.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from masking.checksums import iban_length, is_german_vat, is_iban, is_tax_id
from masking.span import Kind, Span

_MAIL: Final = re.compile(
    r"(?<![\w.+%’-])[\w+%-](?:[\w.+%'’-]{0,62}[\w+%-])?@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])"
)
_IBAN_START: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[  -]?[A-Za-z0-9])")
_VAT_WORDS: Final = (
    r"(?:USt\.?-?\s?-?Id(?:ent)?\.?-?(?:Nr|Nummer)?\.?|Umsatzsteuer-?(?:ID|Identifikationsnummer)|UID(?:-Nummer|-Nr\.?)?|"
    r"VAT(?:[ -]?(?:ID|No|number|Reg)\.?){0,3}|MwSt-?Nr\.?)"
)
_BETWEEN: Final = r"(?:\s?\((?:DE|EU)\))?[\s:.#]{1,4}(?:(?:is|ist|lautet|of|von)\s)?"
_GERMAN_VAT: Final = re.compile(r"(?<![A-Za-z0-9])DE ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![A-Za-z0-9])")
_AUSTRIAN_VAT: Final = re.compile(r"(?<![A-Za-z0-9])ATU ?[0-9]{8}(?![A-Za-z0-9])")
_TOLD_VAT: Final = re.compile(
    rf"\b(?i:{_VAT_WORDS}{_BETWEEN})(?P<it>(?:AT|BE|BG|CHE|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|"
    r"PT|RO|SE|SI|SK|XI)[ -]?[A-Z0-9](?:[ .]?[A-Z0-9]){7,11})(?![A-Za-z0-9])",
)
_TAX_WORDS: Final = (
    r"(?:Steuer-?(?:ID|IdNr\.?|nummer|Nr\.?|identifikationsnummer|Identnummer)|St\.?-?Nr\.?|IdNr\.?|"
    r"tax[ -](?:ID|number|no\.?)(?: number)?|TIN)"
)
_TOLD_TAX: Final = re.compile(
    rf"\b{_TAX_WORDS}{_BETWEEN}(?P<it>[0-9]{{2,13}}(?:[ /][0-9]{{2,8}}){{0,3}})(?![0-9])", re.IGNORECASE
)
_TAX_ID: Final = re.compile(r"(?<![0-9A-Za-z/.-])[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}(?![0-9A-Za-z/])")
_TAX_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z/.-])(?:[0-9]{2,3}/[0-9]{3}/[0-9]{5}|[0-9]{3}/[0-9]{4}/[0-9]{4})(?![0-9A-Za-z/])"
)
_IPV4: Final = re.compile(r"(?<![\w.-])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w-]|\.[0-9])")
_UNIQUE_LOCAL: Final = 0xFC >> 1
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{2,34}(?![\w:])")
_VERSION: Final = re.compile(
    r"(?:\b(?:v|ver|version|versionen|release|build|firmware|patch|update|client|auf|agent|driver|treiber)[\s.:]{0,3}"
    r"(?:version|auf|to|stand|ist|is)?[\s:]{0,2})$",
    re.IGNORECASE,
)
_PLATE_WORDS: Final = (
    r"(?:Kennzeichen|Kfz|Kfz-Kennzeichen|Fahrzeug|Dienstwagen|Firmenwagen|Dienstfahrzeug|Poolfahrzeug|Poolwagen|Auto|"
    r"Wagen|PKW|LKW|Transporter|Lieferwagen|number plate|licen[cs]e plate|plate|car|van|truck|vehicle|registration)"
)
_PLATE: Final = re.compile(
    rf"\b{_PLATE_WORDS}\b[\s:(\"]{{1,3}}(?:(?:mit|dem|amtlichen|Kennzeichen|ist|lautet|is|with|the|number|plate|no\.?|"
    r"registration)[\s:]{1,2}){0,4}(?P<it>[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9][0-9]{0,3}[EH]?)(?![\w-])",
)


def numbers(text: str) -> Iterator[Span]:
    """All such data in a text, in no order; they may overlap."""
    yield from _plain(_MAIL, text, Kind.MAIL)
    yield from _ibans(text)
    for found in _GERMAN_VAT.finditer(text):
        if is_german_vat(_digits(found.group())):
            yield Span(*found.span(), Kind.VAT)
    yield from _plain(_AUSTRIAN_VAT, text, Kind.VAT)
    for found in _TOLD_VAT.finditer(text):
        if 8 <= len(_digits(found["it"])) <= 12:
            yield Span(*found.span("it"), Kind.VAT)
    for found in _TOLD_TAX.finditer(text):
        if 10 <= len(_digits(found["it"])) <= 13:
            yield Span(*found.span("it"), Kind.TAX)
    for found in _TAX_ID.finditer(text):
        if is_tax_id(_digits(found.group())):
            yield Span(*found.span(), Kind.TAX)
    yield from _plain(_TAX_NUMBER, text, Kind.TAX)
    yield from _addresses(text)
    for found in _PLATE.finditer(text):
        yield Span(*found.span("it"), Kind.PLATE)


def _plain(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Span]:
    return (Span(*found.span(), kind) for found in pattern.finditer(text))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _ibans(text: str) -> Iterator[Span]:
    for found in _IBAN_START.finditer(text):
        length = iban_length(found.group()[:2].upper())
        if length is None:
            continue
        characters, end = found.group(), found.end()
        while len(characters) < length and end < len(text):
            if text[end] in "  -" and end + 1 < len(text) and text[end + 1].isalnum():
                end += 1
            if not (text[end].isascii() and text[end].isalnum()):
                break
            characters, end = characters + text[end], end + 1
        ends = end == len(text) or not (text[end].isalnum() or text[end] == "_")
        if len(characters) == length and ends and is_iban(characters):
            yield Span(found.start(), end, Kind.IBAN)


def _addresses(text: str) -> Iterator[Span]:
    """Network addresses; those of the machine itself, of a whole network or of none tell of nobody, nor do versions."""
    for found in _IPV4.finditer(text):
        if _VERSION.search(text[max(0, found.start() - 24) : found.start()]):
            continue
        try:
            address = ipaddress.IPv4Address(found.group())
        except ValueError:
            continue
        if not (
            address.is_loopback
            or address.is_multicast
            or address.is_reserved
            or int(address) < 1 << 24
            or address.packed[3] == 0
        ):
            yield Span(*found.span(), Kind.IP)
    for found in _IPV6.finditer(text):
        try:
            six = ipaddress.IPv6Address(found.group())
        except ValueError:
            continue
        if six.is_link_local or int(six) >> 121 == _UNIQUE_LOCAL or int(six) >> 125 == 1:
            yield Span(*found.span(), Kind.IP)
