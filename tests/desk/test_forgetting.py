"""Forgetting a ticket, a customer or a person, everywhere and with proof."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier import TrainingPlan
from desk import Desk, train
from desk.forgetting import NoPersonError
from journal import Journal
from knowledge import Query
from tickets import Solution, SolvedTicket, Taxonomy, Ticket

MAIL = "s.kowalczyk@stadtwerke-elmtal.de"
WORDS = "Wartungsfenster Umspannwerk verschieben"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def solved(id_: str, words: str, customer: str | None = None) -> SolvedTicket:
    """A solved ticket of nothing but words."""
    ticket = Ticket(id=id_, body=words, customer=customer)
    return SolvedTicket(ticket=ticket, solution=Solution(resolution="Neu gestartet."))


def filled(desk: Desk) -> None:
    """Give a desk two customers' tickets, one of which names a person, and what people said of them."""
    desk.documents.put(
        [
            solved("T-10", WORDS, "Elmtal"),
            solved("T-11", f"Zugang für {MAIL} sperren", "Elmtal"),
            solved("T-20", "Drucker", "Nord"),
        ]
    )
    for id_, words, customer in (
        ("T-10", WORDS, "Elmtal"),
        ("T-12", f"Bitte {MAIL}", "Nord"),
        ("T-20", "Drucker", "Nord"),
    ):
        answer = desk.classify(Ticket(id=id_, body=words, customer=customer))
        desk.correct(answer.id, {"level": "2"}, source=MAIL if id_ == "T-20" else None)
    desk.vote(WORDS, "T-10", helpful=True)
    desk.vote(f"Wer ist {MAIL}", "T-20", helpful=True)


def left(desk: Desk, settings) -> tuple[set[str], set[str | None]]:
    """The ids that are still found, and those of the decisions that are still kept."""
    with Journal.open(settings.journal) as journal:
        decided = {record.ticket.id for record in journal.decisions(since=LONG_AGO)}
    words = f"{WORDS} Zugang sperren Drucker"
    return {hit.id for hit in desk.search(Query(text=words, grouping=False, limit=50)).hits}, decided


@pytest.mark.parametrize(
    ("subject", "name", "found", "decided"),
    [
        ("ticket", "T-10", {"T-11", "T-20"}, {"T-12", "T-20"}),
        ("customer", "Elmtal", {"T-20"}, {"T-12", "T-20"}),
        ("person", MAIL, {"T-10", "T-20"}, {"T-10", "T-20"}),
        ("person", MAIL.upper(), {"T-10", "T-20"}, {"T-10", "T-20"}),
    ],
)
@pytest.mark.parametrize("masking", [True, False])
def test_what_is_forgotten_is_gone_and_nothing_else(
    shelf, settings, subject, name, found, decided, masking, tmp_path
) -> None:
    """It is not found, not kept, not cached; the rest stays, and the proof names nobody."""
    settings = settings.model_copy(update={"masking": masking})
    desk = Desk.open(settings)
    filled(desk)
    proof = desk.forgettery.forget(subject, name, actor="test")
    assert left(desk, settings) == (found, decided)
    assert proof.done is not None
    assert proof.counts["documents"] == 3 - len(found)
    assert proof.counts["decisions"] == 3 - len(decided)
    assert name not in proof.model_dump_json()
    assert [one.id for one in desk.forgettery.proofs().forgettings] == [proof.id]
    again = desk.forgettery.forget(subject, name, actor="test")
    assert (again.name_hash, again.counts["decisions"], again.counts["documents"]) == (proof.name_hash, 0, 0)
    desk.close()
    if subject == "person":
        said = [file for file in tmp_path.rglob("*") if file.is_file() and MAIL.encode() in file.read_bytes()]
        assert said == []


def test_words_of_a_forgotten_ticket_leave_the_disk(shelf, settings, tmp_path) -> None:
    """No file of journal, index or rejects holds them any more."""
    desk = Desk.open(settings)
    filled(desk)
    rejects = tmp_path / "var" / "rejects-train.jsonl"
    rows = [
        {"reason": "no_label", "row": {"Nr": id_, "Text": words}} for id_, words in (("T-10", WORDS), ("T-30", "Maus"))
    ]
    rejects.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    proof = desk.forgettery.forget("ticket", "T-10", actor="test")
    desk.close()
    assert proof.counts["rejects"] == 1
    assert "Maus" in rejects.read_text("utf-8")
    assert [file for file in tmp_path.rglob("*") if file.is_file() and b"Umspannwerk" in file.read_bytes()] == []


def test_what_was_interrupted_is_gone_on_with(shelf, settings) -> None:
    """Where the vector cache cannot be written, the request stays open; the next start completes it."""
    desk = Desk.open(settings)
    filled(desk)
    desk.close()
    for file in settings.vector_cache.parent.glob("vectors.db*"):
        file.unlink()
    settings.vector_cache.mkdir()
    desk = Desk.open(settings)
    with pytest.raises(Exception, match="vector cache"):
        desk.forgettery.forget("customer", "Elmtal", actor="test")
    desk.close()
    settings.vector_cache.rmdir()
    desk = Desk.open(settings)
    (begun,) = desk.forgettery.proofs().forgettings
    assert begun.done is None
    (done,) = desk.forgettery.resume()
    assert (done.id, desk.forgettery.resume()) == (begun.id, [])
    assert left(desk, settings) == ({"T-20"}, {"T-12", "T-20"})
    desk.close()
    assert b"Elmtal" not in Path(settings.journal.removeprefix("sqlite:///")).read_bytes()


def test_a_person_is_named_by_one_address(opened) -> None:
    """A name or two addresses would erase what nobody meant."""
    for name in ("Kowalczyk", f"{MAIL}, a@b.de", ""):
        with pytest.raises(NoPersonError):
            opened().forgettery.forget("person", name, actor="test")


def test_models_that_learned_from_it_are_marked_and_stop_showing_it(settings, plain_tickets) -> None:
    """A ticket's model is to be trained anew and shows it no more, also in a desk that was open before."""
    answer = train(
        settings,
        plain_tickets,
        taxonomy=Taxonomy.builtin(),
        plan=TrainingPlan.named("fast"),
        promote=True,
        source="test",
    )
    desk, other = Desk.open(settings), Desk.open(settings)
    ticket = Ticket(body=plain_tickets[0].ticket.body)
    shown = other.classify(ticket).evidence[0].id
    unknown = desk.forgettery.forget("ticket", "unknown", actor="test")
    assert unknown.models == []
    assert other.models().models[0].retrain_since is None
    proof = desk.forgettery.forget("ticket", shown, actor="test")
    assert proof.models == [answer.version]
    assert other.models().models[0].retrain_since is not None
    assert shown not in {one.id for one in other.classify(ticket).evidence}
    desk.close()
    other.close()
