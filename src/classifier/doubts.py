"""Faults of a ticket itself, which send it to a person whatever the model says."""

from collections.abc import Set as AbstractSet
from typing import Final

from classifier.prediction import ReasonCode
from classifier.reading import language_of
from text import html_to_text
from tickets import Ticket

_FEWEST_CHARACTERS: Final = 8


def doubts_about(
    ticket: Ticket, words: str, *, is_strange: bool, languages: AbstractSet[str]
) -> tuple[ReasonCode, ...]:
    """Why nothing should be concluded from the ticket; empty where nothing speaks against it.

    Parameters
    ----------
    words : str
        The ticket's text as the model reads it.
    is_strange : bool
        Whether it is unlike anything in the history.
    languages : set of str
        Languages that the history speaks.
    """
    if "<" in words:
        words = html_to_text(words)  # cleaning leaves a text of markup alone as it came
    if not any(character.isalnum() for character in words):
        return ("no_text",)
    if len(words) < _FEWEST_CHARACTERS:
        return ("too_short",)
    language = language_of(ticket)
    if language is not None and language not in languages:
        return ("unknown_language",)
    if is_strange:
        return ("no_similar_history",)
    return ()
