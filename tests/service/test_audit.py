"""What a program gets whose automatic decisions are asked back: the service around a real desk."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from classifier import ModelShelf
from desk import AuditAnswer, Settings
from service import create_app

NAMES = ("audit_drawn", "audit_answered", "audit_wrong", "promise_withdrawn")


@pytest.fixture
def real_settings(tmp_path, encoder_folder) -> Settings:
    """Settings of a desk whose every automatic decision is asked back."""
    return Settings(
        models=tmp_path / "models",
        encoder=str(encoder_folder),
        knowledge=tmp_path / "knowledge",
        journal=f"sqlite:///{tmp_path}/journal.db",
        audit_share=1.0,
        authentication="off",
    )


@pytest.fixture
def version(real_settings, promising) -> str:
    """The champion: a model with a promise."""
    shelf = ModelShelf(real_settings.models)
    version = shelf.save(promising, n_tickets=1, data_fingerprint="x").version
    shelf.promote(version)
    return version


@pytest.fixture
def real_client(real_settings, version) -> Iterator[TestClient]:
    """The running service."""
    with TestClient(create_app(real_settings), base_url="http://localhost") as client:
        yield client


def gauges(client: TestClient) -> dict[str, float]:
    """The audit's gauges, by name and version."""
    lines = [line.rpartition(" ") for line in client.get("/metrics").text.splitlines() if "{version=" in line]
    kept = tuple(f"stellwerk_{name}{{" for name in NAMES)
    return {name: float(value) for name, _, value in lines if name.startswith(kept)}


def test_an_audit_answered_with_other_labels_withdraws_the_promise(
    real_client, real_settings, version, small_history
) -> None:
    """Asked back, contradicted, withdrawn: told in the next answer, the list of models and the metrics."""
    learned = small_history[0].ticket
    ticket = {"subject": learned.subject, "body": learned.body, "product": learned.product}
    for _ in range(5):
        answer = real_client.post("/v1/classifications", json=ticket).json()
        if answer["decision"]["action"] != "auto":
            break
        assert answer["decision"]["audit"]
        level = "1" if answer["decision"]["labels"]["level"] != "1" else "2"
        labels = answer["decision"]["labels"] | {"level": level}
        told = real_client.post("/v1/feedback", json={"classification_id": answer["id"], "labels": labels})
        assert told.status_code == 204
    decision = real_client.post("/v1/classifications", json=ticket).json()["decision"]
    assert decision["action"] == "suggest"
    assert decision["reasons"] == [{"code": "promise_withdrawn", "target": None}]
    assert (decision["promise"], decision["audit"]) == (None, False)
    (entry,) = real_client.get("/v1/models").json()["models"]
    n = entry["audit"]["n_drawn"]
    assert 2 <= n <= 5
    assert entry["audit"]["n_wrong"] == entry["audit"]["n_answered"] == n
    assert entry["audit"]["withdrawn_since"].startswith("20")
    expected = {"audit_drawn": n, "audit_answered": n, "audit_wrong": n, "promise_withdrawn": 1}
    told = {f'stellwerk_{name}{{version="{version}"}}': expected[name] for name in NAMES}
    assert told.items() <= gauges(real_client).items()
    with TestClient(
        create_app(real_settings.model_copy(update={"audit_share": 0.0})), base_url="http://localhost"
    ) as restarted:
        assert restarted.post("/v1/classifications", json=ticket).json()["decision"] == decision


def test_the_audit_of_the_serving_model_alone_is_counted(client, desk) -> None:
    """The gauges name the champion, follow a promotion, and are silent where the journal cannot be read."""
    audit = AuditAnswer(n_drawn=9, n_answered=4, n_wrong=1, withdrawn_since=None)
    desk.audits = {"v1": audit.model_copy(update={"n_drawn": 3}), "v2": audit}
    assert gauges(client) == {
        'stellwerk_audit_drawn{version="v2"}': 9,
        'stellwerk_audit_answered{version="v2"}': 4,
        'stellwerk_audit_wrong{version="v2"}': 1,
        'stellwerk_promise_withdrawn{version="v2"}': 0,
    }
    client.post("/v1/models/v1/promote")
    assert gauges(client)['stellwerk_audit_drawn{version="v1"}'] == 3
    assert not [name for name in gauges(client) if "v2" in name]
    desk.audits = {}
    assert gauges(client) == {}
