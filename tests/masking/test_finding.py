"""What masking takes for personal data, and what it leaves."""

import time

import pytest
from benchmarks.masking.measurement import labelled, scores
from hypothesis import given
from hypothesis import strategies as st

from masking import Kind, Mask, find

MASK = Mask(b"k" * 32)
ALPHABET = st.sampled_from(
    [*list("aAbzZß09 7.:/-@+()[]\n,"), "Hallo ", "Frau ", "Müller", "Tel. ", "+49 171", "Grüße\n"]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(ALPHABET, max_size=60).map("".join))


def test_the_labelled_set_is_large_and_its_spans_are_right() -> None:
    """At least 300 spans of every kind, half of them held out, and each stands within its text."""
    halves = [labelled("tuned"), labelled("held-out")]
    spans = [span for half in halves for _, found in half for span in found]
    assert len(spans) >= 300
    assert {span.kind for span in spans} == set(Kind)
    assert all(0 <= span.start < span.end <= len(text) for half in halves for text, found in half for span in found)


@pytest.mark.parametrize(("half", "recall", "precision"), [("tuned", 0.97, 0.97), ("held-out", 0.90, 0.95)])
def test_masking_finds_most_and_little_else(half, recall, precision) -> None:
    """Recall and precision of both halves stay above what was measured, less two in a hundred."""
    found = scores(labelled(half))["all"]
    assert found["recall"] >= recall
    assert found["precision"] >= precision


@pytest.mark.parametrize(
    "text",
    [
        "ORA-00942 seit 12.4.1.0, Beleg 0080012345",
        "std::vector, 0x80072EE7, MAC 00:1B:44:11:3A:B7, 10:22:33",
        "Seit Sonntag 03.11.2024 02:00 Uhr, Version 10.2.0.3",
        "Hallo zusammen, Viele Grüße\nIhr IT-Team",
        "EAN 4006381333931, Auftrag 0000123456, INC0012345",
        "IBAN DE00 1234 5678 9012 3456 78 fails the check",
    ],
)
def test_numbers_of_machines_are_left(text) -> None:
    """Error codes, versions, orders, times and hashes are no personal data."""
    assert find(text) == []
    assert MASK.text(text) == text


@given(TEXTS)
def test_masking_twice_changes_nothing(text) -> None:
    """What is masked holds nothing that would be masked."""
    once = MASK.text(text)
    assert MASK.text(once) == once


@given(TEXTS)
def test_spans_are_in_order_and_never_overlap(text) -> None:
    """Offsets lie within the text, and no character belongs to two."""
    ends = [0, *(bound for span in find(text) for bound in (span.start, span.end)), len(text)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    "piece", ["a.", "0 ", "Hallo Aa ", "@", "a@a.", "1:", "1.1.", "12/", "Frau Von ", "+49 ", "DE89 "]
)
def test_time_grows_with_the_text_and_no_faster(piece) -> None:
    """Four times the text takes at most ten times as long; a quadratic search would take sixteen."""
    seconds = []
    for n_characters in (100_000, 400_000):
        started = time.process_time()
        find(piece * (n_characters // len(piece)))
        seconds.append(time.process_time() - started)
    assert seconds[1] <= 10 * seconds[0] + 0.1


def test_the_same_datum_has_the_same_placeholder_however_it_is_written() -> None:
    """Search still finds a number or an address again; another key gives other placeholders."""
    assert MASK.text("Tel. 0171 5523418") == MASK.text("Tel. +49 171 5523418")
    assert MASK.text("A.Berg@x-y.de") == MASK.text("a.berg@x-y.de")
    assert MASK.text("a.berg@x-y.de") != Mask(b"j" * 32).text("a.berg@x-y.de")
    assert "berg" not in MASK.text("a.berg@x-y.de")
