"""What the articles do not answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge import Article, KnowledgeBase, UnknownAnswersError
from knowledge.coverage import Case
from knowledge.themes import telling_words
from tickets import Solution, SolvedTicket, Ticket

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPICS = {
    "vpn": ("Zertifikat der VPN Einwahl abgelaufen", "Zertifikat im Portal erneuert und Einwahl geprüft"),
    "drucker": ("Netzwerkdrucker druckt leere Etiketten", "Druckertreiber neu zugeordnet und Testseite gedruckt"),
    "mail": ("Postfach voll, Outlook sendet nichts", "Postfachgröße erhöht und alte Mails archiviert"),
    "scanner": ("Handscanner liest keine Barcodes", "Firmware des Handscanners aktualisiert"),
    "lohn": ("Lohnabrechnung zeigt falsche Steuerklasse", "Steuerklasse im Personalstamm berichtigt"),
    "kasse": ("Kassensystem bucht Rabatte doppelt", "Rabattregel in der Kasse berichtigt"),
}
UNWRITTEN = ("lohn", "kasse")


def ticket(topic: str, number: int, *, linked: bool = True) -> SolvedTicket:
    problem, resolution = TOPICS[topic]
    return SolvedTicket(
        ticket=Ticket(
            id=f"{topic}-{number}",
            subject=problem,
            body=f"{problem}, Platz {number}",
            product=topic,
            language="de",
            created_at=NOON,
        ),
        solution=Solution(
            resolution=f"{resolution}, Platz {number}.",
            article_id=f"KB-{topic}" if linked and topic not in UNWRITTEN else None,
            closed_at=NOON + timedelta(hours=2),
        ),
    )


def article(topic: str) -> Article:
    problem, resolution = TOPICS[topic]
    return Article(id=f"KB-{topic}", title=problem, body=f"## Lösung\n{resolution}.", language="de")


@pytest.fixture
def gappy(tmp_path, encoder) -> KnowledgeBase:
    """Ten tickets on each of six topics, and articles on four of them."""
    tickets = [ticket(topic, number) for topic in TOPICS for number in range(10)]
    articles = [article(topic) for topic in TOPICS if topic not in UNWRITTEN]
    with KnowledgeBase.open(tmp_path / "gappy", encoder, create=True) as base:
        base.upsert([*articles, *tickets])
        yield base


def test_topics_without_an_article_are_told_by_theme(gappy):
    """Both topics that nobody wrote about are themes of all their tickets, and no other is."""
    report = gappy.gaps()
    assert {frozenset(gap.tickets) for gap in report.gaps} == {
        frozenset(f"{topic}-{number}" for number in range(10)) for topic in UNWRITTEN
    }
    assert {gap.products for gap in report.gaps} == {("lohn",), ("kasse",)}
    assert (report.n_tickets, report.n_without_answer, report.n_single, report.n_known) == (60, 20, 0, 40)
    assert report.recall > 0.9
    assert report.false_alarms < 0.1


def test_a_gap_tells_what_it_cost(gappy):
    """Ten tickets of two hours each are twenty hours, two in the middle."""
    gap = gappy.gaps().gaps[0]
    assert (gap.handling_seconds, gap.median_handling_seconds) == (20 * 3_600, 2 * 3_600)


def test_the_costliest_gap_comes_first_and_unknown_times_last(gappy):
    """A theme whose tickets took longer is listed before, one without times after."""
    slow = [ticket("kasse", n) for n in range(10)]
    gappy.upsert([replace(one, solution=replace(one.solution, closed_at=NOON + timedelta(days=9))) for one in slow])
    fast = [ticket("lohn", n) for n in range(10)]
    gappy.upsert([replace(one, solution=replace(one.solution, closed_at=None)) for one in fast])
    first, second = gappy.gaps().gaps
    assert (first.products, second.products) == (("kasse",), ("lohn",))
    assert second.handling_seconds is second.median_handling_seconds is None


def test_an_answered_ticket_is_no_gap_though_it_names_no_article(gappy):
    """A ticket on a topic with an article has an answer, whether it says so or not."""
    gappy.upsert([ticket("vpn", 77, linked=False)])
    assert not any("vpn-77" in gap.tickets for gap in gappy.gaps().gaps)
    assert gappy.gaps().n_without_answer == 20


def test_taking_an_article_away_makes_a_gap(gappy):
    """Without its article a topic is a gap, although its tickets still name it."""
    gappy.remove(["KB-mail"])
    assert {gap.products[0] for gap in gappy.gaps().gaps} == {*UNWRITTEN, "mail"}


def test_without_known_answers_nothing_is_guessed(base):
    """Where hardly a ticket names its article, the cure is named."""
    with pytest.raises(UnknownAnswersError, match="fill article_id"):
        base.gaps()


def test_a_theme_is_named_by_what_tells_it_from_the_others(gappy):
    """Words that all themes share do not name one; they are written as the tickets write them."""
    cases = list(gappy.library().cases.values())
    places = {topic: [n for n, case in enumerate(cases) if case.row.product == topic] for topic in TOPICS}
    named = dict(zip(places, telling_words(cases, list(places.values()), n_words=4), strict=True))
    assert "Steuerklasse" in named["lohn"]
    assert "Rabatte" in named["kasse"] or "Kassensystem" in named["kasse"]
    assert not any("Platz" in words for words in named.values())


def test_a_case_without_own_words_speaks_by_its_resolution(row):
    """A ticket of which only the resolution is known is a case all the same."""
    only = row("a", "Treiber erneuert", kind="ticket", field="resolution")
    assert Case({"resolution": only}).row is only


def test_articles_that_say_something_else_teach_nothing(tmp_path, encoder):
    """Where no named article is the one most alike, what a good answer is cannot be learned, and the error says so."""
    tickets = [
        replace(one, solution=replace(one.solution, article_id=f"KB-{number % 2}"))
        for number, one in enumerate(ticket("vpn", number) for number in range(40))
    ]
    articles = [replace(article("lohn"), id="KB-0"), replace(article("kasse"), id="KB-1"), article("vpn")]
    with KnowledgeBase.open(tmp_path / "base", encoder, create=True) as base:
        base.upsert([*articles, *tickets])
        with pytest.raises(UnknownAnswersError, match="say the same"):
            base.gaps()
