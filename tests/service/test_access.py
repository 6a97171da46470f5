"""Who is let in, for every operation that `/openapi.json` describes, so that a new one cannot be forgotten."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.service.conftest import MemoryDesk
from tests.small_issuer import AUDIENCE, SmallIssuer

from desk import TRIAL, AccessKeys, ExposedServiceError, Scope, Settings
from journal import Journal
from service import create_app
from service.access import PAGES

OPEN = {("get", "/livez"), ("get", "/readyz")}
"""The only operations that need nobody; each of them tells no data."""
HIDDEN = {("GET", page) for page in PAGES} | {("GET", "/page/{name}"), ("POST", "/session"), ("DELETE", "/session")}
"""What the description leaves out: the pages, their files, and signing in to them."""
DESCRIPTION = create_app(Settings()).openapi()
OPERATIONS = [
    (method, path, operation) for path, methods in DESCRIPTION["paths"].items() for method, operation in methods.items()
]
GUARDED = [one for one in OPERATIONS if one[:2] not in OPEN]
SAME = {"sec-fetch-site": "same-origin"}
"""What a browser says of the service's own page."""
each_guarded = pytest.mark.parametrize(("method", "path", "operation"), GUARDED, ids=lambda one: str(one)[:40])


@pytest.fixture
def locked_settings(settings) -> Settings:
    """Settings that ask for keys."""
    return settings.model_copy(update={"authentication": "keys"})


@pytest.fixture
def journal(settings) -> Iterator[Journal]:
    """The journal that keeps the keys."""
    with Journal.open(settings.journal) as opened:
        yield opened


@pytest.fixture
def keys(journal) -> AccessKeys:
    """The keys of the desk."""
    return AccessKeys(lambda: journal)


@pytest.fixture
def locked(locked_settings, keys) -> Iterator[TestClient]:
    """A service that asks for a key, around a desk in memory."""
    desk = MemoryDesk(locked_settings)
    desk.keys = keys
    with TestClient(create_app(locked_settings, lambda _: desk), base_url="https://desk.example") as client:
        yield client


@pytest.fixture
def ask(locked) -> Callable[..., Any]:
    """Sends an operation with a body that its description shows."""

    def send(method: str, path: str, operation: dict, key: str | None = None, **more):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        body = next(iter(content["examples"].values()))["value"] if content else None
        known = {"kind": "article", "plot": "drift"}
        for name in ("document_id", "version", "ticket_id", "customer", *known):
            path = path.replace(f"{{{name}}}", known.get(name, "v1"))
        assert "{" not in path, f"say what to put into {path}"
        headers = {"authorization": f"Bearer {key}"} if key else {}
        query = {
            one["name"]: "x" for one in operation.get("parameters", ()) if one["in"] == "query" and one["required"]
        }
        return locked.request(method, path, json=body, params=query, headers=headers | more.pop("headers", {}), **more)

    return send


def scope_of(operation: dict) -> Scope:
    """The scope that an operation is described with."""
    (scope,) = {scope for one in operation["security"] for scopes in one.values() for scope in scopes}
    return Scope(scope)


