"""Requests and answers as `/openapi.json` shows them, in German and in English."""

from typing import Any

TICKET_DE = {
    "id": "4711",
    "subject": "Etikettendrucker druckt leere Seiten",
    "body": "Seit dem Update heute früh kommen aus dem Drucker im Versand nur noch leere Etiketten.",
    "language": "de",
    "channel": "mail",
    "product": "Versand",
    "customer": "Spedition Nord",
}
TICKET_EN = {
    "id": "4712",
    "subject": "Label printer prints blank pages",
    "body": "Since this morning's update the printer in shipping only gives us blank labels.",
    "language": "en",
    "channel": "portal",
    "product": "Shipping",
}
ARTICLE_DE = {
    "kind": "article",
    "title": "Leere Etiketten nach einem Update",
    "body": "## Ursache\nDas Update setzt den Druckertreiber zurück.\n\n## Lösung\nTreiber neu zuordnen.",
    "url": "https://hilfe.example/versand/leere-etiketten",
    "language": "de",
    "product": "Versand",
    "updated_at": "2026-03-02T08:00:00Z",
}
SOLVED_EN = {
    "kind": "ticket",
    "subject": "Blank labels in shipping",
    "body": "All labels come out blank since yesterday.",
    "language": "en",
    "product": "Shipping",
    "labels": {"level": "1", "category": "bug"},
    "resolution": "Assigned the printer driver anew; labels print again.",
    "closed_at": "2026-03-02T10:30:00Z",
}
PREDICTED = {
    "level": {"label": "1", "confidence": 0.91, "probabilities": {"1": 0.91, "2": 0.07, "3": 0.02}},
    "category": {
        "label": "bug",
        "confidence": 0.97,
        "probabilities": {"bug": 0.97, "question": 0.02, "requirement": 0.0, "update": 0.01},
    },
}
CLASSIFIED = {
    "id": "c_5f0c1d9be7a04c6f",
    "ticket_id": "4711",
    "predictions": PREDICTED,
    "decision": {
        "action": "auto",
        "labels": {"level": "1", "category": "bug"},
        "reasons": [],
        "certain": ["level", "category"],
        "promise": {"max_error": 0.05, "confidence": 0.95},
        "audit": False,
    },
    "explanation": {"level": [{"text": "Drucker", "weight": 0.31}], "category": []},
    "evidence": [
        {
            "kind": "ticket",
            "id": "3120",
            "title": "Etiketten bleiben leer",
            "labels": {"level": "1", "category": "bug"},
            "score": 0.88,
        }
    ],
    "model": {"version": "20260302-101500", "trained_at": "2026-03-02T10:15:00Z"},
    "duplicates": [
        {"ticket_id": "4709", "classification_id": "c_1b2f", "score": 0.93, "received_at": "2026-03-02T10:31:00Z"}
    ],
}
FOUND: dict[str, Any] = {
    "hits": [
        {
            "kind": "article",
            "id": "leere-etiketten",
            "title": "Leere Etiketten nach einem Update",
            "snippet": "<mark>Leere</mark> <mark>Etiketten</mark> nach einem Update",
            "resolution": None,
            "url": "https://hilfe.example/versand/leere-etiketten",
            "score": 0.83,
            "why": [{"channel": "words", "rank": 1}, {"channel": "meaning", "rank": 2}],
            "labels": {},
            "product": "Versand",
            "customer": None,
            "language": "de",
            "article_id": None,
            "version": None,
            "dated": "2026-03-02T08:00:00Z",
            "similar": [],
            "n_similar": 0,
            "flags": ["same_product"],
        }
    ]
}
_UNTOUCHED = {"added": 0, "changed": 0, "unchanged": 0, "removed": 0, "rejected": 0}
ANSWERS: dict[str, dict[str, Any]] = {
    "ClassificationAnswer": CLASSIFIED,
    "SearchAnswer": FOUND,
    "IndexAnswer": {"article": _UNTOUCHED | {"added": 1}, "ticket": _UNTOUCHED},
}
"""One example of an answer, by the name of its schema."""


def both(german: Any, english: Any) -> dict[str, dict[str, Any]]:
    """One example in each language, as OpenAPI names them."""
    return {"de": {"summary": "Deutsch", "value": german}, "en": {"summary": "English", "value": english}}
