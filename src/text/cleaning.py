"""Tickets cleaned for the models: what was said stays, what mail programs and manners add goes."""

import re
from collections.abc import Callable
from typing import Final

from text.courtesies import drop_disclaimers, drop_greetings, drop_signatures
from text.html import html_to_text, looks_like_html
from text.logs import reduce_code, reduce_logs
from text.quotes import drop_quotes
from text.references import mark_emails, mark_ids, mark_urls

_MOST_PASSES: Final = 8
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES: Final = re.compile(r"[^\S\n]+|[\x00-\x08\x0e-\x1f\x7f]+")
_SPACE_RUN: Final = re.compile(" {2,}")
_LINE_EDGES: Final = re.compile(" ?\n ?")
_EMPTY_LINES: Final = re.compile("\n{3,}")
_STRAY_TAG: Final = re.compile(r"</?(?:br|p|details|summary|sub|sup|b|i|u|em|strong)[ ]?/?>", re.IGNORECASE)


def clean(text: str) -> str:
    """Give what a model reads of a ticket's text; cleaning a clean text changes nothing.

    The rules of `RULES` are applied in order, again and again until none finds anything more to do (a
    quoted message has a greeting of its own). A rule that would leave nothing is passed over, so no
    ticket with words becomes empty.
    """
    start = tidy_spaces(text)
    now = start
    for _ in range(_MOST_PASSES):
        before = now
        for rule in RULES:
            now = tidy_spaces(rule(now)) or now
        if now == before:
            return now
    # A text made to keep the rules busy: left as it came, which is where a second cleaning would end as well.
    return start


def tidy_spaces(text: str) -> str:
    """Write every run of spaces as one, at most one empty line, and drop control characters."""
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    return _EMPTY_LINES.sub("\n\n", _LINE_EDGES.sub("\n", _SPACE_RUN.sub(" ", text))).strip(" \n")


def reduce_html(text: str) -> str:
    """Read HTML as text; from Markdown drop comments, which hold a form's instructions, and stray tags."""
    if looks_like_html(text):
        return html_to_text(text)
    if "<" not in text:
        return text
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return _STRAY_TAG.sub(" ", "".join([*kept, text[at:]]))


RULES: Final[tuple[Callable[[str], str], ...]] = (
    reduce_html,
    reduce_code,
    reduce_logs,
    drop_disclaimers,
    drop_greetings,
    drop_signatures,
    drop_quotes,
    mark_urls,
    mark_emails,
    mark_ids,
)
