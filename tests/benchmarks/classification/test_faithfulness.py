"""Words are taken out as a reader would take them out."""

from pathlib import Path

import pytest
from benchmarks.classification.faithfulness import effects, sampled, without
from benchmarks.classification.plans import LearnedPlan
from benchmarks.scope import Scope

from tickets import Ticket


def test_a_word_goes_wherever_it_stands_whole() -> None:
    """In capitals or not, in subject, body and product, but not inside another word."""
    ticket = Ticket(subject="Druck: VPN", body="vpn-Client, VPN2, (VPN)", product="VPN Plus")
    assert without(ticket, "VPN") == Ticket(subject="Druck:  ", body=" -Client, VPN2, ( )", product="  Plus")
    assert without(Ticket(body="ORA-12514 trat auf"), "ORA-12514").body == "  trat auf"


def test_sampled_problems_are_whole_and_apart() -> None:
    """At most a third of the tickets is asked about, and no problem of theirs was learned from."""
    split = sampled(Scope(n_problems=60))
    assert not {t.problem for t in split.learn} & {t.problem for t in split.test}
    assert 70 <= len(split.test) <= 84


@pytest.mark.slow
def test_supporting_words_count_more_than_random_ones(tmp_path: Path) -> None:
    """Without the word most in its favour a label becomes less likely, mostly; without a random one it may."""
    split = sampled(Scope(n_problems=60))
    told = effects(LearnedPlan.learned(split, tmp_path, name="fast"), split, "level")
    assert told["supporting_falls"]["n_tickets"] > 50
    assert told["supporting_falls"]["share"] > 0.8
    assert told["supporting_falls"]["share"] > told["random_falls"]["share"] + 0.2
    assert told["supporting_falls"]["mean_change"] < told["random_falls"]["mean_change"]
