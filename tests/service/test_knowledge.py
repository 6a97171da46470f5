"""What a program gets that keeps the knowledge base up to date."""

from datetime import UTC, datetime

import pytest

from knowledge import UnknownAnswersError

ARTICLE = {
    "kind": "article",
    "title": "VPN",
    "body": "Zertifikat erneuern",
    "updated_at": "2026-03-02T09:00:00+01:00",
}
SOLVED = {
    "kind": "ticket",
    "subject": "VPN",
    "body": "geht nicht",
    "resolution": "Zertifikat",
    "labels": {"level": "2"},
}


def test_putting_twice_changes_nothing(client, desk):
    """A document is added once, changed when it differs, and unchanged when it does not."""
    outcomes = [client.put("/v1/knowledge/vpn", json=ARTICLE | {"title": title}).json()["article"] for title in "aab"]
    assert [next(name for name, n in outcome.items() if n) for outcome in outcomes] == [
        "added",
        "unchanged",
        "changed",
    ]
    assert desk.documents["vpn"].updated_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_solved_ticket_is_put_with_its_solution(client, desk):
    """Labels and resolution reach the knowledge base, and the id is the path's."""
    assert client.put("/v1/knowledge/3120", json=SOLVED).json()["ticket"]["added"] == 1
    assert desk.documents["3120"].ticket.id == "3120"
    assert desk.documents["3120"].labels == {"level": "2"}
    assert desk.documents["3120"].solution.resolution == "Zertifikat"


@pytest.mark.parametrize("path", ["handbuch/vpn.md", "handbuch%2Fvpn.md"])
def test_an_id_may_hold_slashes(client, desk, path):
    """Documents named by their file's path can be put and removed."""
    client.put(f"/v1/knowledge/{path}", json=ARTICLE)
    assert list(desk.documents) == ["handbuch/vpn.md"]
    assert client.delete(f"/v1/knowledge/{path}").status_code == 204
    assert not desk.documents


def test_removing_what_is_not_there_is_told(client):
    """An unknown document is no silent success."""
    answer = client.delete("/v1/knowledge/nichts")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:stellwerk:problem:unknown-document"


def test_many_documents_are_counted_by_kind(client):
    """A batch tells what it did with each kind, rejected ones included."""
    documents = [ARTICLE | {"id": "a"}, SOLVED | {"id": "b"}, ARTICLE | {"id": "c", "title": "", "body": " "}]
    answer = client.post("/v1/knowledge/batch", json={"documents": documents}).json()
    assert (answer["article"]["added"], answer["article"]["rejected"], answer["ticket"]["added"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"title": "x", "body": "y"}, "body"),
        (ARTICLE | {"kind": "page"}, "body"),
        ({"kind": "article", "title": "x"}, "body"),
        (ARTICLE | {"labels": {}}, "labels"),
        (ARTICLE | {"updated_at": "gestern"}, "updated_at"),
        (SOLVED | {"labels": {"level": 2}}, "labels.level"),
        ([], "body"),
    ],
)
def test_an_unusable_document_is_refused(client, desk, document, field):
    """A document of no kind, without its words or with wrong values is refused by name."""
    answer = client.put("/v1/knowledge/x", json=document)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert not desk.documents


def test_a_document_without_words_is_refused(client):
    """One document that can never be found is no success."""
    answer = client.put("/v1/knowledge/x", json=ARTICLE | {"title": "", "body": ""})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:stellwerk:problem:no-words"


@pytest.mark.parametrize("documents", [[], [ARTICLE | {"id": "a"}] * 1_001, [ARTICLE], [ARTICLE | {"id": ""}]])
def test_a_batch_has_one_to_a_thousand_named_documents(client, desk, documents):
    """No document, too many, or one without an id are refused before any is kept."""
    answer = client.post("/v1/knowledge/batch", json={"documents": documents})
    assert answer.status_code == 422
    assert not desk.documents


def test_gaps_are_told_and_a_document_may_be_called_so(client):
    """Themes without an article are listed; a document whose id is gaps is still put and removed."""
    put = client.put("/v1/knowledge/gaps", json={"kind": "ticket", "subject": "Drucker leer", "resolution": "Papier"})
    assert put.status_code == 200
    answer = client.get("/v1/knowledge/gaps?limit=5").json()
    assert (answer["n_without_answer"], answer["gaps"][0]["tickets"]) == (1, ["gaps"])
    assert client.get("/v1/knowledge/gaps?limit=0").status_code == 422
    assert client.delete("/v1/knowledge/gaps").status_code == 204


def test_where_no_answers_are_known_the_cure_is_told(client, desk):
    """Too few known answers are a problem that names what to do."""
    desk.fault = UnknownAnswersError(3)
    answer = client.get("/v1/knowledge/gaps")
    assert answer.status_code == 503
    assert "fill article_id" in answer.json()["detail"]
