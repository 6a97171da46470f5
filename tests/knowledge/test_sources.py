"""Articles read from files and folders."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from knowledge import looks_like_articles, read_articles, read_source


@pytest.fixture
def read():
    """Reads paths; gives the articles by id and what was reported."""

    def run(*paths):
        told = []
        articles = list(read_articles(paths, report=told.append))
        return {one.id: one for one in articles}, told

    return run


def test_front_matter_is_what_a_page_says_about_itself(read, tmp_path):
    """Title, id, language, product, address and time come from the front matter."""
    (tmp_path / "a.md").write_text(
        "---\nid: KB-9\ntitle: VPN\nlanguage: de\nproduct: Netz\nurl: https://w/9\n"
        "updated_at: 2026-03-01\n---\n# X\nText\n"
    )
    articles, told = read(tmp_path)
    one = articles["KB-9"]
    assert (one.title, one.language, one.product, one.url) == ("VPN", "de", "Netz", "https://w/9")
    assert one.updated_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert one.body == "# X\nText"
    assert told == []


def test_a_folder_is_read_through_and_named_by_paths(read, tmp_path):
    """Files below give articles by their relative path; the title is the first heading or the file's name."""
    (tmp_path / "netz").mkdir()
    (tmp_path / "netz" / "vpn.md").write_text("Vorweg\n\n## Einwahl\nText")
    (tmp_path / "notiz.txt").write_bytes("Störung im Lager".encode("cp1252"))
    (tmp_path / "mail.txt").write_text("Postfach", "utf-16")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text("hidden")
    articles, told = read(tmp_path)
    assert {name: one.title for name, one in articles.items()} == {
        "netz/vpn.md": "Einwahl",
        "notiz.txt": "notiz",
        "mail.txt": "mail",
    }
    assert articles["notiz.txt"].body == "Störung im Lager"
    assert articles["mail.txt"].body == "Postfach"
    assert told == []


def test_html_becomes_markdown_without_scripts(read, tmp_path):
    """Headings, lists and tables of a page survive; scripts, styles and navigation do not."""
    (tmp_path / "p.html").write_text(
        "<html><head><title>T &amp; T</title><style>x{}</style></head><body><nav>Home</nav>"
        "<h2>Ursache</h2><p>Kein <b>Netz</b></p><script>alert(1)</script><table><tr><th>A</th></tr>"
        "<tr><td>1</td></tr></table></body>"
    )
    articles, _ = read(tmp_path / "p.html")
    page = articles["p.html"]
    assert page.title == "T & T"
    assert "## Ursache" in page.body
    assert "| A |" in page.body
    assert not any(word in page.body for word in ("alert", "x{}", "Home"))


def test_json_lines_give_an_article_each_and_bad_lines_are_told(read, tmp_path):
    """Bad lines are reported by number with a cure; the others are read."""
    file = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": 7, "title": "T", "body": "B", "updated_at": "2026-01-02T03:04:05+01:00"}),
        "{broken",
        json.dumps({"title": "no id", "body": "B"}),
        "",
        json.dumps({"id": "8", "body": "# Kopf\nB", "product": None}),
        json.dumps({"id": "9", "subject": "a ticket", "body": "B", "level": "1"}),
        json.dumps(["list"]),
        json.dumps({"id": "10", "title": "", "body": ["x"]}),
    ]
    file.write_text("\n".join(lines))
    articles, told = read(file)
    assert {name: one.title for name, one in articles.items()} == {"7": "T", "8": "Kopf"}
    assert articles["7"].updated_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert [one.line for one in told] == [2, 3, 6, 7, 8]
    assert all(one.file == file and one.reason and one.cure for one in told)


