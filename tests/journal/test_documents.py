"""Documents as they came: kept once, removed with a mark, read page by page."""

from datetime import UTC, datetime, timedelta

import pytest

from journal import Journal, JournalError, KeptDocument


@pytest.fixture
def journal(tmp_path):
    """A journal in a file of its own."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.db") as opened:
        yield opened


def kept(identity: str, digest: str = "d", *, kind: str = "article", customer: str | None = None) -> KeptDocument:
    content = {"title": f"Titel {identity}", "digest": digest}
    return KeptDocument(kind=kind, id=identity, digest=digest, content=content, customer=customer)


def test_what_was_kept_last_is_kept(journal):
    """Another digest replaces, the same one changes nothing, and kinds do not share ids."""
    journal.documents.keep([kept("a"), kept("a", kind="ticket"), kept("b")])
    journal.documents.keep([kept("a", "e"), kept("b")])
    assert len(journal.documents) == 3
    assert journal.documents.among([("article", "a"), ("ticket", "a"), ("article", "x")]) == [
        kept("a", "e"),
        kept("a", kind="ticket"),
    ]


def test_all_or_none_of_a_batch_is_kept(journal):
    """Where one of them cannot be written, the others are not either."""
    with pytest.raises(JournalError, match="JSON"):
        journal.documents.keep([kept("a"), KeptDocument(kind="article", id="b", digest="d", content={"x": object()})])
    assert len(journal.documents) == 0


def test_pages_hold_every_document_once_also_while_others_are_kept(journal):
    """More documents than a page or a statement holds come in the order of their keys."""
    journal.documents.keep([kept(f"{number:04}") for number in range(450)])
    seen: list[str] = []
    for page in journal.documents.digests(size=100):
        seen += [identity for _, identity in page]
        journal.documents.keep([kept("0000", "new")])
    assert seen == [f"{number:04}" for number in range(450)]


def test_a_removal_wipes_the_content_and_is_told_until_it_is_settled(journal, tmp_path):
    """Its words are in no file; the mark goes when settled, and by being kept again."""
    journal.documents.keep([kept("geheim"), kept("geheim", kind="ticket"), kept("other")])
    assert journal.documents.remove(["geheim", "unknown"]) == 2
    assert journal.documents.remove(["geheim"]) == 0
    assert not any(b"Titel geheim" in file.read_bytes() for file in tmp_path.iterdir())
    assert sorted(journal.documents.removed()) == [("article", "geheim"), ("ticket", "geheim")]
    journal.documents.keep([kept("geheim")])
    assert journal.documents.removed() == [("ticket", "geheim")]
    journal.documents.settle([("ticket", "geheim"), ("article", "geheim")])
    assert journal.documents.removed() == []
    assert len(journal.documents) == 2


def test_others_are_removed_but_not_what_came_since(journal):
    """What was kept after the given time stays, named or not."""
    journal.documents.keep([kept("a"), kept("b")])
    journal.documents.remove_others({("article", "a")}, before=datetime.now(UTC) - timedelta(minutes=1))
    assert len(journal.documents) == 2
    journal.documents.remove_others({("article", "a")}, before=datetime.now(UTC) + timedelta(minutes=1))
    assert journal.documents.removed() == [("article", "b")]


def test_erasing_a_customer_takes_the_solved_tickets_and_no_article(journal):
    """The count tells them; an article of the same id stays."""
    journal.documents.keep([kept("1", kind="ticket", customer="Depot"), kept("1"), kept("2", kind="ticket")])
    assert journal.erase_customer("Depot").documents == 1
    assert journal.erase_ticket("1").documents == 0
    assert journal.documents.removed() == [("ticket", "1")]
    assert len(journal.documents) == 2
