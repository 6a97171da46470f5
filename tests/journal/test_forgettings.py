"""Proofs of what was forgotten, and finding what names a person, in each database."""

from journal import Journal, Vote

MAIL = "Müller@firma.de"


def test_a_proof_loses_the_name_when_it_is_complete(url) -> None:
    """Until then it keeps the name, so that it can be gone on with; counts of several steps add up."""
    with Journal.open(url) as journal:
        begun = journal.forgettings.begin("person", MAIL, name_hash="ab", actor="test")
        assert [one.name for one in journal.forgettings.open()] == [MAIL]
        journal.forgettings.count(begun, {"votes": 1}, ["v2"])
        journal.forgettings.count(begun, {"votes": 2, "decisions": 1}, ["v1", "v2"])
        done = journal.forgettings.complete(begun)
    with Journal.open(url) as journal:
        assert journal.forgettings.open() == []
        assert journal.forgettings.all() == [done]
    assert (done.name, done.name_hash, done.models) == (None, "ab", ("v1", "v2"))
    assert done.counts == {"votes": 3, "decisions": 1}


def test_a_person_is_erased_by_the_words_alone(url, decide) -> None:
    """Letters outside ASCII are found in JSON as well, in either case; tickets without an id too."""
    with Journal.open(url) as journal:
        journal.record_decision(decide("c_1", id=None, body=f"Von {MAIL}"))
        journal.record_decision(decide("c_2", id="8", body="Von MÜLLER@FIRMA.DE"))
        journal.record_decision(decide("c_3", id="9", body="Von meier@firma.de"))
        journal.record_vote(Vote(query=f"was will {MAIL}", hit_id="7", helpful=True))
        journal.record_vote(Vote(query="was will meier", hit_id="7", helpful=True))
        erased = journal.erase_person([MAIL])
        assert (erased.decisions, erased.votes) == (2, 1)
        assert journal.known(["c_1", "c_2", "c_3"]) == {"c_3"}
        assert journal.tickets_naming([MAIL]) == set()
