"""Addresses and machine-made ids, reduced to markers that many tickets share."""

import re
from typing import Final

_URL: Final = re.compile(r"(?:https?|ftp)://[^\s<>\"')\]}|]*|(?<![\w.@-])www\.[^\s<>\"')\]}|]+", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[a-z]{1,5}://)?(?:[^\s/@]{0,200}@)?(?:www\.)*([\w.-]{0,253})", re.IGNORECASE)
_EMAIL: Final = re.compile(r"(?<![\w.%+-])(?:mailto:)?[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.IGNORECASE)
_UUID: Final = re.compile(r"(?<![\w-])\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?(?![\w-])", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\b0x[0-9a-f]{9,16}\b", re.IGNORECASE)
_HASH: Final = re.compile(r"\b(?=[0-9]{0,40}[a-f])(?=[a-f]{0,40}[0-9])[0-9a-f]{12,128}\b", re.IGNORECASE)


def mark_urls(text: str) -> str:
    """Keep of a URL its host: ``https://portal.example.com/x?y=1`` becomes ``URL portal.example.com``."""
    return _URL.sub(_host, text)


def mark_emails(text: str) -> str:
    """Write EMAIL for every e-mail address."""
    return _EMAIL.sub("EMAIL", text) if "@" in text else text


def mark_ids(text: str) -> str:
    """Write ID for UUIDs, memory addresses and hashes; codes of errors are shorter and stay."""
    return _HASH.sub("ID", _ADDRESS.sub("ID", _UUID.sub("ID", text)))


def _host(found: re.Match[str]) -> str:
    """Give the marker for one URL, with the full stop or comma that ended its sentence."""
    url = found.group()
    host = _HOST.match(url)
    name = host.group(1).strip(".-_") if host else ""
    end = url[-1] if url[-1] in ".,;!?" else ""
    return f"URL {name.lower()}{end}" if name else f"URL{end}"