def test_web_pages_keep_code_and_tables_and_lose_what_surrounds_them(read, tmp_path):
    """Of a saved page of a documentation site the content stays, code and tables whole, and what it says of itself."""
    (tmp_path / "p.html").write_text(
        """<!doctype html><html lang="de-AT"><head><title>VPN</title><link rel="canonical" href="https://w.example/vpn">
        </head><body><header>Suche</header><aside>Inhalt</aside><main><h1>VPN<a class="headerlink" href="#">¶</a></h1>
        <pre><code class="language-sh">if true; then\n    echo "a | b"\n\nfi</code></pre>
        <table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td><td class="code">
        <pre>ping\n  -c 1</pre></td></tr></table>
        <table><tr><td>Code</td><td>Sinn</td></tr><tr><td>809</td><td>kein <b>Netz</b></td></tr></table>
        </main><footer>Impressum</footer></body></html>"""
    )
    page = read(tmp_path)[0]["p.html"]
    assert (page.title, page.language, page.url) == ("VPN", "de-AT", "https://w.example/vpn")
    assert page.body.splitlines()[0] == "# VPN"
    assert '```\nif true; then\n    echo "a | b"\n\nfi\n```' in page.body
    assert "```\nping\n  -c 1\n```" in page.body
    assert "| Code | Sinn |\n| --- | --- |\n| 809 | kein **Netz** |" in page.body
    assert not any(word in page.body for word in ("Suche", "Inhalt", "Impressum", "¶"))


@pytest.mark.parametrize("markup", ["Nur Text", "notiz.txt", "<p>offen", "<body><main></main><p>offen</p></body>"])
def test_a_web_page_without_structure_is_read_whole(read, tmp_path, markup):
    """Whatever stands in a file named .html, its words are the page."""
    (tmp_path / "p.html").write_text(markup)
    articles, told = read(tmp_path)
    assert told == []
    assert articles["p.html"].body in {"Nur Text", "notiz.txt", "offen"}


def test_word_documents_keep_headings_lists_code_and_tables(read, tmp_path):
    """A .docx gives headings as headings, code as one fence, and a table as a table, also in a box around it."""
    document = Document()
    document.add_heading("VPN", 0)
    document.add_heading("Ursache", 2)
    document.add_paragraph("Kein ").add_run("Netz").bold = True
    document.add_paragraph("Kabel stecken", style="List Bullet")
    for line in ("ping host", "  -c 1"):
        document.add_paragraph().add_run(line).font.name = "Consolas"
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ("A", "B", "x\ny", "1|2"), strict=True):
        cell.text = words
    wide = document.add_table(rows=1, cols=3).rows[0].cells
    wide[0].merge(wide[1]).text = "breit"
    wide[2].text = "schmal"
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "Achtung: Strom aus"
    document.save(tmp_path / "w.docx")
    articles, told = read(tmp_path)
    assert told == []
    assert articles["w.docx"].body.split("\n\n") == [
        "# VPN",
        "## Ursache",
        "Kein Netz",
        "- Kabel stecken",
        "```\nping host\n  -c 1\n```",
        "| A | B |\n|---|---|\n| x y | 1\\|2 |",
        "| breit |  | schmal |\n|---|---|---|",
        "Achtung: Strom aus",
    ]


def pdf(*drawn: str) -> bytes:
    """A PDF with one page for each stream of drawing operators; F1 is Helvetica, F2 Courier."""
    fonts = "<</F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F2 <</Type/Font/Subtype/Type1/BaseFont/Courier>>>>"
    numbers = range(3, 3 + 2 * len(drawn), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(drawn)}>>"]
    for number, stream in zip(numbers, drawn, strict=True):
        place = f"/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {number + 1} 0 R/Resources<</Font{fonts}>>"
        objects += [f"<</Type/Page{place}>>", f"<</Length {len(stream)}>>stream\n{stream}\nendstream"]
    content, offsets = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj{one} endobj\n"
    start, size = len(content), len(objects) + 1
    content += f"xref\n0 {size}\n0000000000 65535 f \n" + "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return (content + f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").encode("latin-1")


def line(words: str, x: int, y: int, *, font: str = "F1", size: int = 10) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET\n"


