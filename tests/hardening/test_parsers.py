"""Whatever a file or a text holds, its reader gives what it could read or says what is wrong, and soon."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from history import HistoryError, HistoryMapping, MappingError, RejectLog, read_history, read_tickets
from knowledge.conditions import QueryError, filters_of
from knowledge.formats import read_page
from knowledge.page import FormatError
from knowledge.sources import looks_like_articles, read_articles
from service.requests import DocumentsRequest, SearchParameters, SearchRequest, TicketsRequest
from text import clean, detect_language, html_to_text, looks_like_html, signatures_of
from tickets import Taxonomy
from tickets.taxonomy import TaxonomyError

LONG = 20_000
SECONDS = 30
"""Far more than any of these takes; a pattern that tries again and again would take hours."""
quickly = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
COLUMNS = ("id", "subject", "body", "level", "category", "created_at", "closed_at", "n_reopened", "resolution", "title")
ROWS = st.dictionaries(st.sampled_from(COLUMNS), JSON)
BOMBS = [
    "[" * 100_000,
    '{"body":' * 100_000,
    '{"body": ' + "[" * 50_000 + "]" * 50_000 + "}",
    '{"body": ' + "9" * 5_000 + "}",
]
TOMLS = [
    "x = " + "[" * 5_000,
    "x = " + "{a=" * 3_000,
    "x = " + "9" * 5_000,
    "x = 0x" + "f" * 9_000,
    "review_cost = " + "9" * 400,
]


@contextmanager
def may_refuse(error: type[Exception]) -> Iterator[None]:
    """What is read here may be refused with this error, which says something, and with no other."""
    try:
        yield
    except error as refused:
        if len(str(refused)) < 10:
            raise AssertionError("the error does not say what is wrong") from refused


def read_all(folder: Path, name: str, content: bytes) -> None:
    """Read a file in every way that a user could have meant."""
    file = folder / name
    file.write_bytes(content)
    for read in (
        lambda: read_history([file], taxonomy=Taxonomy.builtin(), rejects=RejectLog()),
        lambda: read_tickets([file], rejects=RejectLog()),
    ):
        with may_refuse(HistoryError):
            list(read())
    if name.endswith(".jsonl"):
        looks_like_articles(file)
        told = []
        list(read_articles([file], report=told.append))
        assert all(one.reason and one.cure for one in told)


@quickly
@given(st.lists(ROWS | JSON, max_size=4), st.binary(max_size=20))
@example([], b"\xff\xfe\xd8")
def test_json_lines(tmp_path_factory, rows, noise):
    """Lines of any JSON, and of none."""
    content = b"\n".join(json.dumps(row).encode() for row in rows) + noise
    read_all(tmp_path_factory.getbasetemp(), "any.jsonl", content)


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_json_without_bottom(tmp_path, bomb):
    """A line that is nested without end, or a number without end, is a bad line among others."""
    read_all(tmp_path, "bomb.jsonl", bomb.encode())


@quickly
@given(st.binary(max_size=300) | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")), st.booleans())
def test_csv(tmp_path_factory, content, headed):
    """Bytes of any kind under a good header, and without one."""
    head = b"body;level;category\n" if headed else b""
    read_all(tmp_path_factory.getbasetemp(), "any.csv", head + content)


def check_tables(folder: Path, text: str) -> None:
    """Read a text as taxonomy and as mapping, as a whole and as a value."""
    file = folder / "any.toml"
    for shaped in (text, f"[columns]\nbody = {text}", f"[labels.level]\nx = {text.partition('=')[2]}"):
        file.write_bytes(shaped.encode("utf-8", "surrogatepass"))
        with pytest.raises(TaxonomyError):
            Taxonomy.read(file)
        with may_refuse(MappingError):
            HistoryMapping.parse(file=file).check(Taxonomy.builtin())


@quickly
@given(ANY_TEXT)
def test_taxonomy_and_mapping(tmp_path_factory, text):
    """A file that is no taxonomy and perhaps no mapping."""
    check_tables(tmp_path_factory.getbasetemp(), text)


@pytest.mark.parametrize("bomb", TOMLS, ids=range(len(TOMLS)))
def test_toml_without_bottom(tmp_path, bomb):
    """Nesting and numbers without end are told as what they are."""
    check_tables(tmp_path, bomb)


@quickly
@given(st.lists(ANY_TEXT, max_size=4), st.lists(ANY_TEXT, max_size=4))
def test_options(columns, labels):
    """Options of any words."""
    with may_refuse(MappingError):
        HistoryMapping.parse(columns, labels)
    with may_refuse(QueryError):
        filters_of(columns)


@quickly
@given(st.sampled_from([".md", ".html", ".txt", ".docx", ".pdf"]), st.binary(max_size=400))
@example(".docx", b"PK\x03\x04" + b"\0" * 90)
@example(".pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 9_000)
@example(".pdf", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>\nendobj\ntrailer\n<</Root 1 0 R>>")
def test_articles_of_any_bytes(suffix, content):
    """Any bytes under any ending."""
    for whole in (content, b"%PDF-1.7\n" + content, b"---\n" + content + b"\n---\nx"):
        with may_refuse(FormatError):
            assert read_page(suffix, whole).markdown.strip()


YAMLS = {
    "deep": "a: " + "[" * 5_000,
    "json": '{"a": ' + "[" * 50_000,
    "number": "a: " + "9" * 5_000,
    "itself": "a: &a [*a]",
    "laughs": "\n".join(["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12))]),
    "object": "a: !!python/object/apply:os.abort []",
}


@pytest.mark.parametrize("bomb", YAMLS.values(), ids=YAMLS)
def test_front_matter_without_bottom(bomb):
    """Front matter that names itself again and again neither fills the memory nor runs."""
    started = time.monotonic()
    with may_refuse(FormatError):
        assert read_page(".md", f"---\n{bomb}\n---\nwords".encode()).markdown
    assert time.monotonic() - started < SECONDS


def word_file(body: str) -> bytes:
    """A Word file with this body."""
    plain, bombed = io.BytesIO(), io.BytesIO()
    Document().save(plain)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(bombed, "w") as target:
        for name in source.namelist():
            ours = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'.encode()
            target.writestr(name, ours if name == "word/document.xml" else source.read(name))
    return bombed.getvalue()


@pytest.mark.parametrize("depth", [40, 240])
def test_tables_within_tables(depth):
    """Each table in a cell of another is read once, however deep they stand."""
    words = "<w:p><w:r><w:t>innermost</w:t></w:r></w:p>"
    body = "<w:tbl><w:tr><w:tc>" * depth + words + "</w:tc></w:tr></w:tbl>" * depth
    started = time.monotonic()
    with may_refuse(FormatError) if depth > 40 else nullcontext():
        assert "innermost" in read_page(".docx", word_file(body)).markdown
    assert time.monotonic() - started < SECONDS


UNITS = (
    "\n",
    "a",
    " ",
    "\n ",
    ">",
    "<",
    "<a ",
    "&",
    "a@",
    "1-",
    "\tat a.b(",
    "Caused by: ",
    "From: a\n",
    "http://",
    "|",
    "`",
    "\u200d",
)
READERS: tuple[Callable[[str], object], ...] = (signatures_of, clean, detect_language, looks_like_html, html_to_text)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_no_text_takes_long(read, unit):
    """Text made to be tried again and again is read in time that its length explains."""
    started = time.monotonic()
    read((unit * LONG)[:LONG] + "!")
    assert time.monotonic() - started < SECONDS


@quickly
@given(ANY_TEXT)
def test_any_text(text):
    """Half characters, marks and controls are read like any other words."""
    for read in READERS:
        read(text)


@quickly
@given(JSON, st.dictionaries(st.sampled_from([*DocumentsRequest.model_fields, *SearchRequest.model_fields]), JSON))
def test_requests(value, fields):
    """Any JSON is a request or is refused with a place; nothing else is raised."""
    for request in (DocumentsRequest, SearchRequest, SearchParameters, TicketsRequest):
        for body in (value, fields, {"documents": [fields]}, {"tickets": [fields]}):
            with may_refuse(ValidationError):
                request.model_validate(body)


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_times_beyond_the_calendar(when):
    """A time that has no counterpart in UTC is refused like any other that cannot be read."""
    document = {"kind": "article", "id": "a", "title": "x", "body": "y", "updated_at": when}
    with pytest.raises(ValueError, match="calendar"):
        DocumentsRequest.model_validate({"documents": [document]})