def refused(answer, status: int) -> bool:
    """Whether it is a problem of this status that names how to be let in."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code == status and answer.headers["www-authenticate"].startswith("Bearer")


def test_every_operation_says_what_it_needs():
    """Each operation names one scope, the few open ones none; what is not described is known by name."""
    assert {one[:2] for one in OPERATIONS if not one[2].get("security")} == OPEN
    assert {scope_of(operation) for *_, operation in GUARDED} <= set(Scope)
    assert set(DESCRIPTION["components"]["securitySchemes"]) == {"key", "session"}
    routes = [
        route
        for included in create_app(Settings()).routes
        for route in getattr(getattr(included, "original_router", None), "routes", [included])
    ]
    assert len(routes) > len(OPERATIONS)
    hidden = {(method, route.path) for route in routes if not route.include_in_schema for method in route.methods}
    assert hidden - {("HEAD", "/openapi.json"), ("GET", "/openapi.json")} == HIDDEN


@each_guarded
def test_nobody_unknown_is_let_in(ask, keys, method, path, operation):
    """Without a key, with another kind of credential, an unknown, a revoked and an expired key: 401."""
    key = keys.create("x", [Scope.ADMIN], actor="test").key
    assert refused(ask(method, path, operation), 401)
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    for shown in ("", "nonsense", "stw_000000000000_" + "0" * 64, wrong, key.upper(), key[:-1]):
        assert refused(ask(method, path, operation, headers={"authorization": f"Bearer {shown}"}), 401), shown
    assert refused(ask(method, path, operation, headers={"authorization": f"Basic {key}"}), 401)
    as_session = {"cookie": f"stellwerk-session={key}", "sec-fetch-site": "same-origin"}
    assert refused(ask(method, path, operation, headers=as_session), 401)
    keys.revoke(key.split("_")[1], actor="test")
    answer = ask(method, path, operation, key)
    assert refused(answer, 401)
    assert "revoked" in answer.json()["detail"]


@each_guarded
def test_an_expired_key_opens_nothing(ask, keys, journal, method, path, operation):
    """A key past its day is refused with the reason."""
    key = keys.create("x", [Scope.ADMIN], expires_at=datetime.now(UTC) + timedelta(milliseconds=20), actor="test").key
    while (answer := ask(method, path, operation, key)).status_code != 401:
        pass
    assert "expired" in answer.json()["detail"]


@each_guarded
def test_only_its_own_scope_opens_an_operation(ask, keys, method, path, operation):
    """A key with every other scope is answered 403 with the one it lacks; one with this scope alone is let in."""
    needed = scope_of(operation)
    others = keys.create("others", set(Scope) - {needed, Scope.ADMIN}, actor="test").key
    answer = ask(method, path, operation, others)
    assert refused(answer, 403)
    assert f'scope="{needed}"' in answer.headers["www-authenticate"]
    assert needed in answer.json()["detail"]
    for scopes in ([needed], [Scope.ADMIN]):
        assert ask(method, path, operation, keys.create("own", scopes, actor="test").key).status_code not in {401, 403}


@each_guarded
def test_a_body_is_not_read_for_a_stranger(locked, method, path, operation):
    """What nobody known sends is not even looked at: 401 comes before any fault in it."""
    answer = locked.request(method, path, content=b"{not json", headers={"content-type": "application/json"})
    assert answer.status_code == 401


def test_an_endpoint_that_forgot_its_scope_is_still_closed(locked, keys):
    """Paths that nobody declared open need somebody who is known, also those that do not exist."""
    assert locked.get("/v1/unknown").status_code == 401
    assert locked.get("/v1/unknown", headers=bearer(keys, Scope.SEARCH)).status_code == 404
    assert locked.post("/livez/../v1/classifications", json={}).status_code == 401
    assert locked.get("/page/../metrics").status_code == 401
    for host in ("desk.example/livez?", "desk.example/livez#", "desk.example/page/"):
        assert locked.get("/v1/unknown", headers={"host": host}).status_code == 401
        assert locked.get("/v1/models", headers={"host": host}).status_code == 401


def test_what_is_open_tells_no_data(locked):
    """Life, readiness, the description and the page's files need no key; the page shows a form alone."""
    for path in ("/livez", "/readyz", "/openapi.json", "/page/search.js", "/page/sign-in.js"):
        assert locked.get(path).status_code in {200, 503}
    for path in PAGES:
        page = locked.get(path).text
        assert 'id="sign-in"' in page
        assert "v2" not in page
        assert 'id="taxonomy"' not in page


def bearer(keys: AccessKeys, *scopes: Scope, **bound) -> dict[str, str]:
    """The header that shows a new key."""
    return {"authorization": f"Bearer {keys.create('test', scopes, **bound, actor='test').key}"}


def test_keys_bound_to_customers_do_not_reach_what_concerns_all(locked, keys, journal):
    """Whoever is bound may not look at models or metrics, even if the journal said so."""
    from desk.identity import Identity

    bound = Identity(actor="x", scopes=frozenset(Scope), customers=frozenset({"Nord"}))
    assert {scope for scope in Scope if bound.may(scope)} == {"classify", "search", "feedback", "knowledge"}
    assert TRIAL.may(Scope.MODELS)


