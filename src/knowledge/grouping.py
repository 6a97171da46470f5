"""Documents that offer the same solution made into one: a person wants to see each solution once."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge.engine import DocumentKey, Row
from knowledge.overlap import NEAR_COPY, overlap
from knowledge.versions import family_of

_NO_WORD: Final = re.compile(r"[\W_]+")
_FEWEST_WORDS: Final = 4
"""A resolution of fewer words ("Erledigt.") is said of anything and shows nothing."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What tells whether two documents offer the same: the resolution, the article named, the words."""

    document: DocumentKey
    resolution: str | None
    family: str | None
    """The product without its version."""
    article: str | None
    terms: frozenset[str]

    @classmethod
    def of(cls, row: Row, own_words: Row) -> "Solution":
        """The solution that a document offers, from the row found and the row of the document's own words."""
        return cls(
            document=(row.kind, row.document),
            resolution=normalised(row.resolution or ""),
            family=family_of(row.product) if row.product else None,
            article=row.article_id if row.kind == "ticket" else None,
            terms=frozenset(own_words.fts.split()),
        )

    def is_same(self, other: "Solution") -> bool:
        """Whether both are of one kind and share the resolution's words, the article, or nearly all their words.

        The same resolution of two products is a phrase that closes any ticket, not one solution.
        """
        if self.document[0] != other.document[0]:
            return False
        if self.resolution and (self.resolution, self.family) == (other.resolution, other.family):
            return True
        if self.article and self.article == other.article:
            return True
        return overlap(self.terms, other.terms) >= NEAR_COPY


@dataclass(slots=True)
class Group:
    """One solution: the document that stands for it and those that offer the same, best first."""

    lead: Solution
    similar: list[DocumentKey] = field(default_factory=list)


def normalised(resolution: str) -> str | None:
    """The words of a resolution without case, accents' spelling, punctuation and spaces; None where it says too little.

    Numbers stay: an error code or a version makes another solution of the same sentence.
    """
    words = _NO_WORD.split(unicodedata.normalize("NFKC", resolution).casefold())
    words = [word for word in words if word]
    return " ".join(words) if len(words) >= _FEWEST_WORDS else None


def into_groups(solutions: Iterable[Solution], groups: Sequence[Group] = ()) -> list[Group]:
    """Each solution put into the first group whose lead offers the same, or into one of its own, in order."""
    grouped = list(groups)
    for solution in solutions:
        same = next((group for group in grouped if solution.is_same(group.lead)), None)
        if same is None:
            grouped.append(Group(solution))
        else:
            same.similar.append(solution.document)
    return grouped
