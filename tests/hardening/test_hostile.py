"""Tickets that mean harm are answered like any others, or refused with a problem."""

import pytest
from benchmarks.service.hostile import requests

pytestmark = pytest.mark.slow
N = 220


def test_hostile_tickets_get_an_answer_or_a_problem(service):
    """Of some hundred hostile requests none gets a 5xx, and whatever is refused names why."""
    kinds = set()
    for asked in requests(7, N, lines=False):
        answer = service.post(asked.path, content=asked.body, headers={"content-type": asked.content_type.encode()})
        told = f"{asked.kind} {asked.path} {answer.status_code} {asked.body[:100]!r}"
        if not answer.is_success:
            assert 400 <= answer.status_code < 500, told
            assert answer.headers["content-type"] == "application/problem+json", told
            assert answer.json()["detail"], told
        kinds.add(asked.kind)
    assert len(kinds) == 21


def test_the_same_seed_is_as_hostile_again():
    """A seed gives the same requests each time, another one others."""
    assert list(requests(1, 60)) == list(requests(1, 60)) != list(requests(2, 60))


def test_a_line_of_five_megabytes(service):
    """Among five hundred requests is one with a line of five megabytes, and it is answered."""
    (line,) = [asked for asked in requests(3, 500) if asked.kind == "line"]
    assert len(line.body) > 5_000_000
    answer = service.post(line.path, content=line.body, headers={"content-type": line.content_type})
    assert answer.status_code == 200
