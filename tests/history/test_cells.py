"""What single cells say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.cells import count, label_text, language_code, moment, words
from history.fault import RowFault


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (" a\r\nb\rc ", "a\nb\nc"),
        (4711, "4711"),
        (4711.0, "4711"),
        (0.5, "0.5"),
        ("Büro".encode("cp1252"), "Büro"),
    ],
    ids=repr,
)
def test_words_of_any_type(value, said):
    """Text and numbers are words, without space around them and with plain newlines."""
    assert words(value, "c") == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-31T14:30:00+02:00", datetime(2024, 5, 31, 12, 30, tzinfo=UTC)),
        ("2024-05-31T14:30:00Z", datetime(2024, 5, 31, 14, 30, tzinfo=UTC)),
        ("2024-05-31 14:30", datetime(2024, 5, 31, 14, 30, tzinfo=UTC)),
        ("20240531", datetime(2024, 5, 31, tzinfo=UTC)),
        (" 2024-05-31 ", datetime(2024, 5, 31, tzinfo=UTC)),
        ("", None),
    ],
)
def test_dates_are_aware_and_utc(text, expected):
    """ISO 8601 in its usual forms is read, and a time without zone is UTC."""
    assert moment(text, "c") == expected


@pytest.mark.parametrize("value", ["31.05.2024", "2024-13-01", 1717165800, ["2024"], "2024-05-31T25:00"], ids=repr)
def test_what_is_no_date_names_the_cure(value):
    """A date in another form shows how to write it."""
    with pytest.raises(RowFault, match="write it as 2024-05-31T14:30:00"):
        moment(value, "c")


@given(st.datetimes(timezones=st.timezones() | st.none()))
def test_any_time_is_read_as_written(when):
    """A time survives its ISO form, or is a fault where UTC would leave the calendar."""
    try:
        expected = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        with pytest.raises(RowFault):
            moment(when.isoformat(), "c")
    else:
        assert moment(when.isoformat(), "c") == expected


@pytest.mark.parametrize(("text", "code"), [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("en_US", "en"), ("", None)])
def test_languages_are_codes(text, code):
    """A language is its code, without region."""
    assert language_code(text, "c") == code


@pytest.mark.parametrize(
    ("value", "n_times"),
    [(None, 0), ("", 0), (2, 2), ("3.0", 3), (1.0, 1), ("ja", 1), ("Yes", 1), ("nein", 0), (True, 1), (False, 0)],
    ids=repr,
)
def test_counts_are_whole_numbers_or_yes_and_no(value, n_times):
    """How often something happened is read from numbers and from yes and no in both languages."""
    assert count(value, "c") == n_times


@pytest.mark.parametrize("value", ["often", "-1", "1.5", ["1"]], ids=repr)
def test_what_is_no_count_is_a_fault(value):
    """Anything else is told, not guessed at."""
    with pytest.raises(RowFault):
        count(value, "c")


def test_whole_numbers_are_written_without_a_point():
    """Only whole numbers lose their point."""
    assert [label_text(value, "c") for value in ("1.0", "1.5", "v1.0", 2.0, "-3.00")] == [
        "1",
        "1.5",
        "v1.0",
        "2",
        "-3",
    ]
