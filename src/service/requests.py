"""What may be asked: the bodies of requests, read at the edge into the rooms' own words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from knowledge import Article, Document, Query, filters_of, metadata_of
from tickets import Solution, SolvedTicket, Ticket

MAX_BATCH = 1_000
MAX_LIMIT = 100


def _readable(value: object) -> object:
    # A text cut in the middle of an emoji holds half a character, which no file or database can keep.
    if not isinstance(value, str):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")


def _something(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _primary(language: str | None) -> str | None:
    return language and language.strip().lower().replace("_", "-").partition("-")[0]


def _utc(time: datetime) -> datetime:
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies beyond the calendar in UTC") from error


_MAX_NAME = 255
Words: TypeAlias = Annotated[str | None, BeforeValidator(_readable)]
Name: TypeAlias = Annotated[
    Annotated[str, StringConstraints(max_length=_MAX_NAME)] | None,
    BeforeValidator(_something),
    BeforeValidator(_readable),
]
Language: TypeAlias = Annotated[Name, AfterValidator(_primary), Field(description="ISO 639-1; `de-AT` is read as `de`")]
Id: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_NAME), BeforeValidator(_readable)]
Time: TypeAlias = Annotated[datetime, AfterValidator(_utc), Field(description="ISO 8601; UTC where it names no zone")]
LabelWords: TypeAlias = Annotated[dict[str, str], Field(description="target to label")]
Kind: TypeAlias = Literal["article", "ticket"]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
QueryWords: TypeAlias = Annotated[str, BeforeValidator(_readable)]
Wanted: TypeAlias = str | Annotated[list[str], Field(min_length=1, max_length=100)]
Several: TypeAlias = Annotated[list[str], Field(max_length=100, description="may be given twice: either will do")]
Day: TypeAlias = Annotated[str | None, Field(description="a date or time; the other end may be left open")]
Range: TypeAlias = Annotated[str | None, Field(description="a date, or `from..to` with either end left open")]
Metadata: TypeAlias = Annotated[
    dict[str, str | int | float | bool | list[str | int | float | bool]],
    Field(max_length=100, description="whatever else is known, to filter by: a name to a value, or to several"),
]

_FILTERS = (
    "a name to the value wanted, or to a list of which one will do: `product`, `customer`, `language`, `level`, "
    "`category`; `since` and `until` (dates; when a ticket was closed, an article brought up to date); "
    "`created_at`, `closed_at`, `updated_at` (a date, or `from..to`); or any metadata documents have, "
    "such as a further target (`queue`), `channel`, or an article's own fields"
)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TicketRequest(_Request):
    """A ticket as it arrives; every field may be missing, empty or null."""

    id: Name = None
    subject: Words = None
    body: Words = None
    language: Language = None
    channel: Name = None
    product: Name = None
    customer: Name = None

    def ticket(self) -> Ticket:
        """The ticket in our own words."""
        return Ticket(
            id=self.id,
            subject=self.subject or "",
            body=self.body or "",
            language=self.language,
            channel=self.channel,
            product=self.product,
            customer=self.customer,
        )


class TicketsRequest(_Request):
    """Tickets to be classified together."""

    tickets: Annotated[list[TicketRequest], Field(min_length=1, max_length=MAX_BATCH)]


class SearchRequest(_Request):
    """Words or a ticket to search by, and what narrows the answer."""

    query: Annotated[QueryWords | None, Field(description="words; or give a `ticket`")] = None
    ticket: TicketRequest | None = None
    kinds: Annotated[list[Kind], Field(min_length=1)] = ["article", "ticket"]
    filters: Annotated[dict[str, Wanted], Field(description=_FILTERS)] = {}
    limit: Limit = 10

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if (self.query is None) == (self.ticket is None):
            raise ValueError("give either query or ticket")
        return self

    def asked(self) -> Query:
        """The search in our own words; a ticket is never its own answer.

        Raises
        ------
        QueryError
            A filter names something that documents are not kept by.
        """
        ticket = self.ticket.ticket() if self.ticket else None
        return Query(
            text=self.query or "",
            ticket=ticket,
            kinds=tuple(dict.fromkeys(self.kinds)),
            filters=self.filters,
            limit=self.limit,
            exclude=frozenset({ticket.id} if ticket and ticket.id else ()),
        )


class SearchParameters(_Request):
    """The same search as a link: ``?q=words&kind=article&product=X``."""

    q: Annotated[QueryWords, Field(description="the words to search by")]
    kind: Annotated[list[Kind], Field(description="may be given twice")] = ["article", "ticket"]
    limit: Limit = 10
    product: Several = []
    customer: Several = []
    language: Several = []
    level: Several = []
    category: Several = []
    since: Day = None
    until: Day = None
    created_at: Range = None
    closed_at: Range = None
    updated_at: Range = None
    filter: Annotated[Several, Field(description="metadata as `name=value`; may be given twice")] = []

    def asked(self) -> Query:
        """The search in our own words.

        Raises
        ------
        QueryError
            A filter cannot be read.
        """
        known = self.model_dump(exclude={"q", "kind", "limit", "filter"}, exclude_defaults=True)
        filters = {**filters_of(self.filter), **known}
        return Query(text=self.q, kinds=tuple(dict.fromkeys(self.kind)), filters=filters, limit=self.limit)


class _ArticleFacts(_Request):
    kind: Literal["article"]
    title: Annotated[QueryWords, Field(description="may be empty where the body has words")]
    body: Annotated[QueryWords, Field(description="Markdown or plain text")]
    url: Annotated[str | None, Field(max_length=2_000)] = None
    language: Language = None
    product: Name = None
    updated_at: Time | None = None
    metadata: Metadata = {}
    version: Annotated[Name, Field(description="the product's version it was written for")] = None
    customer: Annotated[Name, Field(description="whom it was written for; without one, everybody")] = None

    def document(self, document_id: str) -> Document:
        """The article in our own words, known by ``document_id``."""
        facts = self.model_dump(exclude={"kind", "id", "metadata"})
        return Article(id=document_id, metadata=metadata_of(self.metadata), **facts)


class _SolvedFacts(_Request):
    kind: Literal["ticket"]
    subject: Words = None
    body: Words = None
    language: Language = None
    channel: Name = None
    product: Name = None
    customer: Name = None
    created_at: Time | None = None
    labels: LabelWords = {}
    resolution: Annotated[Words, Field(description="the words that closed the ticket")] = None
    article_id: Name = None
    closed_at: Time | None = None
    n_reopened: Annotated[int, Field(ge=0, description="how often it was opened again")] = 0
    problem: Annotated[Name, Field(description="shared by tickets of one underlying problem")] = None

    def document(self, document_id: str) -> Document:
        """The solved ticket in our own words, known by ``document_id``."""
        ticket = Ticket(
            id=document_id,
            subject=self.subject or "",
            body=self.body or "",
            **self.model_dump(include={"language", "channel", "product", "customer", "created_at"}),
        )
        solution = Solution(
            resolution=self.resolution or "",
            **self.model_dump(include={"article_id", "closed_at", "n_reopened"}),
        )
        return SolvedTicket(ticket=ticket, labels=self.labels, solution=solution, problem=self.problem)


class ArticleRequest(_ArticleFacts):
    """One page of a desk's documentation."""


