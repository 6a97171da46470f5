"""Access keys: made, recognised, revoked."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import AccessKeys, KeyRequestError, Scope, UnknownCredentialError, UnknownKeyError
from journal import Journal


@pytest.fixture
def journal(tmp_path) -> Iterator[Journal]:
    """An empty journal."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.db") as opened:
        yield opened


@pytest.fixture
def keys(journal) -> AccessKeys:
    """The keys kept there."""
    return AccessKeys(lambda: journal)


def test_a_key_is_whom_it_was_made_for(keys):
    """A new key names itself as the actor and may do what was asked for, for the customers named."""
    made = keys.create("intake", [Scope.SEARCH, Scope.CLASSIFY, Scope.SEARCH], customers=["Nord", "Süd"], actor="test")
    assert re.fullmatch(r"stw_[0-9a-f]{12}_[0-9a-f]{64}", made.key)
    identity = keys.identify(made.key)
    assert identity.actor == f"key:{made.id}"
    assert identity.scopes == {Scope.CLASSIFY, Scope.SEARCH}
    assert identity.customers == {"Nord", "Süd"}
    assert keys.identify(keys.create("all", [Scope.ADMIN], actor="test").key).customers is None


def test_the_secret_is_kept_nowhere(keys, journal, tmp_path):
    """Neither the list nor the database's files hold the secret; two keys share no salt."""
    made = [keys.create("x", [Scope.SEARCH], actor="test") for _ in range(2)]
    listed = keys.list().model_dump_json()
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for one in made:
        secret = one.key.split("_")[2]
        assert secret not in listed
        assert secret.encode() not in files
    kept = journal.keys.all()
    assert len({one.salt for one in kept} | {one.digest for one in kept}) == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=100), st.from_regex(r"\Astw_[0-9a-f]{12}_[0-9a-f]{64}\Z")))
def test_whatever_else_is_shown_is_nobodys(keys, shown):
    """No text but the key itself is recognised, and none makes another error."""
    keys.create("x", [Scope.SEARCH], actor="test")
    with pytest.raises(UnknownCredentialError, match="no such key"):
        keys.identify(shown)


def test_a_secret_of_another_key_does_not_fit(keys):
    """The id of one key with the secret of another opens nothing."""
    one, other = (keys.create("x", [Scope.SEARCH], actor="test").key.split("_") for _ in range(2))
    with pytest.raises(UnknownCredentialError, match="no such key"):
        keys.identify(f"stw_{one[1]}_{other[2]}")


def test_revoked_keys_open_nothing_in_any_process(keys, journal):
    """Revoking acts at once, ends sessions, and is told once."""
    made = keys.create("x", [Scope.SEARCH], actor="test")
    session = keys.begin_session(made.key)
    other_process = AccessKeys(lambda: journal)
    assert other_process.identify_session(session).actor == f"key:{made.id}"
    assert keys.revoke(made.id, actor="test").revoked_at is not None
    for act in (
        lambda: other_process.identify(made.key),
        lambda: other_process.identify_session(session),
        lambda: other_process.begin_session(made.key),
    ):
        with pytest.raises(UnknownCredentialError, match=r"revoked|ended"):
            act()
    for unknown in (made.id, "nobody"):
        with pytest.raises(UnknownKeyError, match="keys list"):
            keys.revoke(unknown, actor="test")


def test_sessions_end(keys, journal, monkeypatch):
    """After twelve hours a session stands for nothing; ended ones are let go of with the next."""
    made = keys.create("x", [Scope.SEARCH], actor="test")
    monkeypatch.setattr("desk.keys.SESSION_LASTS", timedelta(seconds=-1))
    with pytest.raises(UnknownCredentialError, match="sign in again"):
        keys.identify_session(keys.begin_session(made.key))


def test_the_day_of_the_last_use_is_kept_with_one_write(keys, journal):
    """Using a key notes the day, once; not the time, which would tell when people work."""
    made = keys.create("x", [Scope.SEARCH], actor="test")
    assert keys.list().keys[0].used_on is None
    keys.identify(made.key)
    assert keys.list().keys[0].used_on == datetime.now(UTC).date()
    kept = journal.keys.find(made.id).used_on
    assert (kept.hour, kept.minute, kept.second) == (0, 0, 0)
    yesterday = kept - timedelta(days=1)
    journal.keys.mark_used(made.id, yesterday)
    assert journal.keys.find(made.id).used_on == kept


@pytest.mark.parametrize(
    ("name", "scopes", "bound"),
    [
        (" ", [Scope.SEARCH], {}),
        ("x", [], {}),
        ("x", [Scope.SEARCH, Scope.ADMIN], {"customers": ["Nord"]}),
        ("x", [Scope.MODELS], {"customers": ["Nord"]}),
        ("x", [Scope.SEARCH], {"customers": [""]}),
        ("x", [Scope.SEARCH], {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
)
def test_keys_that_make_no_sense_are_refused(keys, name, scopes, bound):
    """What would open nothing, or more than its customers may see, is not made."""
    with pytest.raises(KeyRequestError):
        keys.create(name, scopes, **bound, actor="test")
    assert keys.list().keys == []


def test_the_audit_trail_names_who_changed_a_key(keys, journal):
    """Making and revoking are remembered with actor and id, also a revoking that found nothing; never a secret."""
    made = keys.create("x", [Scope.SEARCH], actor="ada")
    keys.revoke(made.id, actor="erika")
    with pytest.raises(UnknownKeyError):
        keys.revoke(made.id, actor="mallory")
    acts = [(one.actor, one.act, one.subject, one.outcome) for one in journal.trail.acts(limit=9)]
    assert acts == [
        ("mallory", "revoke key", made.id, "refused"),
        ("erika", "revoke key", made.id, "done"),
        ("ada", "create key", made.id, "done"),
    ]
