"""What a page gets that tells how models and knowledge do."""

from xml.etree import ElementTree as ET

import pytest


@pytest.fixture
def version(desk, champion_shelf) -> str:
    """A model whose report is read from a shelf."""
    from desk.insight import Insight

    desk.insight = Insight(champion_shelf.path, lambda: desk.kept, desk.documents.count)
    return champion_shelf.champion


def test_a_model_tells_its_report(client, version):
    """What it was measured to be, and no weeks before it decided anything."""
    told = client.get(f"/v1/models/{version}/insight").json()
    assert set(told["report"]["targets"]) == {"level", "category"}
    assert told["weeks"] == []
    assert client.get("/v1/models/nobody/insight").status_code == 404


@pytest.mark.parametrize("plot", ["reliability", "confusion", "growth", "promise", "actions", "drift"])
@pytest.mark.parametrize(("lang", "dark"), [("de", True), ("en", False)])
def test_plots_are_drawings_without_a_script(client, version, plot, lang, dark):
    """Each is SVG whose words are text, and that loads and runs nothing."""
    facts = {"target": "level", "lang": lang, "dark": dark}
    answer = client.get(f"/v1/models/{version}/plots/{plot}.svg", params=facts)
    assert answer.headers["content-type"] == "image/svg+xml"
    drawing = ET.fromstring(answer.text)
    tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert "text" in tags
    assert not tags & {"script", "image", "foreignObject"}


def test_a_plot_of_no_target_says_which_there_are(client, version):
    """The problem names the targets."""
    answer = client.get(f"/v1/models/{version}/plots/confusion.svg?target=queue")
    assert answer.status_code == 404
    assert "level" in answer.json()["detail"]


def test_the_knowledge_is_told(client, desk, monkeypatch, tmp_path):
    """Counts, and nothing where nothing was said."""
    monkeypatch.chdir(tmp_path)
    client.put("/v1/knowledge/a", json={"kind": "article", "title": "t", "body": "b"})
    told = client.get("/v1/insight/knowledge").json()
    assert (told["n_articles"], told["rejected"], told["fruitless"]) == (1, [], [])
