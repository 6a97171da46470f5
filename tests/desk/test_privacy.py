"""What a desk hides before it keeps anything."""

from datetime import UTC, datetime

import pytest

from desk import Desk
from journal import Journal
from knowledge import Query
from tickets import Solution, SolvedTicket, Ticket

MAIL, PHONE = "s.kowalczyk@stadtwerke-elmtal.de", "0171 5523418"
WORDS = f"VPN bricht ab, Fehler 0x80072EE7. Bitte an {MAIL} oder Tel. {PHONE}.\nViele Grüße\nStefan Kowalczyk"


def files_with(folder, words: str) -> list[str]:
    """The files below a folder that hold the words."""
    return [str(f) for f in folder.rglob("*") if f.is_file() and words.encode() in f.read_bytes()]


def test_nothing_that_is_kept_tells_who_wrote_it(opened, shelf, settings, tmp_path) -> None:
    """After classifying, indexing, voting and searching no file holds the address, the number or the name."""
    desk = opened()
    desk.classify(Ticket(id="1", subject="VPN", body=WORDS, language="de"))
    solved = SolvedTicket(ticket=Ticket(id="9", subject="VPN", body=WORDS), solution=Solution(resolution=WORDS))
    desk.documents.put([solved])
    desk.vote(WORDS, "9", helpful=True)
    hits = desk.search(Query(text=f"Ticket von {MAIL}")).hits
    assert [hit.id for hit in hits] == ["9"]
    assert "[mail-" in (hits[0].resolution or "")
    assert "0x80072EE7" in (hits[0].resolution or "")
    desk.close()
    for words in (MAIL, PHONE, "Kowalczyk"):
        assert files_with(tmp_path, words) == []


def test_masking_can_be_switched_off(settings) -> None:
    """Without masking, words are kept as they came."""
    desk = Desk.open(settings.model_copy(update={"masking": False}))
    desk.classify(Ticket(id="1", body=WORDS))
    desk.close()
    with Journal.open(settings.journal) as journal:
        (record,) = journal.decisions(since=datetime(2020, 1, 1, tzinfo=UTC))
    assert record.ticket.body == WORDS


@pytest.mark.parametrize(("works_council", "kept"), [(False, "m.huber"), (True, None)])
def test_works_council_mode_keeps_nobody_who_gave_feedback(shelf, settings, works_council, kept) -> None:
    """The labels are kept either way, who said so only outside works-council mode."""
    desk = Desk.open(settings.model_copy(update={"works_council": works_council}))
    answer = desk.classify(Ticket(id="1", body="Drucker druckt nicht"))
    desk.correct(answer.id, {"level": "2"}, source="m.huber")
    desk.close()
    with Journal.open(settings.journal) as journal:
        (said,) = journal.corrections()
    assert (said.source, dict(said.labels)) == (kept, {"level": "2"})
