"""Where the built-in encoders' vectors lie on average, by language and role, learned from the sample.

``python -m benchmarks.knowledge.centres`` writes ``src/text/centres.npz``; needed again only when an encoder changes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.sample import DATA, solved_tickets
from desk import Settings, encoder_of
from knowledge import Query, UnreadableSource, read_articles, read_judgements
from knowledge.rows import drafts_of
from knowledge.search import words_of
from text import Role, UseEncoder, centre_of, write_centres


def texts_by_role() -> Mapping[tuple[Role, str], Sequence[str]]:
    """The sample's texts: tickets as queries, articles as passages, which in English are the translated ones."""
    texts: dict[tuple[Role, str], list[str]] = defaultdict(list)
    for solved in solved_tickets():
        ticket = replace(solved.ticket, product=None)
        texts["query", ticket.language or ""].append(words_of(Query(ticket=ticket)))
    for article in read_articles([DATA / "articles.jsonl"], report=_tell):
        texts["passage", article.language or ""] += [draft.encoded for draft in drafts_of(article, "")]
    for translated in read_judgements(DATA / "cross_language.jsonl"):
        texts["passage", translated.query.language or ""].append(words_of(Query(ticket=translated.query)))
    return texts


def _tell(fault: UnreadableSource) -> None:
    raise ValueError(f"the sample cannot be read: {fault}")


if __name__ == "__main__":
    first, second = encoder_of(Settings(), n_threads=2), UseEncoder()
    write_centres(
        {
            f"{role} {language}": centre_of(texts, first, second, role=role)
            for (role, language), texts in texts_by_role().items()
        }
    )