def test_pdf_files_keep_headings_tables_and_code(read, tmp_path):
    """Larger letters are headings, ruled cells a table, monospaced lines code with its indentation, in their order."""
    rules = "".join(f"60 {y} m 300 {y} l S\n" for y in (560, 580, 600)) + "".join(
        f"{x} 560 m {x} 600 l S\n" for x in (60, 180, 300)
    )
    cells = line("Code", 64, 586) + line("Sinn", 184, 586) + line("809", 64, 566) + line("kein|Netz", 184, 566)
    (tmp_path / "p.pdf").write_bytes(
        pdf(
            line("VPN", 50, 750, size=24)
            + line("Ursache", 50, 700, size=16)
            + line("Das Zertifikat der Einwahl ist seit gestern", 50, 670)
            + line("abgelaufen.", 50, 658)
            + line("Bitte erneuern.", 50, 630)
            + rules
            + cells
            + line("if down:", 50, 520, font="F2")
            + line("ping -c 1", 74, 508, font="F2"),
            line("Auf der zweiten Seite geht es weiter.", 50, 750),
        )
    )
    articles, told = read(tmp_path)
    assert told == []
    assert articles["p.pdf"].title == "VPN"
    assert articles["p.pdf"].body.split("\n\n") == [
        "# VPN",
        "## Ursache",
        "Das Zertifikat der Einwahl ist seit gestern\nabgelaufen.",
        "Bitte erneuern.",
        "| Code | Sinn |\n|---|---|\n| 809 | kein\\|Netz |",
        "```\nif down:\n    ping -c 1\n```",
        "Auf der zweiten Seite geht es weiter.",
    ]


