"""Tickets told again almost as they were: by a colleague, by a mail program, with other typing errors."""

import random
import re
from dataclasses import replace

from tickets import Ticket

KINDS = ("same", "forwarded", "mistyped", "shortened", "lengthened", "other_numbers")
"""How a copy differs from its original."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_GREETING = {
    "de": ("Hallo zusammen,", "Mit freundlichen Grüßen\nM. Albers"),
    "en": ("Hi all,", "Best regards\nM. Albers"),
}
_MORE = {
    "de": "Das betrifft inzwischen auch die Kollegen im Nachbarbüro, bitte um Rückmeldung bis morgen früh.",
    "en": "By now the colleagues next door have it too, please get back to us by tomorrow morning.",
}


def near_copy(ticket: Ticket, kind: str, chance: random.Random) -> Ticket:
    """The ticket as somebody else might have sent it, too; the id is new."""
    subject, body = ticket.subject, ticket.body
    language = "en" if ticket.language == "en" else "de"
    if kind == "same":
        body = body.replace(" ", "  ", 3)
    elif kind == "forwarded":
        hello, goodbye = _GREETING[language]
        subject, body = f"WG: {subject}" if language == "de" else f"FW: {subject}", f"{hello}\n\n{body}\n\n{goodbye}"
    elif kind == "mistyped":
        body = " ".join(_mistyped(word, chance) for word in body.split(" "))
    elif kind == "shortened":
        sentences = _SENTENCE.split(body)
        if len(sentences) > 2:
            del sentences[chance.randrange(len(sentences))]
        body = " ".join(sentences)
    elif kind == "lengthened":
        body = f"{body} {_MORE[language]}"
    else:
        body = re.sub(r"\d", lambda _: str(chance.randrange(10)), body)
    return replace(ticket, id=f"{ticket.id}-{kind}", subject=subject, body=body)


def _mistyped(word: str, chance: random.Random) -> str:
    """One word in ten has two letters swapped."""
    if len(word) < 4 or chance.random() > 0.1:
        return word
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
