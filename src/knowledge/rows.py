"""A document made into the rows it is found by: what is shown, what is matched, what is encoded."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from knowledge.article import Article, Document
from knowledge.conditions import metadata_of
from knowledge.engine import DocumentKey, Row
from knowledge.passages import passages_of
from knowledge.query import sound
from knowledge.versions import stated_version, version_of, written
from text import MOST_SIGNATURES, SentenceEncoder, analyse, clean, detect_language, signatures_of
from tickets import Solution, SolvedTicket

RECIPE = 2
"""Part of every digest: raise it when documents must be indexed anew although they did not change."""

LONGEST_BODY = 200_000
"""Characters of one document that are indexed."""

_NO_VECTOR = np.zeros(0, np.float32)
_TITLE_FROM_BODY = 80


@dataclass(frozen=True, slots=True)
class Draft:
    """A row still without its vector, the text to encode for it, and the role it is encoded in."""

    row: Row
    encoded: str
    role: Literal["query", "passage"]


def key_of(document: Document) -> DocumentKey:
    """Kind and id; a ticket without an id is named by its content, the same every time."""
    if isinstance(document, Article):
        return "article", document.id
    return "ticket", document.ticket.id or f"ticket-{digest_of(document)[:16]}"


def own_words_key(kind: str, document: str) -> str:
    """The key of the row that holds a ticket's own words; an article has none but its passages."""
    return f"{kind}:{document}:ticket"


def digest_of(document: Document) -> str:
    """A hash of everything a document is found by or shown with; equal digests need no new rows."""
    return hashlib.sha256(json.dumps([RECIPE, _facts(document)], sort_keys=True).encode()).hexdigest()


def fault_of(document: Document) -> str | None:
    """Why a document could never be found, with the cure; None where it can."""
    facts = _facts(document)
    if isinstance(document, Article):
        if not document.id.strip():
            return "an article has no id; give each article its own"
        if not (document.title + document.body).strip():
            return "an article has no words; give it a title or a body"
    elif not (document.ticket.subject + document.ticket.body + _resolution(document)).strip():
        return "a ticket has no words; give it a subject, a body or a resolution"
    words = json.dumps(facts, ensure_ascii=False)
    if words != sound(words):
        return "its words hold half a character; write them again as UTF-8"
    return None


def drafts_of(document: Document, digest: str) -> list[Draft]:
    """The rows of a document, in order.

    An article has one row a passage, found by its product, title and headings too. A ticket has one row of its
    own words and, once solved, one of its product and resolution: a problem is often described anew, but solved
    the same way.
    """
    if isinstance(document, Article):
        return _article_drafts(document, digest)
    return _ticket_drafts(document, digest)


def encode(drafts: Sequence[Draft], encoder: SentenceEncoder) -> list[Row]:
    """The finished rows, in order; each role is encoded in one call."""
    rows: dict[int, Row] = {}
    for role in ("passage", "query"):
        places = [place for place, draft in enumerate(drafts) if draft.role == role]
        if places:
            vectors = encoder.encode([drafts[place].encoded for place in places], role=role)
            for place, vector in zip(places, vectors, strict=True):
                rows[place] = replace(drafts[place].row, vector=vector)
    return [rows[place] for place in range(len(drafts))]


def _article_drafts(article: Article, digest: str) -> list[Draft]:
    body = article.body[:LONGEST_BODY]
    language = _language(article.language, f"{article.title}\n{body}")
    drafts = []
    for part, passage in enumerate(passages_of(body) or passages_of(f"# {article.title}")):
        heading = "" if passage.heading == article.title else passage.heading
        whole = "\n".join(piece for piece in (article.product, article.title, heading, passage.text) if piece)
        row = Row(
            key=f"article:{article.id}:{part}",
            document=article.id,
            kind="article",
            part=part,
            field="passage",
            title=article.title,
            text="\n".join(piece for piece in (heading, passage.text) if piece),
            fts=" ".join(analyse(whole, language)),
            signatures=_marks(whole),
            digest=digest,
            vector=_NO_VECTOR,
            labels={},
            url=article.url,
            product=article.product,
            customer=article.customer,
            language=language,
            version=_version(article.version, article.product),
            updated_at=article.updated_at,
            metadata=_metadata(article),
        )
        drafts.append(Draft(row, whole, "passage"))
    return drafts


