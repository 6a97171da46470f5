"""What a person gets who opens the page."""

import json
import re
import tomllib
from importlib import resources

import pytest

from service.page import preferred


@pytest.mark.parametrize(("language", "words"), [("de", "Ticket einordnen"), ("en", "Route a ticket")])
def test_the_page_speaks_both_languages(client, language, words):
    """The page is shown in the language asked for, with the model that serves."""
    answer = client.get(f"/?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert words in answer.text
    assert "v2" in answer.text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", ["promise_withdrawn", "promise_unchecked"])
def test_the_page_says_why_the_promise_does_not_stand(client, language, code):
    """The reasons of the audit, and the plea to answer it, are in the words that the page is given."""
    words = tomllib.loads(resources.files("service").joinpath(f"page/{language}.toml").read_text("utf-8"))
    text = client.get(f"/?lang={language}").text
    block = re.search(r'<script type="application/json" id="text">(.*?)</script>', text, re.DOTALL)[1]
    assert json.loads(block)[f"reason.{code}"] == words[f"reason.{code}"] != code
    assert "decision.audit" in json.loads(block)


def test_the_page_counts_what_is_known(client):
    """Articles and solved tickets are counted on the page."""
    client.put("/v1/knowledge/a", json={"kind": "article", "title": "t", "body": "b"})
    client.put("/v1/knowledge/b", json={"kind": "ticket", "subject": "t", "body": "b"})
    text = client.get("/?lang=de").text
    assert "1 Artikel" in text
    assert "1 gelöste Tickets" in text


def test_the_page_without_a_model_says_so(empty_client):
    """A desk that has learned nothing has a page that names the cure."""
    text = empty_client.get("/?lang=en").text
    assert "No model yet" in text
    assert "stellwerk train" in text


def test_the_page_knows_the_taxonomy(client):
    """Targets and labels stand in the page with their display names, as data that cannot break out of it."""
    text = client.get("/?lang=de").text
    block = re.search(r'<script type="application/json" id="taxonomy">(.*?)</script>', text, re.DOTALL)[1]
    level, category = json.loads(block)
    assert level["name"] == "level"
    assert [label["name"] for label in level["labels"]] == ["1", "2", "3"]
    assert category["labels"][0] == {"name": "bug", "display": "Fehler"}
    assert "<" not in block


def test_the_page_runs_under_its_own_policy(client):
    """Nothing on the page needs what the content policy forbids: inline code, styles or another site."""
    text = client.get("/?lang=en").text
    for script in re.findall(r"<script[^>]*>", text):
        assert 'type="application/json"' in script or "src=" in script
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|(?:src|href)=\"(?:https?:)?//", text)


def test_everything_the_page_links_is_there(client):
    """Each file the page names is served as what it is, and not again while it is unchanged."""
    links = set(re.findall(r'(?:src|href)="(page/[^"]+)"', client.get("/").text))
    assert links >= {"page/app.css", "page/app.js"}
    for link in links:
        answer = client.get(f"/{link}")
        assert answer.status_code == 200
        assert answer.content
        again = client.get(f"/{link}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    for module in re.findall(r'from "\./([a-z]+\.js)"', client.get("/page/app.js").text):
        assert client.get(f"/page/{module}").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("lang", "header", "language"),
    [
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("fr", "de", "de"),
        (None, "", "en"),
        (None, "de-AT,en;q=0.8", "de"),
        (None, "fr, de;q=0.3, en-GB;q=0.7", "en"),
        (None, "de;q=0, en;q=0.1", "en"),
        (None, "de;q=viel", "en"),
        (None, "ja", "en"),
    ],
)
def test_the_language_is_the_one_preferred(lang, header, language):
    """The address decides, then the browser's preference, then English."""
    assert preferred(lang, header) == language
