"""How a model and the knowledge do, for those who answer for them: over time, by source, and by what people said."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from classifier import ModelShelf
from desk.answers import Share
from desk.evaluation import EvaluationAnswer
from journal import DayCount, Draw, Journal

WEEKS: Final = 26
_MOST: Final = 50
_FREQUENT: Final = 2
"""How many people's no makes a search frequent; a single one is nobody's business."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class WeekAnswer(_Answer):
    """What one model did in one week, which begins on a Monday (UTC)."""

    week: date
    n_auto: int
    n_suggest: int
    n_review: int
    n_strange: int = Field(description="tickets unlike any that it learned from")
    n_drawn: int = Field(description="automatic decisions asked back")
    n_answered: int
    n_wrong: int
    drift: dict[str, Share] = Field(
        description="by target, how far the mix of labels lies from the one learned from: half the sum of differences"
    )


class ModelInsightAnswer(_Answer):
    """One model: what it was measured to be, and what it did since, week by week."""

    version: str
    report: EvaluationAnswer
    weeks: list[WeekAnswer]


class SourceAnswer(_Answer):
    """Where documents came from."""

    source: str | None = Field(description="the file or folder by its name; null for what was put over HTTP")
    kind: str
    n_documents: int


class RejectedAnswer(_Answer):
    """What the last reading could not use, by reason, with one example that names the place and no words of a row."""

    reason: str
    n_rejected: int
    file: str
    line: int | None
    cure: str | None


class UnhelpfulAnswer(_Answer):
    """An article that people voted on and that never helped."""

    id: str
    title: str
    n_votes: int


class FruitlessSearchAnswer(_Answer):
    """A search that people said no to, again and again; its words are masked as all that is kept."""

    query: str
    n_votes: int


class KnowledgeInsightAnswer(_Answer):
    """What is indexed, what was rejected, and what people found of no use."""

    n_articles: int
    n_tickets: int
    sources: list[SourceAnswer]
    rejected: list[RejectedAnswer]
    unhelpful: list[UnhelpfulAnswer]
    n_voted: int = Field(description="documents that were voted on at all")
    fruitless: list[FruitlessSearchAnswer]


class Insight:
    """Reads the shelf, the journal and the files of rejects; changes nothing."""

    def __init__(self, models: Path, journal: Callable[[], Journal], count: Callable[[], Mapping[str, int]]) -> None:
        self._shelf, self._journal, self._count = ModelShelf(models), journal, count

    def model(self, version: str) -> ModelInsightAnswer:
        """One model's report and weeks.

        Raises
        ------
        UnknownVersionError, JournalError
            It is not on the shelf, or the journal cannot be read.
        """
        report = self._shelf.manifest(version).report
        since = datetime.now(UTC) - timedelta(weeks=WEEKS)
        journal = self._journal()
        days = journal.activity.days(version, since=since)
        draws = [draw for draw in journal.audit(version).draws if draw.time >= since]
        learned = {
            name: {label: score["n_tickets"] for label, score in target["labels"].items()}
            for name, target in report["targets"].items()
        }
        return ModelInsightAnswer(
            version=version, report=EvaluationAnswer.model_validate(report), weeks=list(_weeks(days, draws, learned))
        )

    def knowledge(self) -> KnowledgeInsightAnswer:
        """What the knowledge base holds, and what of it was of no use."""
        journal, count = self._journal(), self._count()
        unhelpful = journal.activity.unhelpful()
        kept = journal.documents.among([("article", one) for one in unhelpful])
        titles = {one.id: str(one.content["title"]) for one in kept}
        return KnowledgeInsightAnswer(
            n_articles=count["article"],
            n_tickets=count["ticket"],
            sources=[
                SourceAnswer(source=_name(one.source), kind=one.kind, n_documents=one.n_documents)
                for one in journal.activity.sources()
            ],
            rejected=_rejected(Path("var")),
            unhelpful=[
                UnhelpfulAnswer(id=one, title=titles[one], n_votes=n) for one, n in unhelpful.items() if one in titles
            ][:_MOST],
            n_voted=journal.activity.n_voted(),
            fruitless=[
                FruitlessSearchAnswer(query=words, n_votes=n)
                for words, n in journal.activity.fruitless(at_least=_FREQUENT).items()
            ][:_MOST],
        )


def _name(source: str | None) -> str | None:
    """A source without the way to it, which is the machine's business."""
    return None if source is None else Path(source).name or source


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(days: list[DayCount], draws: list[Draw], learned: Mapping[str, Mapping[str, int]]) -> Iterator[WeekAnswer]:
    weeks = sorted({_monday(one.day) for one in days} | {_monday(draw.time.date()) for draw in draws})
    for week in weeks:
        theirs = [one for one in days if _monday(one.day) == week]
        drawn = [draw for draw in draws if _monday(draw.time.date()) == week]
        actions = Counter[str]()
        for one in theirs:
            actions[one.action] += one.n_tickets
        yield WeekAnswer(
            week=week,
            n_auto=actions["auto"],
            n_suggest=actions["suggest"],
            n_review=actions["review"],
            n_strange=sum(one.n_strange for one in theirs),
            n_drawn=len(drawn),
            n_answered=sum(draw.wrong is not None for draw in drawn),
            n_wrong=sum(draw.wrong is True for draw in drawn),
            drift=_drift(theirs, learned),
        )


def _drift(days: list[DayCount], learned: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """The total variation distance between two mixes of labels; of targets that were answered."""
    found = {}
    for target, before in learned.items():
        now = Counter[str]()
        for one in days:
            if label := one.labels.get(target):
                now[label] += one.n_tickets
        n_now, n_before = now.total(), sum(before.values())
        if n_now and n_before:
            names = now.keys() | before.keys()
            found[target] = min(1.0, sum(abs(now[name] / n_now - before.get(name, 0) / n_before) for name in names) / 2)
    return found


def _rejected(folder: Path) -> list[RejectedAnswer]:
    """What the files of rejects say of indexing; a row's own words stay there."""
    counts = Counter[str]()
    examples: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("rejects-index*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if not entry.get("kept"):
                    counts[entry["reason"]] += 1
                    examples.setdefault(entry["reason"], entry)
    return [
        RejectedAnswer(
            reason=reason,
            n_rejected=n,
            file=Path(examples[reason]["file"]).name,
            line=examples[reason]["line"],
            cure=examples[reason].get("cure"),
        )
        for reason, n in counts.most_common(_MOST)
    ]