class TestPage:
    """Signing in to the page, and what a session may do."""

    def sign_in(self, locked, keys, *scopes):
        """A key, and the answer to signing in with it."""
        key = keys.create("page", scopes, actor="test").key
        answer = locked.post("/session", json={"key": key}, headers=SAME)
        assert answer.status_code == 204, answer.text
        return key, answer

    def test_a_session_stands_for_the_key_and_is_not_the_key(self, locked, keys):
        """The cookie cannot be read by scripts or sent from other sites, holds another secret, and opens the page."""
        key, answer = self.sign_in(locked, keys, Scope.CLASSIFY)
        cookie = answer.headers["set-cookie"]
        assert all(mark in cookie.lower() for mark in ("httponly", "samesite=strict", "secure", "max-age=43200"))
        assert key not in cookie
        assert key.split("_")[2] not in cookie
        assert 'id="ticket"' in locked.get("/ticket").text
        assert "models" in locked.get("/models").text
        assert 'id="models"' not in locked.get("/models").text
        assert locked.post("/v1/classifications", json={"body": "x"}, headers=SAME).status_code == 200
        assert locked.get("/v1/models").status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "https://desk.example.evil.example"},
        ],
    )
    def test_other_sites_change_nothing_with_a_session(self, locked, keys, headers):
        """A change asked for by cookie is done for this service's own page alone."""
        self.sign_in(locked, keys, Scope.ADMIN)
        for method, path in (("POST", "/v1/classifications"), ("POST", "/v1/models/rollback"), ("DELETE", "/session")):
            assert locked.request(method, path, headers=headers).status_code == 403
        assert locked.post("/session", json={"key": "x"}, headers=headers).status_code == 403
        assert locked.get("/v1/models").status_code == 200

    def test_a_browser_without_fetch_metadata_is_known_by_its_origin(self, locked, keys):
        """The origin of the very host asked is this service's page."""
        self.sign_in(locked, keys, Scope.CLASSIFY)
        headers = {"origin": "https://desk.example"}
        assert locked.post("/v1/classifications", json={"body": "x"}, headers=headers).status_code == 200

    def test_a_password_for_a_proxy_is_no_hindrance(self, locked, keys):
        """Where the browser also sends a proxy's password, the session counts."""
        self.sign_in(locked, keys, Scope.MODELS)
        assert locked.get("/v1/models", auth=("erika", "password")).status_code == 200

    def test_signing_out_ends_the_session_itself(self, locked, keys):
        """A cookie that somebody kept opens nothing after signing out."""
        self.sign_in(locked, keys, Scope.MODELS)
        kept = locked.cookies["stellwerk-session"]
        assert locked.delete("/session", headers=SAME).status_code == 204
        assert not locked.cookies
        locked.cookies.set("stellwerk-session", kept)
        assert locked.get("/v1/models").status_code == 401
        assert 'id="sign-in"' in locked.get("/").text

    def test_revoking_a_key_ends_its_sessions(self, locked, keys):
        """Whoever lost a key does not stay signed in."""
        key, _ = self.sign_in(locked, keys, Scope.MODELS)
        keys.revoke(key.split("_")[1], actor="test")
        assert locked.get("/v1/models").status_code == 401

    def test_a_wrong_key_begins_no_session(self, locked):
        """The page is told why, and gets no cookie."""
        answer = locked.post("/session", json={"key": "stw_wrong"}, headers=SAME)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers

    def test_a_session_without_tls_is_kept_as_well(self, locked, keys):
        """On plain HTTP, as on this machine, the cookie is not marked as secure, or the browser would drop it."""
        key = keys.create("page", [Scope.SEARCH], actor="test").key
        answer = locked.post("http://localhost/session", json={"key": key}, headers=SAME)
        assert "secure" not in answer.headers["set-cookie"].lower()


class TestTrial:
    """Without authentication."""

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example", ""])
    def test_nothing_starts_that_others_reach(self, settings, host):
        """Off, and bound elsewhere than to this machine, is refused with the cure."""
        with pytest.raises(ExposedServiceError, match="keys create"):
            create_app(settings.model_copy(update={"host": host}))

    @pytest.mark.parametrize("url", ["http://192.0.2.1", "http://desk.example", "http://evil.example:8000"])
    def test_requests_from_elsewhere_are_refused(self, settings, desk, url):
        """A server that was started around the settings, or a name made to lead here, is answered 403."""
        with TestClient(create_app(settings, lambda _: desk), base_url=url) as client:
            assert client.get("/v1/models").status_code == 403
            assert client.get("http://localhost/v1/models", headers={"host": "evil.example"}).status_code == 403
            assert client.get("http://localhost/v1/models").status_code == 200

    def test_it_says_so_loudly(self, settings, desk, caplog):
        """Log and page tell that everybody may do anything."""
        with TestClient(create_app(settings, lambda _: desk), base_url="http://localhost") as client:
            assert "AUTHENTICATION IS OFF" in caplog.text
            assert "Without authentication" in client.get("/?lang=en").text
            assert "Ohne Anmeldung" in client.get("/?lang=de").text


class TestLimits:
    """How often somebody may ask."""

    def test_a_key_that_asks_too_often_waits(self, locked_settings, keys):
        """Beyond the burst a key is answered 429 with the seconds to wait; another key is not."""
        frugal = locked_settings.model_copy(update={"requests_per_minute": 6, "requests_at_once": 3})
        desk = MemoryDesk(frugal)
        desk.keys = keys
        with TestClient(create_app(frugal, lambda _: desk)) as client:
            one, other = (bearer(keys, Scope.MODELS) for _ in range(2))
            answers = [client.get("/v1/models", headers=one) for _ in range(5)]
            assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
            assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
            assert answers[-1].headers["content-type"] == "application/problem+json"
            assert client.get("/v1/models", headers=other).status_code == 200

    def test_an_address_that_guesses_is_not_listened_to(self, locked, keys):
        """After thirty failures even a right key waits, unless it was right before; nothing else is locked out."""
        known, new = bearer(keys, Scope.MODELS), bearer(keys, Scope.MODELS)
        assert locked.get("/v1/models", headers=known).status_code == 200
        guesses = [locked.get("/v1/models", headers={"authorization": f"Bearer stw_{n}"}) for n in range(31)]
        assert [guess.status_code for guess in guesses] == [401] * 30 + [429]
        assert int(guesses[-1].headers["retry-after"]) >= 1
        assert locked.get("/v1/models", headers=new).status_code == 429
        assert locked.post("/session", json={"key": "x"}, headers=SAME).status_code == 429
        assert locked.get("/v1/models", headers=known).status_code == 200
        assert locked.get("/livez").status_code == 200


