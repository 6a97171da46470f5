"""The addresses of saved pages, from the ``sitemap.xml`` that was saved beside them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree  # type: ignore[import-untyped]

from knowledge.formats import SUFFIXES
from knowledge.page import FormatError

_LARGEST = 50_000_000  # as the protocol of sitemaps has it
_DEEPEST = 3  # sitemaps that name sitemaps
_MOST_DROPPED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a page is published, and when it changed last, as the sitemap says it."""

    url: str
    changed: str | None


def addresses_in(sitemap: Path, pages: Collection[Path]) -> dict[Path, Address]:
    """The address of each of the ``pages`` saved below the folder of ``sitemap`` that it names.

    A page at ``/guide/vpn/`` may be saved as ``guide/vpn.html``, ``guide/vpn/index.html`` or the like in another
    format; how many leading parts of all addresses the folder leaves out is told by which number names most pages.

    Raises
    ------
    FormatError
        It is no sitemap.
    OSError
        It cannot be read.
    """
    addresses = list(_entries(sitemap, depth=0))
    folder = sitemap.parent
    known = {page.relative_to(folder).as_posix(): page for page in pages if page.is_relative_to(folder)}
    named = [_named(addresses, known, n_dropped) for n_dropped in range(_MOST_DROPPED)]
    return max(named, key=len)  # of equals the first, which leaves out least


def _named(addresses: Sequence[Address], known: dict[str, Path], n_dropped: int) -> dict[Path, Address]:
    named: dict[Path, Address] = {}
    for address in addresses:
        parts = [unquote(part) for part in urlsplit(address.url).path.split("/") if part]
        if len(parts) < n_dropped:
            continue
        for name in _names("/".join(parts[n_dropped:])):
            if name in known:
                named.setdefault(known[name], address)
                break
    return named


def _names(path: str) -> Iterator[str]:
    """What the page at ``path`` may be saved as."""
    yield path
    stem = path.removesuffix(".html").removesuffix(".htm")
    for name in (stem, f"{stem}/index".lstrip("/")):
        yield from (f"{name}{suffix}" for suffix in SUFFIXES if name)


def _entries(sitemap: Path, *, depth: int) -> Iterator[Address]:
    """The addresses in a sitemap, and in those it names, where they were saved beside it."""
    if sitemap.stat().st_size > _LARGEST:
        raise FormatError("it is larger than 50 MB", "split it, as sitemaps may be")
    try:
        root = etree.fromstring(sitemap.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise FormatError("it is not XML", "save the sitemap again, or remove it") from error
    if etree.QName(root).localname not in {"urlset", "sitemapindex"}:
        raise FormatError("it is no sitemap", "save the sitemap again, or remove it")
    for entry in root.iterchildren(tag=etree.Element):
        facts = {etree.QName(one).localname: (one.text or "").strip() for one in entry.iterchildren(tag=etree.Element)}
        if not (url := facts.get("loc")):
            continue
        if etree.QName(entry).localname == "url":
            yield Address(url=url, changed=facts.get("lastmod") or None)
        elif depth < _DEEPEST and (other := sitemap.with_name(urlsplit(url).path.rpartition("/")[2] or "-")).is_file():
            yield from _entries(other, depth=depth + 1)
