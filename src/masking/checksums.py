"""The check digits by which account, tax and VAT numbers are told from any other number."""

from collections import Counter
from typing import Final

_IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def iban_length(country: str) -> int | None:
    """How many characters an IBAN of a country has; None of one that is not known."""
    return _IBAN_LENGTHS.get(country)


def is_iban(characters: str) -> bool:
    """Whether these characters, without spaces, are an IBAN (ISO 13616, modulus 97 of ISO 7064)."""
    turned = characters[4:] + characters[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_tax_id(digits: str) -> bool:
    """Whether eleven digits are a German Steuer-ID: the first ten repeat exactly one digit, the last one checks."""
    repeated = [n for n in Counter(digits[:10]).values() if n > 1]
    return digits[0] != "0" and len(repeated) == 1 and repeated[0] in {2, 3} and _hybrid(digits)


def is_german_vat(digits: str) -> bool:
    """Whether nine digits are those of a German USt-IdNr."""
    return digits[0] != "0" and _hybrid(digits)


def _hybrid(digits: str) -> bool:
    """Whether the last digit checks the others by modulus 11, 10 (ISO 7064)."""
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])
