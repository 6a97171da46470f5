"""Versions of products: told from a product's name or by an article, and the newest one seen of each."""

import re
from collections.abc import Iterable
from typing import TypeAlias

Version: TypeAlias = tuple[int, ...]

_NUMBER = r"\d{1,6}(?:\.\d{1,6})"
_SERVICE_PACK = r"(?:\s*(?:sp|hotfix|hf|patch)\s*\d+)?"
_VERSION = re.compile(
    rf"(?<![\w.])(?:(?:version|release|ver\.|rel\.)\s*|v)(\d{{1,6}}(?:\.\d{{1,6}})*)(?![\w.]\d){_SERVICE_PACK}"
    rf"|(?<![\w.])({_NUMBER}+)(?![\w.]\d){_SERVICE_PACK}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[^\w/+&.-]+")


def version_of(words: str | None) -> Version | None:
    """The highest version that ``words`` name (``Portal Release 4.9`` is 4.9); a bare whole number is none.

    ``T20`` or ``Windows 11`` name a model, not a version, unless a word like ``version`` stands before it.
    """
    found = [tuple(map(int, (one or other).split("."))) for one, other in _VERSION.findall(words or "")]
    return max(map(_plain, found), default=None)


def stated_version(words: str | None) -> Version | None:
    """The version that front matter states: there ``5`` is one as well."""
    return version_of(f"version {words.strip()}") if words and words.strip() else None


def family_of(product: str) -> str:
    """The product without its versions, in small letters: what versions of it share."""
    return " ".join(_BETWEEN.split(_VERSION.sub(" ", product.casefold()))).strip(" -")


def written(version: Version) -> str:
    """The version as people write it."""
    return ".".join(map(str, version))


def newest_of(seen: Iterable[tuple[str, str]]) -> dict[str, Version]:
    """By product family, the newest of the versions seen, given as pairs of product and version."""
    newest: dict[str, Version] = {}
    for product, words in seen:
        if version := stated_version(words):
            family = family_of(product)
            newest[family] = max(version, newest.get(family, version))
    return newest


def _plain(version: Version) -> Version:
    """Without zeros at the end: 5.0 is 5."""
    while len(version) > 1 and version[-1] == 0:
        version = version[:-1]
    return version
