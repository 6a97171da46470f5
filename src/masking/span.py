"""A stretch of a text that tells who somebody is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of personal data; those first win where two overlap."""

    MAIL = "mail"
    IBAN = "iban"
    VAT = "vat"
    TAX = "tax"
    IP = "ip"
    PLATE = "plate"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters ``start`` to ``end`` (excluded) of a text, and what they are."""

    start: int
    end: int
    kind: Kind
