"""What makes one of two equally fitting documents the better one: who confirmed it, its product, its age."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from knowledge.engine import Row
from knowledge.query import Flag
from knowledge.versions import Version, family_of, stated_version

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceWeights:
    """What each thing is worth, in spreads of the cosine, the unit in which documents are ranked.

    ``approval`` is what very many helpful votes are worth (one is worth half of it, unhelpful ones cost as
    much); ``recent`` what the newest document is worth over one that is ages old, halved every
    ``half_life_days``.
    """

    approval: float = 1.0
    same_product: float = 0.5
    recent: float = 0.05
    old_version: float = -0.5
    reopened: float = -0.5
    half_life_days: float = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known beside the words: the ticket's product, what people said, the newest versions and dates."""

    product: str | None
    approval: Mapping[str, int]
    newest: Mapping[str, Version]
    latest: datetime
    weights: PreferenceWeights

    @classmethod
    def of(
        cls,
        rows: Iterable[Row],
        *,
        product: str | None,
        approval: Mapping[str, int],
        newest: Mapping[str, Version],
        weights: PreferenceWeights,
    ) -> "Circumstances":
        """The circumstances of ``rows``; ages are counted from the newest of them, not from today."""
        latest = max((row.date for row in rows if row.date), default=_NEVER)
        family = family_of(product) if product else None
        return cls(product=family, approval=approval, newest=newest, latest=latest, weights=weights)

    def advice(self, row: Row) -> tuple[float, tuple[Flag, ...]]:
        """What speaks for a document (in spreads, negative against it), and the flags that say so."""
        weights, flags, worth = self.weights, list[Flag](), 0.0
        if votes := self.approval.get(row.document, 0):
            worth += weights.approval * votes / (1 + abs(votes))
            flags.append("confirmed" if votes > 0 else "rejected")
        family = family_of(row.product) if row.product else None
        if family and family == self.product:
            worth += weights.same_product
            flags.append("same_product")
        if row.date:
            worth += weights.recent * 0.5 ** (max(0, (self.latest - row.date).days) / weights.half_life_days)
        if family and (version := stated_version(row.version)) and version < self.newest.get(family, version):
            worth += weights.old_version
            flags.append("old_version")
        if row.n_reopened:
            worth += weights.reopened * row.n_reopened / (1 + row.n_reopened)
            flags.append("reopened")
        return worth, tuple(flags)