def test_no_secret_is_logged(locked, keys, caplog):
    """Neither a key nor a session's secret stands in any line, whatever level."""
    with caplog.at_level("DEBUG"):
        key = keys.create("page", [Scope.MODELS], actor="test").key
        locked.post("/session", json={"key": key}, headers=SAME)
        secret = locked.cookies["stellwerk-session"]
        locked.get("/v1/models")
        locked.get("/v1/models", headers={"authorization": f"Bearer {key}x"})
        locked.get("/v1/models", headers={"authorization": f"Bearer {key}"})
        keys.revoke(key.split("_")[1], actor="test")
        answers = [locked.get("/v1/models"), locked.get("/v1/models", headers={"authorization": f"Bearer {key}"})]
    for words in (caplog.text, *(answer.text for answer in answers)):
        assert key.split("_")[2] not in words
        assert secret not in words


def test_a_lost_journal_lets_nobody_in(locked, keys, journal, settings, tmp_path):
    """While nobody can be known, the answer is 503 with the cure and a time to come back."""
    headers = bearer(keys, Scope.MODELS)
    journal.close()
    (tmp_path / "journal.db").unlink()
    answer = locked.get("/v1/models", headers=headers)
    assert answer.status_code == 503
    assert "journal" in answer.json()["detail"]
    assert answer.headers["retry-after"]


def test_answers_over_tls_ask_for_tls(locked):
    """Browsers are told to come back over TLS, where they came over it."""
    assert "max-age" in locked.get("/livez").headers["strict-transport-security"]
    assert "strict-transport-security" not in locked.get("http://localhost/livez").headers
    assert "camera=()" in locked.get("/livez").headers["permissions-policy"]


class TestTokens:
    """Tokens of an OpenID Connect issuer."""

    @pytest.fixture
    def issuer(self) -> Iterator[SmallIssuer]:
        """The issuer."""
        issuer = SmallIssuer()
        yield issuer
        issuer.server.shutdown()
        issuer.server.server_close()

    @pytest.fixture
    def trusting(self, issuer, locked_settings, keys) -> Iterator[TestClient]:
        """A service that accepts its tokens, beside keys."""
        settings = locked_settings.model_copy(update={"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE})
        desk = MemoryDesk(settings)
        desk.keys = keys
        with TestClient(create_app(settings, lambda _: desk)) as client:
            yield client

    def test_a_token_opens_what_it_names(self, trusting, issuer, keys):
        """A token with the scope is let in, one without it is not, and keys open as before."""
        for scopes, status in (("stellwerk:models", 200), ("openid", 403), ("stellwerk:search", 403)):
            headers = {"authorization": f"Bearer {issuer.token(scope=scopes)}"}
            assert trusting.get("/v1/models", headers=headers).status_code == status
        assert trusting.get("/v1/models", headers=bearer(keys, Scope.MODELS)).status_code == 200
        for token in ("x.y.z", issuer.token(aud="another", scope="stellwerk:models")):
            assert trusting.get("/v1/models", headers={"authorization": f"Bearer {token}"}).status_code == 401

    def test_a_proxy_may_sign_in_for_the_page(self, trusting, issuer):
        """With a token in the header the page opens without a key."""
        token = issuer.token(scope="stellwerk:classify")
        assert 'id="ticket"' in trusting.get("/ticket", headers={"authorization": f"Bearer {token}"}).text
        assert 'id="sign-in"' in trusting.get("/").text

    def test_while_the_issuer_fails_its_tokens_open_nothing(self, trusting, issuer, keys):
        """503 with the cure and a time to come back, never access; keys are not concerned."""
        issuer.status = 500
        answer = trusting.get(
            "/v1/models", headers={"authorization": f"Bearer {issuer.token(scope='stellwerk:models')}"}
        )
        assert answer.status_code == 503
        assert "STELLWERK_OIDC_ISSUER" in answer.json()["detail"]
        assert answer.headers["retry-after"]
        assert trusting.get("/v1/models", headers=bearer(keys, Scope.MODELS)).status_code == 200
