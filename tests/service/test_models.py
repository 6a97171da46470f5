"""What a program gets that looks after the models."""

from classifier import EncoderMismatchError


def test_models_are_listed(client):
    """All models, newest first, and which one serves."""
    answer = client.get("/v1/models").json()
    assert answer["champion"] == "v2"
    assert [(model["version"], model["champion"]) for model in answer["models"]] == [
        ("v2", True),
        ("v1", False),
    ]


def test_a_model_is_promoted_and_rolled_back(client):
    """Promotion changes which model answers, and rolling back undoes it."""
    assert client.post("/v1/models/v1/promote").json()["champion"] == "v1"
    assert client.post("/v1/classifications", json={"body": "x"}).json()["model"]["version"] == "v1"
    assert client.post("/v1/models/rollback").json()["champion"] == "v2"


def test_an_unknown_version_is_told(client):
    """A version that is not on the shelf cannot be promoted."""
    answer = client.post("/v1/models/v9/promote")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:stellwerk:problem:unknown-version"
    assert client.get("/v1/models").json()["champion"] == "v2"


def test_a_model_that_cannot_serve_is_not_promoted(client, desk):
    """A model that learned with another encoder is refused with the cure, and the champion stays."""
    desk.fault = EncoderMismatchError("e5", "minilm")
    answer = client.post("/v1/models/v1/promote")
    desk.fault = None
    assert answer.status_code == 409
    assert "STELLWERK_ENCODER" in answer.json()["detail"]
    assert client.get("/v1/models").json()["champion"] == "v2"


def test_a_model_is_tried_beside_the_champion(client):
    """A challenger is named and let go; meanwhile the champion answers."""
    assert client.post("/v1/models/v1/shadow").json()["shadow"]["version"] == "v1"
    assert client.post("/v1/classifications", json={"body": "x"}).json()["model"]["version"] == "v2"
    assert client.get("/v1/models").json()["shadow"]["n_scored"] == 0
    assert client.delete("/v1/models/shadow").json()["shadow"] is None
    assert client.post("/v1/models/v9/shadow").status_code == 404


def test_a_model_that_cannot_serve_is_not_tried(client, desk):
    """What would be refused as champion is refused as challenger."""
    desk.fault = EncoderMismatchError("e5", "minilm")
    assert client.post("/v1/models/v1/shadow").status_code == 409


def test_there_may_be_nothing_to_roll_back_to(client):
    """Rolling back the first champion is refused and changes nothing."""
    answer = client.post("/v1/models/rollback")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:stellwerk:problem:nothing-to-roll-back"
    assert client.get("/v1/models").json()["champion"] == "v2"