def _ticket_drafts(solved: SolvedTicket, digest: str) -> list[Draft]:
    ticket, resolution, solution = solved.ticket, _resolution(solved), solved.solution or Solution()
    body = clean(ticket.body[:LONGEST_BODY])
    words = f"{ticket.subject}\n{body}".strip()
    language = _language(ticket.language, words or resolution)
    _, document = key_of(solved)
    blank = Row(
        key=own_words_key("ticket", document),
        document=document,
        kind="ticket",
        part=0,
        field="ticket",
        title=ticket.subject.strip() or _opening(body or resolution),
        text=body or ticket.subject,
        fts=" ".join(analyse(words, language)),
        signatures=_marks(f"{ticket.subject}\n{ticket.body[:LONGEST_BODY]}"),
        digest=digest,
        vector=_NO_VECTOR,
        labels=dict(solved.labels),
        resolution=resolution or None,
        product=ticket.product,
        customer=ticket.customer,
        language=language,
        version=_version(None, ticket.product),
        created_at=ticket.created_at,
        closed_at=solution.closed_at,
        n_reopened=solution.n_reopened,
        metadata=_metadata(solved),
    )
    drafts = [Draft(blank, words, "query")] if words else []
    if resolution:
        whole = "\n".join(piece for piece in (ticket.product or "", resolution) if piece)
        row = replace(
            blank,
            key=f"ticket:{document}:resolution",
            part=len(drafts),
            field="resolution",
            text=resolution,
            fts=" ".join(analyse(whole, language)),
            signatures=_marks(resolution),
        )
        drafts.append(Draft(row, whole, "query"))
    return drafts


def _facts(document: Document) -> dict[str, object]:
    """Everything a document is found by or shown with."""
    if isinstance(document, Article):
        names: tuple[str, ...] = ("id", "title", "body", "url", "language", "product", "version")
        told = {name: getattr(document, name) for name in names}
        if document.customer is not None:  # left out elsewhere, so that articles indexed before stay as they are
            told["customer"] = document.customer
        return told | {"updated_at": _written(document.updated_at), "metadata": _metadata(document)}
    names = ("id", "subject", "body", "language", "product", "customer")
    facts: dict[str, object] = {name: getattr(document.ticket, name) for name in names}
    solution = document.solution or Solution()
    facts |= {"created_at": _written(document.ticket.created_at), "closed_at": _written(solution.closed_at)}
    facts |= {"n_reopened": solution.n_reopened, "metadata": _metadata(document)}
    return facts | {"labels": dict(document.labels), "resolution": _resolution(document)}


def _metadata(document: Document) -> dict[str, tuple[str, ...]]:
    """What a document can be filtered by beside its columns; of a ticket, its further labels and where it came from."""
    if isinstance(document, Article):
        return metadata_of(document.metadata)
    article_id = document.solution.article_id if document.solution is not None else None
    known = {"channel": document.ticket.channel, "problem": document.problem, "article_id": article_id}
    return metadata_of({**known, **document.labels})


def _marks(text: str) -> str:
    """The signatures of a text, filled up with dashes: among rows of one length, BM25 is the sum of the idf."""
    found = signatures_of(text)
    return " ".join([*found, *["-"] * (MOST_SIGNATURES - len(found))])


def _resolution(solved: SolvedTicket) -> str:
    return solved.solution.resolution.strip() if solved.solution is not None else ""


def _version(stated: str | None, product: str | None) -> str | None:
    version = stated_version(stated) or version_of(product)
    return written(version) if version else None


def _written(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat() if time else None


def _language(told: str | None, words: str) -> str | None:
    """The two-letter language, told (``de-AT`` is ``de``) or detected."""
    return told.strip().lower()[:2] if told and told.strip() else detect_language(words[:2_000])


def _opening(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _TITLE_FROM_BODY else f"{line[:_TITLE_FROM_BODY].rsplit(' ', 1)[0]} …"
