"""The main job, end to end, with the real command line and the real service."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

DATA = Path(__file__).parents[2] / "data"
REPOSITORY = DATA.parent
N_PROBLEMS = 60


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stellwerk", *arguments],
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def json_of(arguments: list[str], environment: dict[str, str]) -> dict:
    done = run(arguments, environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [json.loads(line) for line in (DATA / "history.jsonl").read_text("utf-8").splitlines()]
    problems = sorted({row["problem"] for row in rows})
    kept = set(problems[:: len(problems) // N_PROBLEMS][:N_PROBLEMS])
    path = tmp_path_factory.mktemp("history") / "history.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows if row["problem"] in kept), "utf-8")
    return path


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path) -> dict[str, str]:
    home = tmp_path_factory.mktemp("desk")
    return os.environ | {
        "STELLWERK_MODELS": str(home / "models"),
        "STELLWERK_ENCODERS": str(encoder_home),
        "STELLWERK_KNOWLEDGE": str(home / "knowledge"),
        "STELLWERK_JOURNAL": f"sqlite:///{home}/journal.db",
        "STELLWERK_VECTOR_CACHE": str(home / "vectors.db"),
        "STELLWERK_TRACKING": "",
    }


@pytest.fixture(scope="module")
def version(history: Path, environment: dict[str, str]) -> str:
    answer = json_of(["train", str(history), "--promote", "--json"], environment)
    assert answer["promoted"], answer["verdict"]
    return answer["version"]


@pytest.fixture(scope="module")
def indexed(history: Path, environment: dict[str, str], version: str) -> dict:
    return json_of(["index", str(DATA / "articles.jsonl"), str(history), "--json"], environment)


@pytest.fixture(scope="module")
def client(environment: dict[str, str], indexed: dict) -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            deadline = time.monotonic() + 120
            while not _is_ready(client):
                assert server.poll() is None, "the service ended"
                assert time.monotonic() < deadline, "the service did not become ready"
                time.sleep(0.3)
            yield client
    finally:
        server.terminate()
        server.wait(timeout=30)


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


@pytest.mark.slow
class TestMainJob:
    @pytest.mark.usefixtures("version")
    def test_trained_model_beats_the_most_frequent_label(self, history, environment):
        """What was learned is worth more than always giving the most frequent label."""
        report = json_of(["evaluate", str(history), "--json"], environment)
        for target in report["targets"].values():
            most = max(score["n_tickets"] for score in target["labels"].values())
            assert target["accuracy"] > most / target["n_tickets"]

    def test_indexing_twice_changes_nothing(self, history, environment, indexed):
        """The second indexing of the same sources finds all documents unchanged."""
        assert indexed["article"]["added"] == 197
        assert indexed["ticket"]["added"] == 4 * N_PROBLEMS
        again = json_of(["index", str(DATA / "articles.jsonl"), str(history), "--json"], environment)
        assert again["article"] == {"added": 0, "changed": 0, "unchanged": 197, "removed": 0, "rejected": 0}
        assert again["ticket"]["unchanged"] == 4 * N_PROBLEMS

    def test_same_answer_at_both_doors(self, client, environment, tmp_path):
        """The command line and the service say the same of the same ticket."""
        ticket = {"id": "4711", "subject": "Drucker", "body": "Der Etikettendrucker im Lager druckt seit heute nicht."}
        by_http = client.post("/v1/classifications", json=ticket).raise_for_status().json()
        file = tmp_path / "tickets.jsonl"
        file.write_text(json.dumps(ticket) + "\n", "utf-8")
        by_line = json_of(["predict", str(file)], environment)
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
        assert client.get("/page/app.js").is_success

    def test_port_in_use_is_told(self, client, environment):
        """A second service on the same port ends with one line that names the cure."""
        done = run(["serve", "--port", str(client.base_url.port)], environment)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "port" in done.stderr
