"""Documents made into rows."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge import Article
from knowledge.rows import digest_of, drafts_of, encode, fault_of, key_of
from tickets import Solution, SolvedTicket, Ticket

ARTICLE = Article(id="KB-1", title="VPN", body="Das Zertifikat ist abgelaufen.", language="de-AT", product="Netz")
SOLVED = SolvedTicket(
    ticket=Ticket(id="T-1", subject="Kein Netz", body="Die Einwahl geht nicht.", language="de", product="VPN"),
    labels={"level": "2", "category": "bug"},
    solution=Solution(resolution="Zertifikat erneuert."),
)


def test_an_article_is_encoded_with_its_product_and_title_as_a_passage():
    """What is encoded begins with product and title, which are not shown twice; languages have two letters."""
    (draft,) = drafts_of(ARTICLE, "d")
    assert draft.role == "passage"
    assert draft.encoded == "Netz\nVPN\nDas Zertifikat ist abgelaufen."
    assert draft.row.text == "Das Zertifikat ist abgelaufen."
    assert draft.row.language == "de"
    assert "vpn" in draft.row.fts.split()


def test_a_solved_ticket_has_its_words_and_its_resolution():
    """Two rows: the ticket's own words, and product with resolution; both carry labels and resolution."""
    told, done = drafts_of(SOLVED, "d")
    assert (told.row.field, told.row.part, told.encoded) == (
        "ticket",
        0,
        "Kein Netz\nDie Einwahl geht nicht.",
    )
    assert (done.row.field, done.row.part, done.encoded) == ("resolution", 1, "VPN\nZertifikat erneuert.")
    for draft in (told, done):
        assert draft.role == "query"
        assert draft.row.resolution == "Zertifikat erneuert."
        assert (draft.row.level, draft.row.category) == ("2", "bug")


def test_signatures_are_taken_before_logs_are_shortened():
    """Frames that cleaning drops mark a ticket's row, a code the resolution's or passage's; all have as many terms."""

    def marks(draft):
        return [one for one in draft.row.signatures.split() if one != "-"]

    body = "Hier:\njava.lang.IllegalStateException: x\n  at a.b.Cart.load(Cart.java:7)\n  at a.b.Shell.run(S.java:1)"
    ticket = replace(SOLVED.ticket, body=body)
    told, done = drafts_of(
        replace(SOLVED, ticket=ticket, solution=Solution(resolution="ORA-00060 durch Index behoben")), "d"
    )
    assert "illegalstateexception@cart.load<shell.run" in marks(told)
    assert "Shell" not in told.row.text
    assert marks(done) == ["ora-00060"]
    (page,) = drafts_of(replace(ARTICLE, body="Bei ORA-00060:\n\n```\nKeyError: 'x'\n```"), "d")
    assert marks(page) == ["keyerror", "ora-00060"]
    assert len({len(draft.row.signatures.split()) for draft in (told, done, page)}) == 1


def test_every_document_has_one_row_of_part_zero():
    """Counting documents by their first row counts each once, whatever it lacks."""
    only_words = replace(SOLVED, solution=None)
    only_resolution = replace(SOLVED, ticket=Ticket(id="T-2"))
    only_title = Article(id="KB-2", title="Nur Titel", body="")
    for document in (ARTICLE, SOLVED, only_words, only_resolution, only_title):
        parts = [draft.row.part for draft in drafts_of(document, "d")]
        assert parts == list(range(len(parts)))
        assert parts


def test_a_ticket_without_a_subject_is_titled_by_its_words():
    """The title is the first words of the body, cut at a word."""
    document = SolvedTicket(ticket=Ticket(id="T", body="Der Drucker im dritten Stock " * 9, language="de"))
    title = drafts_of(document, "d")[0].row.title
    assert title.startswith("Der Drucker")
    assert title.endswith(" …")
    assert len(title) < 90


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {"level": "3"}},
        {"solution": Solution(resolution="other")},
        {"ticket": replace(SOLVED.ticket, body="other")},
        {"ticket": replace(SOLVED.ticket, customer="other")},
    ],
)
def test_the_digest_follows_what_is_found_or_shown(change):
    """Whatever a hit shows or a filter compares changes the digest; the same content never does."""
    assert digest_of(SOLVED) == digest_of(replace(SOLVED))
    assert digest_of(replace(SOLVED, **change)) != digest_of(SOLVED)


def test_a_ticket_without_an_id_is_named_by_its_content():
    """The name is the same each time and differs with the words."""
    nameless = replace(SOLVED, ticket=replace(SOLVED.ticket, id=None))
    assert key_of(nameless) == key_of(replace(nameless))
    assert key_of(nameless) != key_of(replace(nameless, labels={}))
    assert key_of(SOLVED) == ("ticket", "T-1")


def test_what_no_search_could_find_has_a_fault_with_a_cure():
    """No id or no words is a fault; anything else is none."""
    assert "id" in str(fault_of(Article(id=" ", title="T", body="B")))
    assert "words" in str(fault_of(Article(id="1", title=" ", body="\n")))
    assert "words" in str(fault_of(SolvedTicket(ticket=Ticket(id="1"))))
    assert "UTF-8" in str(fault_of(Article(id="1", title="half \ud83d", body="B")))
    assert fault_of(ARTICLE) is None
    assert fault_of(SOLVED) is None


def test_rows_are_encoded_in_order_whatever_their_roles(encoder):
    """Each row has the vector of its own text, and each role is one call to the encoder."""
    drafts = [*drafts_of(SOLVED, "d"), *drafts_of(ARTICLE, "d"), *drafts_of(SOLVED, "d")]
    rows = encode(drafts, encoder)
    assert [row.key for row in rows] == [draft.row.key for draft in drafts]
    for row, draft in zip(rows, drafts, strict=True):
        np.testing.assert_array_equal(row.vector, encoder.encode([draft.encoded], role=draft.role)[0])