def test_a_scanned_pdf_says_what_to_do(read, tmp_path):
    """A PDF without words is told to be read by text recognition first."""
    (tmp_path / "scan.pdf").write_bytes(pdf("0 0 m 9 9 l S"))
    _, told = read(tmp_path)
    assert [(one.file.name, "text recognition" in one.cure) for one in told] == [("scan.pdf", True)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.md", b""),
        ("binary.txt", b"\x00\x01\x02"),
        ("bad.md", b"---\na: [1\n---\ntext"),
        ("bad.docx", b"no zip"),
        ("bad.pdf", b"%PDF-1.4 no"),
        ("sitemap.xml", b"<urlset"),
        ("lines.jsonl", b"{"),
        ("deep.html", b"<div>" * 20_000),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_goes_on(read, tmp_path, name, content):
    """One bad file is reported with its reason and cure; its neighbour is read."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "zz.md").write_text("gut")
    articles, told = read(tmp_path)
    assert list(articles) == ["zz.md"]
    assert [(one.file.name, one.line) for one in told] == [(name, 1 if name.endswith(".jsonl") else None)]
    assert told[0].reason
    assert told[0].cure


def test_what_is_no_document_is_passed_over_unless_it_was_named(read, tmp_path):
    """Pictures, code and settings in a folder are no faults but are counted; named alone, one says what is read."""
    for name in ("logo.png", "build.py", "mkdocs.yml", "Makefile"):
        (tmp_path / name).write_bytes(b"\x89PNG")
    (tmp_path / "a.md").write_text("gut")
    n_others = []
    found = list(read_source(tmp_path, report=pytest.fail, passed_over=n_others.append))
    assert [(article.id, file) for article, file in found] == [("a.md", tmp_path / "a.md")]
    assert n_others == [4]
    _, (told,) = read(tmp_path / "logo.png")
    assert ".md" in told.cure


def test_a_checkout_is_read_without_what_git_ignores(read, tmp_path, monkeypatch):
    """Rules of every level count, later and deeper ones first; an ignored folder stays closed unless it was named."""
    pages = ("a.md", "draft.md", "guide/draft.md", "guide/b.md", "guide/c.tmp.md", "site/a.html", "docs/site/x.md")
    for page in pages:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text(f"<p>Seite</p> {page}")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "description.md").write_text("no page")
    (tmp_path / ".gitignore").write_text("# built\n/site/\ndraft.md\n*.tmp.md\n")
    (tmp_path / "guide" / ".gitignore").write_text("!draft.md\n")
    assert list(read(tmp_path)[0]) == ["a.md", "docs/site/x.md", "guide/b.md", "guide/draft.md"]
    assert list(read(tmp_path / "guide")[0]) == ["b.md", "draft.md"]
    assert list(read(tmp_path / "site")[0]) == ["a.html"]
    monkeypatch.chdir(tmp_path / "docs" / "site")
    assert list(read(Path("../../guide"))[0]) == ["b.md", "draft.md"]
    assert list(read(Path())[0]) == ["x.md"]


SITEMAP = '<?xml version="1.0"?><{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'


def test_a_saved_sitemap_gives_pages_their_addresses(read, tmp_path):
    """However a page was saved, its address and time come from the sitemap; its own word counts more."""
    pages = ("index.html", "vpn.html", "guide/index.html", "guide/druck er.md", "own.md", "unlisted.html")
    for page in pages:
        (tmp_path / page).parent.mkdir(exist_ok=True)
        (tmp_path / page).write_text("<p>Seite</p>")
    (tmp_path / "own.md").write_text("---\nurl: https://own/\n---\nSeite")
    named = ("", "vpn/", "guide/", "guide/druck%20er/", "own", "gone/")
    entries = "".join(
        f"<url><loc>https://w.example/docs/{one}</loc><lastmod>2026-03-01</lastmod></url>" for one in named
    )
    (tmp_path / "sitemap.xml").write_text(
        SITEMAP.format("sitemapindex", "<sitemap><loc>https://w/s-0.xml</loc></sitemap>")
    )
    (tmp_path / "s-0.xml").write_text(SITEMAP.format("urlset", entries))
    articles, told = read(tmp_path)
    assert told == []
    assert {name: one.url for name, one in articles.items()} == {
        "guide/druck er.md": "https://w.example/docs/guide/druck%20er/",
        "guide/index.html": "https://w.example/docs/guide/",
        "index.html": "https://w.example/docs/",
        "own.md": "https://own/",
        "unlisted.html": None,
        "vpn.html": "https://w.example/docs/vpn/",
    }
    assert articles["vpn.html"].updated_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_folder_that_cannot_be_read_is_told(read, tmp_path):
    """A subfolder whose rules cannot be read is reported with its path, never read without them; the rest is read."""
    (tmp_path / "a.md").write_text("gut")
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "b.md").write_text("geheim")
    (closed / ".gitignore").symlink_to(".gitignore")  # leads to itself; what no right to read stops, as root may be
    articles, (told,) = read(tmp_path)
    assert list(articles) == ["a.md"]
    assert told.file == closed
    assert told.reason
    assert told.cure


def test_rules_above_a_folder_that_cannot_be_read_are_told(read, tmp_path):
    """A page that the checkout's own rules may ignore is not read without them."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").symlink_to(".gitignore")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("gut")
    articles, (told,) = read(tmp_path / "docs")
    assert articles == {}
    assert told.file == tmp_path / "docs"


def test_links_and_pipes_hold_nothing_up(read, tmp_path):
    """A link back up is not followed, a pipe is not opened, and a page that is a link to nowhere is told."""
    (tmp_path / "a.md").write_text("gut")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    articles, (told,) = read(tmp_path)
    assert list(articles) == ["a.md"]
    assert told.file.name == "gone.md"


def test_a_missing_path_is_told(read, tmp_path):
    """A path that does not exist is reported, not raised."""
    _, (told,) = read(tmp_path / "nowhere.md")
    assert told.reason == "No such file or directory"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", '{"id": "1", "title": "T", "body": "B"}', True),
        ("a.jsonl", '\n{"id": "1", "title": "T", "body": "B", "problem": "p"}', True),
        ("a.jsonl", '{"id": "1", "title": "T", "body": "B", "resolution": "r"}', False),
        ("a.jsonl", '{"subject": "S", "body": "B", "level": "1"}', False),
        ("a.jsonl", "no json", False),
        ("a.csv", "title,body", False),
        ("a.md", "x", True),
    ],
)
def test_articles_and_history_are_told_apart(tmp_path, name, content, expected):
    """Documents and JSON Lines of titles and bodies are articles; tickets and tables are history."""
    (tmp_path / name).write_text(content)
    assert looks_like_articles(tmp_path / name) is expected
    assert looks_like_articles(tmp_path)
    assert not looks_like_articles(tmp_path / "missing.jsonl")


def test_an_article_may_be_written_for_one_customer(tmp_path):
    """Front matter and JSON Lines name the customer; a blank one is everybody's."""
    (tmp_path / "a.md").write_text("---\ncustomer: Spedition Nord\n---\nTreiber neu zuordnen.\n", "utf-8")
    lines = [{"id": "b", "title": "x", "body": "y", "customer": "Süd"}, {"id": "c", "body": "y", "customer": " "}]
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    found = {article.id: article.customer for article in read_articles([tmp_path], report=[].append)}
    assert found == {"a.md": "Spedition Nord", "b": "Süd", "c": None}
