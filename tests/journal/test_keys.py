"""Keys and sessions, as each database keeps them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from journal import Journal, KeptKey

NOW = datetime.now(UTC)
KEY = KeptKey(
    id="0123456789ab",
    name="intake",
    salt="salt",
    digest="digest",
    scopes=("classify", "search"),
    customers=("Nord", "Süd"),
    created_at=NOW,
    expires_at=NOW + timedelta(days=1),
)


@pytest.fixture
def kept(url) -> Iterator[Journal]:
    """A journal that keeps one key."""
    with Journal.open(url) as journal:
        journal.keys.add(KEY)
        yield journal


def test_a_key_is_kept_as_it_is(kept, url):
    """Another process finds the same key, by its id and in the list; an unknown id finds none."""
    with Journal.open(url) as other:
        assert other.keys.find(KEY.id) == KEY
        assert other.keys.all() == [KEY]
        assert other.keys.find("unknown") is None


def test_a_key_is_revoked_once(kept):
    """The first revoking is told and its time stays; a second, or one of an unknown key, changes nothing."""
    assert kept.keys.revoke(KEY.id, NOW)
    assert not kept.keys.revoke(KEY.id, NOW + timedelta(days=1))
    assert not kept.keys.revoke("unknown", NOW)
    assert kept.keys.find(KEY.id).revoked_at == NOW


def test_the_last_day_only_goes_forward(kept):
    """A process whose clock is behind does not take back the last use."""
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    for noted in (day, day - timedelta(days=3)):
        kept.keys.mark_used(KEY.id, noted)
        assert kept.keys.find(KEY.id).used_on == day


def test_a_session_lasts_as_long_as_it_says(kept):
    """It stands for its key until its end, or until it is ended; beginning one lets go of those that are over."""
    kept.keys.begin_session("one", KEY.id, NOW + timedelta(hours=1))
    kept.keys.begin_session("over", KEY.id, NOW - timedelta(seconds=1))
    assert kept.keys.of_session("one", NOW) == KEY
    assert kept.keys.of_session("one", NOW + timedelta(hours=1)) is None
    assert kept.keys.of_session("over", NOW) is None
    kept.keys.begin_session("two", KEY.id, NOW + timedelta(hours=1))
    assert kept.keys.of_session("over", NOW - timedelta(minutes=1)) is None
    kept.keys.end_session("two")
    assert kept.keys.of_session("two", NOW) is None
    kept.keys.revoke(KEY.id, NOW)
    assert kept.keys.of_session("one", NOW) is None
