"""Tokens of an OpenID Connect issuer, which the test starts."""

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey
from tests.small_issuer import AUDIENCE, RSA, SmallIssuer

from desk import Issuer, IssuerError, IssuerSettingsError, Scope, Settings, UnknownCredentialError


@pytest.fixture
def small() -> Iterator[SmallIssuer]:
    """The issuer."""
    issuer = SmallIssuer()
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()


@pytest.fixture
def issuer(small, monkeypatch) -> Issuer:
    """What checks its tokens, and may ask it as often as it likes."""
    monkeypatch.setattr("desk.issuer._BETWEEN_FETCHES_SECONDS", 0.0)
    return Issuer(Settings(oidc_issuer=small.url, oidc_audience=AUDIENCE, oidc_customer_claim="customers"))


def test_a_token_is_whom_it_says(small, issuer):
    """Subject, scopes and customers are read; what other programs call a scope is passed over."""
    token = small.token(scope="openid stellwerk:search admin stellwerk:classify", customers=["Nord", "Süd GmbH"])
    identity = issuer.identify(token)
    assert identity.actor == "oidc:erika"
    assert identity.scopes == {Scope.SEARCH, Scope.CLASSIFY}
    assert identity.customers == {"Nord", "Süd GmbH"}


@pytest.mark.parametrize(
    ("told", "customers"),
    [
        (None, frozenset()),
        ([], frozenset()),
        ("Süd GmbH", {"Süd GmbH"}),
        (["*"], None),
        ({"a": 1}, frozenset()),
        ([1], frozenset()),
    ],
)
def test_without_customers_it_sees_those_of_nobody(small, issuer, told, customers):
    """Where the settings ask for customers, a token that names none sees no ticket; `*` sees all."""
    assert issuer.identify(small.token(customers=told)).customers == customers


def test_roles_may_lie_deeper(small):
    """A claim is found step by step, as Keycloak puts it, or by its whole name, as others do."""
    told = {"realm_access": {"roles": ["stellwerk:models"]}, "https://x.example/roles": ["stellwerk:search"]}
    for claim, scope in (("realm_access.roles", Scope.MODELS), ("https://x.example/roles", Scope.SEARCH)):
        settings = Settings(oidc_issuer=small.url, oidc_audience=AUDIENCE, oidc_scope_claim=claim)
        identity = Issuer(settings).identify(small.token(**told))
        assert (identity.scopes, identity.customers) == ({scope}, None)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"exp": 1_000},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 9_999_999_999},
        {"iat": 9_999_999_999},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 201},
        {"sub": "erika\nadmin"},
    ],
)
def test_what_a_token_says_must_fit(small, issuer, claims):
    """Issuer, audience, subject and times must be there and right."""
    with pytest.raises(UnknownCredentialError):
        issuer.identify(small.token(**claims))


def test_clocks_may_differ_a_little(small, issuer):
    """A token that ended, or begins, within a minute is accepted."""
    now = int(time.time())
    assert issuer.identify(small.token(exp=now - 30, nbf=now + 30, iat=now + 30))
    with pytest.raises(UnknownCredentialError, match="expired_token"):
        issuer.identify(small.token(exp=now - 90))


def test_only_the_issuers_signature_counts(small, issuer):
    """Unsigned tokens, shared secrets, other keys of the same name and changed words are refused."""
    good = small.token()
    head, body, signature = good.split(".")
    shared = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    unsigned = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    public = small.keys[0].as_pem(private=False)
    mac = urlsafe_b64encode(hmac.digest(public, f"{shared}.{body}".encode(), "sha256")).decode().rstrip("=")
    forged = [
        small.token(key=RSAKey.generate_key(2048, {"kid": "one"})),
        f"{shared}.{body}.{mac}",
        f"{head}.{body}.",
        f"{head}.{body[:-4]}AAAA.{signature}",
        small.token(header={"alg": "RS512"}),
        small.token(key=ECKey.generate_key("P-256", {"kid": "one"}), header={"alg": "ES256"}),
        f"{unsigned}.{body}.",
    ]
    assert issuer.identify(good)
    for token in forged:
        with pytest.raises(UnknownCredentialError):
            issuer.identify(token)


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: raw.decode("latin-1") + ".e30.x")))
def test_any_other_bytes_are_nobodys(issuer, shown):
    """Whatever is sent as a token is refused, and makes no other error."""
    with pytest.raises(UnknownCredentialError):
        issuer.identify(shown)


def test_changed_keys_are_noticed(small, issuer):
    """A token signed with a new key is accepted at once, one signed with a withdrawn key no longer."""
    old = small.token()
    assert issuer.identify(old)
    small.keys = [RSA["two"]]
    assert issuer.identify(small.token())
    with pytest.raises(UnknownCredentialError):
        issuer.identify(old)


def test_keys_are_fetched_once(small):
    """Many tokens ask the issuer twice in all; unknown key ids do not make it asked at will."""
    issuer = Issuer(Settings(oidc_issuer=small.url, oidc_audience=AUDIENCE))
    for _ in range(5):
        issuer.identify(small.token())
    assert small.n_asked == 2
    for n in range(5):
        with pytest.raises(UnknownCredentialError):
            issuer.identify(small.token(header={"kid": f"unknown-{n}"}))
    assert small.n_asked == 2


@pytest.mark.parametrize("fault", ["status", "named", "gone"])
def test_an_issuer_that_fails_lets_nobody_in(small, issuer, fault):
    """While its keys cannot be had, nobody is known, and the error names the cure."""
    if fault == "status":
        small.status = 500
    elif fault == "named":
        small.named = "https://evil.example"
    else:
        small.server.shutdown()
        small.server.server_close()
    with pytest.raises(IssuerError, match="STELLWERK_OIDC_ISSUER"):
        issuer.identify(small.token())


def test_an_issuer_that_fails_for_a_moment_is_missed_only_when_its_keys_are_old(small, issuer, monkeypatch):
    """Known keys serve an hour without it; then nobody is let in until it is back."""
    assert issuer.identify(small.token())
    small.status = 500
    assert issuer.identify(small.token())
    monkeypatch.setattr("desk.issuer._KEPT_SECONDS", 0.0)
    with pytest.raises(IssuerError):
        issuer.identify(small.token())


@pytest.mark.parametrize(
    ("issuer", "audience"),
    [
        ("http://login.example", "x"),
        ("ftp://login.example", "x"),
        ("login.example", "x"),
        ("https://login.example", ""),
    ],
)
def test_unsafe_settings_are_refused(issuer, audience):
    """Plain HTTP to elsewhere, other schemes, and a missing audience are not accepted."""
    with pytest.raises(IssuerSettingsError):
        Issuer(Settings(oidc_issuer=issuer, oidc_audience=audience))
