"""Keys made, listed and revoked on the command line."""

import json
import re
from datetime import UTC, datetime

import pytest

from desk import AccessKeys, Scope, UnknownCredentialError
from journal import Journal


def identify(key: str):
    """Whose key it is, as a service on the same journal sees it."""
    with Journal.open("sqlite:///var/journal.db") as journal:
        return AccessKeys(lambda: journal).identify(key)


def test_a_key_is_printed_once_and_opens_what_was_asked(run) -> None:
    """Standard output holds the key alone; the list never shows it again."""
    ended = run("keys", "create", "intake", "--scope", "classify", "--scope", "search", "--customer", "Nord")
    assert ended.status == 0
    key = ended.out.strip()
    assert re.fullmatch(r"stw_[0-9a-f]{12}_[0-9a-f]{64}", key)
    identity = identify(key)
    assert (identity.scopes, identity.customers) == ({Scope.CLASSIFY, Scope.SEARCH}, {"Nord"})
    listed = run("keys", "list")
    assert "intake" in listed.out
    assert "Nord" in listed.out
    assert key.split("_")[2] not in listed.out + listed.err


def test_a_key_ends_after_its_last_day(run) -> None:
    """`--expires` names the last day on which the key opens something."""
    ended = run("keys", "create", "x", "--scope", "search", "--expires", "2999-12-31", "--json")
    assert datetime.fromisoformat(json.loads(ended.out)["expires_at"]) == datetime(3000, 1, 1, tzinfo=UTC)
    assert "2999-12-31" in run("keys", "list").out
    assert run("keys", "create", "x", "--scope", "search", "--expires", "2020-01-01").status == 1
    assert run("keys", "create", "x", "--scope", "search", "--expires", "soon").status == 2


def test_a_revoked_key_opens_nothing(run) -> None:
    """Revoking is shown and acts; a second time it is told that there is nothing left to revoke."""
    made = json.loads(run("keys", "create", "x", "--scope", "search", "--json").out)
    ended = run("keys", "revoke", made["id"])
    assert ended.status == 0
    assert "revoked" in ended.out
    with pytest.raises(UnknownCredentialError, match="revoked"):
        identify(made["key"])
    again = run("keys", "revoke", made["id"])
    assert again.status == 1
    assert "keys list" in again.err


def test_wrong_usage_is_told(run) -> None:
    """A scope that does not exist or is missing is wrong usage; one too wide for customers is refused with the cure."""
    assert run("keys", "create", "x", "--scope", "everything").status == 2
    assert run("keys", "create", "x").status == 2
    ended = run("keys", "create", "x", "--scope", "models", "--customer", "Nord")
    assert ended.status == 1
    assert "concerns all customers" in ended.err
    assert "no key yet" in run("keys", "list").err
