"""The main job, end to end, with the real command line and the real service."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
N_PROBLEMS = 60


@pytest.mark.slow
class TestMainJob:
    @pytest.mark.usefixtures("version")
    def test_trained_model_beats_the_most_frequent_label(self, history, json_from):
        """What was learned is worth more than always giving the most frequent label."""
        report = json_from(["evaluate", str(history), "--json"])
        for target in report["targets"].values():
            most = max(score["n_tickets"] for score in target["labels"].values())
            assert target["accuracy"] > most / target["n_tickets"]

    def test_indexing_twice_changes_nothing(self, history, indexed, json_from):
        """The second indexing of the same sources finds all documents unchanged."""
        assert indexed["article"]["added"] == 197
        assert indexed["ticket"]["added"] == 4 * N_PROBLEMS
        again = json_from(["index", str(DATA / "articles.jsonl"), str(history), "--json"])
        assert again["article"] == {"added": 0, "changed": 0, "unchanged": 197, "removed": 0, "rejected": 0}
        assert again["ticket"]["unchanged"] == 4 * N_PROBLEMS

    def test_same_answer_at_both_doors(self, client, json_from, tmp_path):
        """The command line and the service say the same of the same ticket."""
        ticket = {"id": "4711", "subject": "Drucker", "body": "Der Etikettendrucker im Lager druckt seit heute nicht."}
        by_http = client.post("/v1/classifications", json=ticket).raise_for_status().json()
        file = tmp_path / "tickets.jsonl"
        file.write_text(json.dumps(ticket) + "\n", "utf-8")
        by_line = json_from(["predict", str(file)])
        assert by_http["ticket_id"] == by_line["ticket_id"] == "4711"
        assert by_http["decision"] == by_line["decision"]
        for name, prediction in by_http["predictions"].items():
            assert prediction["probabilities"] == pytest.approx(by_line["predictions"][name]["probabilities"], abs=1e-6)

    def test_german_and_english_searches_find_the_article(self, client):
        """A search in other spellings finds the page that explains it."""
        for words in ("Arbeitsvorrat leer Trichter", "Arbeitsvorraete scheinbar leer"):
            hits = client.get("/v1/search", params={"q": words, "kind": "article"}).raise_for_status().json()["hits"]
            assert "KB-amt-002" in [hit["id"] for hit in hits[:3]]

    def test_unusable_tickets_are_answered_with_review(self, client):
        """Empty, huge and foreign tickets get an answer, never a guess sold as certain."""
        for body, code in (
            ("", "no_text"),
            ("Bonjour, notre imprimante ne marche plus depuis ce matin.", "unknown_language"),
        ):
            answer = client.post("/v1/classifications", json={"body": body}).raise_for_status().json()
            assert answer["decision"]["action"] == "review"
            assert code in [reason["code"] for reason in answer["decision"]["reasons"]]
        assert client.post("/v1/classifications", json={"body": "Fehler im Modul. " * 60_000}).is_success

    def test_correction_is_remembered(self, client):
        """A person's labels are taken for a decision that was made, and refused for one that was not."""
        made = client.post("/v1/classifications", json={"subject": "VPN", "body": "VPN verbindet nicht mehr."}).json()
        correction = {"classification_id": made["id"], "labels": {"level": "2"}}
        assert client.post("/v1/feedback", json=correction).is_success
        assert client.post("/v1/feedback", json=correction | {"classification_id": "c_0"}).status_code == 404

    def test_page_opens_in_both_languages(self, client):
        """The page is served with its files in German and English."""
        for language, word in (("de", "Lösungen"), ("en", "solutions")):
            assert word in client.get("/", params={"lang": language}).raise_for_status().text
        assert client.get("/page/search.js").is_success

    def test_port_in_use_is_told(self, client, stellwerk):
        """A second service on the same port ends with one line that names the cure."""
        done = stellwerk(["serve", "--port", str(client.base_url.port)])
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "port" in done.stderr
