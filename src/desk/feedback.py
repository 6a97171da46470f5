"""What people said of decisions, made tickets to learn from; who says it decides what it is worth."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from desk.errors import DeskError, UnknownLabelError
from desk.settings import Settings
from journal import Correction, DecisionRecord, Journal, JudgedDecision, Provenance
from tickets import SolvedTicket, Taxonomy, Ticket

Teller: TypeAlias = Provenance | Literal["history"]

_RANKS: Final[Mapping[Teller, int]] = {"agent": 4, "history": 3, "confirmation": 2, "rule": 1, "customer": 0}
"""Who is believed where several speak of one label of a ticket; among equals the last one is."""


class NoFeedbackError(DeskError):
    """There is no journal that corrections could be read from."""

    def __init__(self, journal: str) -> None:
        super().__init__(
            f"there is no journal at {journal.partition('@')[2] or journal}, so nobody has corrected anything; "
            "set STELLWERK_JOURNAL to the one that the service keeps, or train without feedback"
        )


class FeedbackAnswer(BaseModel):
    """What corrections added to a history."""

    model_config = ConfigDict(frozen=True)

    n_added: int = Field(description="tickets that the history does not have")
    n_changed: int = Field(description="labels of the history's tickets that were replaced or filled in")
    n_confirmed: int = Field(description="labels of the history's tickets that were said to be right")
    n_overruled: int = Field(description="labels that were said, and that somebody more believed contradicts")
    n_labels: dict[Provenance, int] = Field(description="labels learned from, by how they came about")


def check_labels(labels: Mapping[str, str], taxonomy: Taxonomy) -> None:
    """Nothing, where these are labels of the desk.

    Raises
    ------
    UnknownLabelError
        One of them is not.
    """
    for target, label in labels.items():
        if target not in taxonomy.names or label not in taxonomy[target].label_names:
            raise UnknownLabelError(target, label, taxonomy)


def judged_decisions(settings: Settings) -> list[JudgedDecision]:
    """All that people said of decisions.

    Raises
    ------
    NoFeedbackError
        No journal was begun.
    """
    if not Journal.exists(settings.journal):
        raise NoFeedbackError(settings.journal)
    with Journal.open(settings.journal) as journal:
        return journal.feedback.judged()


def provenance_of(correction: Correction, decision: DecisionRecord, target: str) -> Provenance:
    """How one label came about; where nobody said, what agrees with the answer is confirmed, and the rest judged."""
    if correction.provenance is not None:
        return correction.provenance
    return "confirmation" if decision.labels.get(target) == correction.labels[target] else "agent"


def with_feedback(
    solved: Sequence[SolvedTicket], judged: Sequence[JudgedDecision], taxonomy: Taxonomy
) -> tuple[list[SolvedTicket], FeedbackAnswer]:
    """The tickets of a history and of the journal, with the labels of whoever is believed most.

    A ticket of the journal is one of the history where both have the same id, or, without an id, the same words. Only
    labels that a person or rule gave are learned; what the model answered and nobody confirmed is not.

    Parameters
    ----------
    solved : sequence of SolvedTicket
        Masked as the journal keeps its tickets, or no words would be the same.
    """
    said, tickets = _said(judged, taxonomy)
    counts, learned = Counter[str](), Counter[Provenance]()
    together, known = [], set[_Key]()
    for one in solved:
        key = next((key for key in _keys(one.ticket) if key in said), None)
        together.append(one if key is None else _corrected(one, said[key], counts, learned))
        known |= {key} if key else set()
    problems = {_words(one.ticket): one.problem for one in solved if one.problem}
    for key in (key for key in said if key not in known):
        labels, words = said[key], _words(tickets[key])
        learned.update(teller for teller, _ in labels.values())
        counts["added"] += 1
        problem = problems.setdefault(words, f"feedback {key[1]}")  # who says the same has the same problem
        own = {target: label for target, (_, label) in labels.items()}
        together.append(SolvedTicket(ticket=tickets[key], labels=own, problem=problem))
    return together, FeedbackAnswer(
        n_added=counts["added"],
        n_changed=counts["changed"],
        n_confirmed=counts["confirmed"],
        n_overruled=counts["overruled"],
        n_labels=dict(learned),
    )


_Key: TypeAlias = tuple[str, str]
_Said: TypeAlias = dict[str, tuple[Provenance, str]]


def _said(judged: Sequence[JudgedDecision], taxonomy: Taxonomy) -> tuple[dict[_Key, _Said], dict[_Key, Ticket]]:
    """By ticket and target who is believed and what they say, and the tickets; what the taxonomy lacks is left out."""
    said: dict[_Key, _Said] = {}
    tickets: dict[_Key, Ticket] = {}
    for decision, correction in _in_order(judged):
        key = _keys(decision.ticket)[0]
        for target, label in correction.labels.items():
            if target not in taxonomy.names or label not in taxonomy[target].label_names:
                continue
            teller = provenance_of(correction, decision, target)
            before = said.setdefault(key, {}).get(target)
            if before is None or _RANKS[teller] >= _RANKS[before[0]]:
                said[key][target] = (teller, label)
                tickets[key] = decision.ticket
    return said, tickets


def _in_order(judged: Sequence[JudgedDecision]) -> Iterator[tuple[DecisionRecord, Correction]]:
    pairs = [(one.decision, correction) for one in judged for correction in one.corrections]
    return iter(sorted(pairs, key=lambda pair: pair[1].time))


def _corrected(one: SolvedTicket, labels: _Said, counts: Counter[str], learned: Counter[Provenance]) -> SolvedTicket:
    """A ticket of the history with what was said of it."""
    own = dict(one.labels)
    for target, (teller, label) in labels.items():
        if own.get(target) == label:
            counts["confirmed"] += 1
        elif target in own and _RANKS[teller] < _RANKS["history"]:
            counts["overruled"] += 1
            continue
        else:
            counts["changed"] += 1
            own[target] = label
        learned[teller] += 1
    return replace(one, labels=own)


def _keys(ticket: Ticket) -> list[_Key]:
    """What a ticket may be known by, the surest first."""
    return [*([("id", ticket.id)] if ticket.id else []), ("words", _words(ticket))]


def _words(ticket: Ticket) -> str:
    return f"{ticket.subject}\n{ticket.body}"
