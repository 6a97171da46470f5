"""The application itself: when it reads, what it imports, how it describes itself."""

import subprocess
import sys

import jsonschema
import pytest
from starlette.testclient import TestClient

from service import create_app

CONTRACT = {
    ("post", "/v1/classifications"),
    ("post", "/v1/classifications/batch"),
    ("get", "/v1/search"),
    ("post", "/v1/search"),
    ("put", "/v1/knowledge/{document_id}"),
    ("delete", "/v1/knowledge/{document_id}"),
    ("post", "/v1/knowledge/batch"),
    ("post", "/v1/feedback"),
    ("get", "/v1/models"),
    ("post", "/v1/models/{version}/promote"),
    ("post", "/v1/models/rollback"),
    ("post", "/v1/models/{version}/shadow"),
    ("delete", "/v1/models/shadow"),
    ("get", "/livez"),
    ("get", "/readyz"),
    ("get", "/metrics"),
}
ADDITIONS = {
    ("get", "/v1/audit-trail"),
    ("delete", "/v1/tickets/{ticket_id}"),
    ("delete", "/v1/customers/{customer}"),
    ("post", "/v1/forgettings"),
    ("get", "/v1/forgettings"),
    ("post", "/v1/duplicates"),
    ("get", "/v1/knowledge/gaps"),
    ("get", "/v1/reviews"),
    ("get", "/v1/labelling-queue"),
    ("get", "/v1/tickets/{ticket_id}"),
    ("get", "/v1/documents/{kind}/{document_id}"),
    ("get", "/v1/models/{version}/insight"),
    ("get", "/v1/models/{version}/plots/{plot}.svg"),
    ("get", "/v1/insight/knowledge"),
}


@pytest.fixture(scope="module")
def description() -> dict:
    """The application's description of itself."""
    from desk import Settings

    return create_app(Settings()).openapi()


def test_importing_the_service_loads_nothing_heavy():
    """A program that asks for help or a description does not wait for a model's libraries."""
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; import service.app; "
        "print([name for name in ('torch', 'mlflow', 'transformers', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_building_the_application_opens_nothing(settings):
    """The desk is opened when the application starts, not when it is built."""
    opened = []
    create_app(settings, opened.append).openapi()
    assert not opened


def test_an_application_that_ends_lets_go_of_its_desk(settings, desk):
    """Whoever stops the service finds the desk closed."""
    with TestClient(create_app(settings, lambda _: desk)):
        assert not desk.closed
    assert desk.closed


def test_the_description_has_the_whole_contract(description):
    """Every endpoint of the contract, and what was added to it, is described, with a summary."""
    found = {
        (method, path): operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    assert set(found) == CONTRACT | ADDITIONS
    assert all(operation["summary"] and operation["description"] for operation in found.values())


def test_every_example_is_a_valid_request(description):
    """The examples shown satisfy the schema shown, each body in German and in English."""
    n_examples = 0
    for methods in description["paths"].values():
        for operation in methods.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                assert len(media["examples"]) >= 2
                for example in media["examples"].values():
                    _validate(example["value"], media["schema"], description)
                    n_examples += 1
    assert n_examples >= 12


def test_every_example_is_a_valid_answer(description):
    """The answers shown satisfy the schema they are shown with."""
    shown = {name: schema for name, schema in description["components"]["schemas"].items() if "examples" in schema}
    assert {"ClassificationAnswer", "SearchAnswer", "IndexAnswer"} <= set(shown)
    for schema in shown.values():
        for example in schema["examples"]:
            _validate(example, schema, description)


@pytest.mark.parametrize("path", ["/v1/classifications", "/v1/search", "/v1/feedback"])
def test_every_example_is_answered(client, description, path):
    """The examples shown can be sent as they stand."""
    for example in description["paths"][path]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ].values():
        assert client.post(path, json=example["value"]).status_code in {200, 204, 404}


def test_problems_are_described_as_problems(description):
    """Every refusal in the description is a problem, and its schema is there."""
    for methods in description["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"]
    assert {"Problem", "Fault"} <= set(description["components"]["schemas"])
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_the_description_is_served(client, description):
    """`/openapi.json` is the description."""
    assert client.get("/openapi.json").json()["paths"].keys() == description["paths"].keys()


def _validate(value, schema, description):
    jsonschema.Draft202012Validator(schema | {"components": description["components"]}).validate(value)