class SolvedTicketRequest(_SolvedFacts):
    """A ticket that was solved, and how."""


class NamedArticleRequest(_ArticleFacts):
    """One page of a desk's documentation, with its id."""

    id: Id


class NamedSolvedTicketRequest(_SolvedFacts):
    """A ticket that was solved, with its id."""

    id: Id


DocumentRequest: TypeAlias = Annotated[ArticleRequest | SolvedTicketRequest, Field(discriminator="kind")]
NamedDocumentRequest: TypeAlias = Annotated[NamedArticleRequest | NamedSolvedTicketRequest, Field(discriminator="kind")]


class DocumentsRequest(_Request):
    """Articles and solved tickets to be brought in together."""

    documents: Annotated[list[NamedDocumentRequest], Field(min_length=1, max_length=MAX_BATCH)]

    def read(self) -> list[Document]:
        """The documents in our own words."""
        return [document.document(document.id) for document in self.documents]


class CorrectionRequest(_Request):
    """The labels that are right for a ticket that was classified."""

    classification_id: Id
    labels: Annotated[LabelWords, Field(min_length=1)]
    source: Annotated[Name, Field(description="who or what says so")] = None
    provenance: Annotated[
        Literal["agent", "customer", "confirmation", "rule"] | None,
        Field(
            description="how it came about: an agent judged, a customer said so, an agent confirmed the answer, "
            "a rule for many tickets; without it, told from the labels. A key bound to customers always says `customer`"
        ),
    ] = None


class VoteRequest(_Request):
    """Whether a hit helped with what was searched."""

    query: QueryWords
    hit_id: Id
    helpful: bool


def _meant(feedback: object) -> str:
    facts = set(feedback) if isinstance(feedback, Mapping) else set()
    return "vote" if {"query", "hit_id", "helpful"} & facts else "correction"


FeedbackRequest: TypeAlias = Annotated[
    Annotated[CorrectionRequest, Tag("correction")] | Annotated[VoteRequest, Tag("vote")],
    Discriminator(_meant),
]
