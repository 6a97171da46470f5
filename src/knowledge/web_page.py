"""Saved web pages as Markdown: what a reader came for, without what every page of a site repeats."""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from knowledge.page import FormatError, Page

_NOT_CONTENT = ["script", "style", "nav", "template", "noscript", "head"]
_CONTENT = ("main", "[role=main]", "article")


def read_web_page(source: str) -> Page:
    """The page in some HTML: headings, lists, tables and code kept, menus and scripts left out.

    Its title, language and address are those that the page states.

    Raises
    ------
    FormatError
        Its markup cannot be read.
    """
    try:
        soup = BeautifulSoup(f"{source}\n", "html.parser")  # a lone word would be taken for a file's name
        title = soup.title.get_text(" ", strip=True) if soup.title else ""
        facts = _facts(soup)
        for tag in soup.find_all(_NOT_CONTENT):
            tag.decompose()
        content = _content(soup)
        _plain_code(content)
        markdown = MarkdownConverter(heading_style="ATX", table_infer_header=True).convert_soup(content)
    except RecursionError as error:
        raise FormatError("its markup is nested too deep", "save it as text or Markdown") from error
    return Page(markdown=markdown, title=title or None, facts=facts)


def _facts(soup: BeautifulSoup) -> dict[str, str]:
    facts = {}
    if (language := _attribute(soup.html, "lang")).strip():
        facts["language"] = language.strip()
    address = _attribute(soup.find("link", rel="canonical"), "href").strip()
    if urlsplit(address).scheme in {"http", "https"}:
        facts["url"] = address
    return facts


def _attribute(tag: object, name: str) -> str:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return value if isinstance(value, str) else ""


def _content(soup: BeautifulSoup) -> Tag:
    """The one part that is marked as the content and holds words, or else everything."""
    for selector in _CONTENT:
        marked = soup.select(selector)
        if len(marked) == 1 and marked[0].get_text(strip=True):
            return marked[0]
    return soup


def _plain_code(content: Tag) -> None:
    """Leave out what documentation tools put beside code and headings: line numbers and marks to link to."""
    for tag in content.select("a.headerlink, td.linenos, .linenodiv"):
        tag.decompose()
    for table in content.select("table.highlighttable"):
        if (code := table.find("pre")) is not None:
            table.replace_with(code)
