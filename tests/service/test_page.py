"""What a person gets who opens a page."""

import json
import re
import tomllib
from importlib import resources

import pytest

from service.page import preferred

PAGES = ["/", "/ticket", "/review", "/models", "/knowledge"]
FOLDER = resources.files("service").joinpath("page")
WORDS = {language: tomllib.loads(FOLDER.joinpath(f"{language}.toml").read_text("utf-8")) for language in ("de", "en")}
SOURCES = {
    file.name: file.read_text("utf-8") for file in FOLDER.iterdir() if file.name.rpartition(".")[2] in {"html", "js"}
} | {"plots.py": resources.files("service").joinpath("plots.py").read_text("utf-8")}
COMPOSED = re.compile(r"[`\"]([a-z_]+(?:\.[a-z_]+)*\.[a-z_]*)(?:\$\{|\{|\" ~)")
"""A key of which the end is known only when it is shown: ``reason.${code}``, ``"form." ~ name``."""


def block(text: str, name: str):
    """What a page hands to its scripts."""
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)[1])


def test_both_catalogues_say_the_same_things():
    """Each text is there in both languages, filled in with the same facts."""
    assert WORDS["de"].keys() == WORDS["en"].keys()
    for key, words in WORDS["en"].items():
        assert set(re.findall(r"\{(\w+)\}", words)) == set(re.findall(r"\{(\w+)\}", WORDS["de"][key])), key


def test_no_text_is_missing_and_none_is_left_over():
    """Every key that pages, scripts and plots name is in the catalogues, and every key is named somewhere."""
    all_sources = "\n".join(SOURCES.values())
    named = set(re.findall(r"(?:say\(|text\[)\s*\"([a-z_]+\.[a-z_.]+)\"", all_sources))
    assert named - WORDS["en"].keys() == set()
    composed = tuple(COMPOSED.findall(all_sources))
    assert len(composed) > 5
    left_over = {key for key in WORDS["en"] if f'"{key}"' not in all_sources and not key.startswith(composed)}
    assert left_over == set()


def test_templates_hold_no_words_of_their_own():
    """Whatever a person reads comes from the catalogues; only the product's name does not."""
    for name, source in SOURCES.items():
        if name.endswith(".html"):
            bare = re.sub(r"\{[{%].*?[%}]\}|<script.*?</script>|<[^>]*>", " ", source, flags=re.DOTALL)
            assert set(re.findall(r"[^\W\d_]{3,}", bare)) <= {"Stellwerk"}, name


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_speaks_both_languages(client, path, language):
    """A page is shown in the language asked for, and marks where one is."""
    answer = client.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count('aria-current="page"') == 1


def test_the_language_chosen_is_remembered(client):
    """What was asked for once holds until another one is asked for."""
    client.get("/?lang=de")
    assert client.get("/models", headers={"accept-language": "en"}).headers["content-language"] == "de"


def test_a_link_of_the_helpdesk_leads_to_the_ticket(client):
    """`/?ticket=` goes to the page that opens it."""
    answer = client.get("/?ticket=4711&lang=de", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "ticket?ticket=4711&lang=de")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", ["promise_withdrawn", "promise_unchecked"])
def test_the_page_says_why_the_promise_does_not_stand(client, language, code):
    """The reasons of the audit, and the plea to answer it, are in the words that the page is given."""
    words = block(client.get(f"/ticket?lang={language}").text, "text")
    assert words[f"reason.{code}"] == WORDS[language][f"reason.{code}"] != code
    assert "decision.audit" in words


def test_the_page_counts_what_is_known(client):
    """Articles and solved tickets are counted where they are searched."""
    client.put("/v1/knowledge/a", json={"kind": "article", "title": "t", "body": "b"})
    client.put("/v1/knowledge/b", json={"kind": "ticket", "subject": "t", "body": "b"})
    assert "1 gelöste Tickets und 1 Artikel" in client.get("/?lang=de").text


def test_the_page_without_a_model_says_so(empty_client):
    """A desk that has learned nothing has a page that names the cure."""
    text = empty_client.get("/ticket?lang=en").text
    assert "No model is serving yet" in text
    assert "stellwerk train" in text


def test_the_page_knows_the_taxonomy(client):
    """Targets and labels stand in the page with their display names, as data that cannot break out of it."""
    text = client.get("/review?lang=de").text
    level, category = block(text, "taxonomy")
    assert level["name"] == "level"
    assert [label["name"] for label in level["labels"]] == ["1", "2", "3"]
    assert category["labels"][0] == {"name": "bug", "display": "Fehler"}


@pytest.mark.parametrize("path", PAGES)
def test_the_page_runs_under_its_own_policy(client, path):
    """Nothing on the page needs what the content policy forbids: inline code, styles or another site."""
    text = client.get(path).text
    for script in re.findall(r"<script[^>]*>", text):
        assert 'type="application/json"' in script or "src=" in script
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|(?:src|href)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("path", PAGES)
def test_everything_the_page_links_is_there(client, path):
    """Each file the page names is served as what it is, and not again while it is unchanged."""
    links = set(re.findall(r'(?:src|href)="(page/[^"]+)"', client.get(path).text))
    assert "page/app.css" in links
    asked = {f"page/{module}" for link in links for module in modules(client, link)}
    for link in links | asked:
        answer = client.get(f"/{link}")
        assert answer.status_code == 200
        again = client.get(f"/{link}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def modules(client, link: str) -> list[str]:
    """The modules that a script imports."""
    return re.findall(r'(?:from|import) "\./([a-z-]+\.js)"', client.get(f"/{link}").text)


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
