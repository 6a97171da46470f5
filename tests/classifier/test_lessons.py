"""What a history teaches beside its tickets."""

import numpy as np

from classifier.lessons import Lessons
from tickets import Solution, SolvedTicket, Ticket


def closed(subject: str, resolution: str | None) -> SolvedTicket:
    """A solved ticket; without a solution where ``resolution`` is None."""
    solution = None if resolution is None else Solution(resolution=resolution)
    return SolvedTicket(ticket=Ticket(subject=subject, body="Text"), solution=solution)


SOLVED = [closed("Drucker", "Toner getauscht"), closed("VPN", None), closed("SAP", " "), closed("Mail", "Konto frei")]


def test_only_tickets_with_closing_words_teach() -> None:
    """Each lesson is the subject with the words that closed it, and knows its ticket."""
    lessons = Lessons.of(SOLVED)
    assert lessons.ticket.tolist() == [0, 3]
    assert lessons.words.tolist() == ["Drucker\nToner getauscht", "Mail\nKonto frei"]
    assert lessons.closing.tolist() == ["Toner getauscht", "Konto frei"]


def test_a_part_of_the_history_has_the_lessons_of_its_tickets() -> None:
    """Rows count within the part, and no lesson of another ticket comes along."""
    part = Lessons.of(SOLVED).among(np.array([3, 1]))
    assert part.ticket.tolist() == [0]
    assert part.words.tolist() == ["Mail\nKonto frei"]
    assert part.closing.tolist() == ["Konto frei"]
