"""The running service does what `/openapi.json` says, for whatever request the description allows, and for others."""

import json
from collections.abc import Iterator
from itertools import cycle

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS
from starlette.testclient import TestClient
from tests.hardening.conftest import LOCAL, ready, until

from desk import AccessKeys, Scope, Settings
from journal import Journal
from service import create_app

pytestmark = pytest.mark.slow
N_EXAMPLES = 10
DESCRIBED = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
TOLD = {(503, "/v1/knowledge/gaps")}
"""Too few solved tickets here name their article for gaps to be told."""
CHECKED = CHECKS.get_by_names(
    [
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)


@pytest.fixture(scope="module")
def locked(filled: Settings) -> Iterator[tuple[TestClient, dict[Scope, str]]]:
    """The service where it asks for keys, and a key of each scope."""
    settings = filled.model_copy(update={"authentication": "keys"})
    with Journal.open(settings.journal) as journal:
        kept = AccessKeys(lambda: journal)
        keys = {scope: kept.create(scope.value, [scope], actor="test").key for scope in Scope}
    with ready(settings) as client:
        until(lambda: client.get("/readyz").is_success)
        yield client, keys


OTHERS = cycle(scope for scope in Scope if scope is not Scope.ADMIN)


def sent(client: TestClient, case: schemathesis.Case, key: str):
    """The answer to a generated request under this key."""
    asked = case.as_transport_kwargs(base_url=LOCAL)
    content = json.dumps(asked["json"]).encode() if "json" in asked else asked.get("data")
    headers = {name: str(value).encode() for name, value in asked["headers"].items()}
    headers |= {"authorization": f"Bearer {key}".encode()}
    return client.request(asked["method"], asked["url"], params=asked["params"], content=content, headers=headers)


@DESCRIBED.parametrize()
@hypothesis_settings(
    max_examples=N_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
def test_every_operation_keeps_its_description(case, locked):
    """Under a key of its scope each answer is as described and none says 500; under another key nothing is done."""
    client, keys = locked
    described = case.operation.definition.raw
    (needed,) = {scope for one in described.get("security", ()) for of in one.values() for scope in of} or {None}
    answer = sent(client, case, keys[Scope(needed or "search")])
    assert answer.status_code < 500 or (answer.status_code, case.operation.path) in TOLD, answer.text
    case.validate_response(answer, checks=CHECKED)
    other = next(OTHERS)
    if needed not in {None, other.value}:
        assert 400 <= sent(client, case, keys[other]).status_code < 500
