"""A challenger that scores the same tickets and never answers."""

import json
import threading
import time
from datetime import UTC, datetime

import pytest

from desk.comparison import compared, paired_interval
from desk.shadow import ShadowPointerError
from journal import ShadowedDecision
from tickets import Ticket

PRINTER = Ticket(id="4711", subject="Drucker druckt nicht", body="Seit heute Morgen kommen nur leere Seiten im Lager.")


@pytest.fixture
def challenger(shelf, trained_fast) -> str:
    """A further version, promoted by nobody."""
    return shelf.save(trained_fast, n_tickets=1, data_fingerprint="x").version


def until(condition) -> None:
    """Wait for what another thread does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_scores_what_the_champion_decides_and_never_answers(opened, shelf, challenger) -> None:
    """The same model as challenger agrees everywhere; corrections judge both; people see the champion's answers."""
    desk = opened()
    desk.shadow(challenger)
    answers = [desk.classify(PRINTER) for _ in range(5)]
    assert {answer.model.version for answer in answers} == {shelf.champion}
    until(lambda: desk.models().shadow.n_scored == 5)
    said = answers[0].decision.labels | {"level": "3"}
    desk.correct(answers[0].id, said)
    told = desk.models().shadow
    assert (told.version, told.n_missed, told.fault) == (challenger, 0, None)
    assert told.auto_share == told.shadow_auto_share
    level = told.targets["level"]
    assert (level.n_tickets, level.agreement, level.n_corrected) == (5, 1.0, 1)
    assert level.n_right == level.n_shadow_right
    assert level.difference == 0
    assert level.lowest_difference < 0 < level.highest_difference
    assert desk.end_shadow().shadow is None
    desk.classify(PRINTER)
    time.sleep(0.2)
    assert len(desk._journal.shadows.compared(challenger, since=told.since)) == 5


def test_another_process_takes_the_challenger_up(opened, challenger) -> None:
    """What one process names another one scores, once it has looked, and lets go of likewise."""
    one, other = opened(), opened()
    one.shadow(challenger)
    other.follow()
    other.classify(PRINTER)
    until(lambda: one.models().shadow.n_scored == 1)
    one.end_shadow()
    other.follow()
    assert other.models().shadow is None


def test_a_slow_challenger_slows_nobody(opened, challenger) -> None:
    """Whatever the challenger takes, answers come as before; what it cannot keep up with is dropped and counted."""
    desk = opened()
    desk.shadow(challenger)
    may_go_on = threading.Event()
    shadow = desk._shadow

    class Stuck:
        def classify(self, tickets):
            may_go_on.wait(30)
            raise RuntimeError(len(tickets))

    shadow._serving = type(shadow._serving)(shadow._serving.manifest, Stuck())
    answers = [desk.classify(PRINTER) for _ in range(80)]
    assert all(answer.model for answer in answers)
    assert shadow.n_dropped == 80 - 64 - 1
    assert desk.models().shadow.n_missed == 80
    may_go_on.set()
    until(lambda: shadow.n_dropped == 80)


def test_a_challenger_that_cannot_be_loaded_is_told(opened, shelf, challenger, caplog) -> None:
    """A folder damaged since is told with its reason, once, and tickets are answered."""
    desk = opened()
    pointer = {"version": challenger, "since": "2026-03-02T10:00:00+00:00"}
    (shelf.path / "shadow.json").write_text(json.dumps(pointer))
    (shelf.path / challenger / "classifier.joblib").write_bytes(b"x")
    for _ in range(2):
        desk.follow()
    assert "damaged" in desk.models().shadow.fault
    assert len([record for record in caplog.records if "challenger refused" in record.message]) == 1
    assert desk.classify(PRINTER).model.version == shelf.champion
    (shelf.path / "shadow.json").write_text("{")
    with pytest.raises(ShadowPointerError, match="name the challenger again"):
        desk.follow()


def test_erasing_a_ticket_erases_what_was_scored_of_it(opened, challenger) -> None:
    """A challenger's answer goes with the decision."""
    desk = opened()
    desk.shadow(challenger)
    desk.classify(PRINTER)
    until(lambda: desk.models().shadow.n_scored == 1)
    desk._journal.erase_ticket("4711")
    assert desk.models().shadow.n_scored == 0


def test_who_is_right_is_counted_in_pairs() -> None:
    """Two tickets only the challenger has right, one only the champion, of four corrected."""

    def pair(champion: str, shadow: str, right: str | None) -> ShadowedDecision:
        return ShadowedDecision(
            action="suggest",
            labels={"level": champion},
            shadow_action="auto",
            shadow_labels={"level": shadow},
            said={"level": right} if right else {},
        )

    pairs = [pair("1", "2", "2"), pair("1", "2", "2"), pair("1", "2", "1"), pair("1", "1", "1"), pair("1", "1", None)]
    told = compared("v", datetime.now(UTC), pairs, n_decided=7, fault=None)
    level = told.targets["level"]
    assert (told.n_scored, told.n_missed, told.auto_share, told.shadow_auto_share) == (5, 2, 0.0, 1.0)
    assert (level.n_tickets, level.agreement, level.n_corrected) == (5, 0.4, 4)
    assert (level.n_right, level.n_shadow_right, level.difference) == (2, 3, 0.25)


def test_the_interval_is_agresti_and_mins() -> None:
    """Of 100 tickets, 20 won and 5 lost: (15 +- 1.96 sqrt(26 - 225/102)) / 102."""
    low, high = paired_interval(20, 5, 100)
    assert low == pytest.approx((15 - 1.96 * (26 - 225 / 102) ** 0.5) / 102, abs=1e-4)
    assert high == pytest.approx((15 + 1.96 * (26 - 225 / 102) ** 0.5) / 102, abs=1e-4)
