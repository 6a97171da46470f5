"""Tickets of several messages: what was there on arrival is read, and nothing that came later."""

import json

import pytest

from history import RejectLog, read_placed
from tickets import Taxonomy

LABELS = {"level": "2", "category": "bug"}
CUSTOMER = {"role": "customer", "body": "Der Drucker druckt nicht.", "created_at": "2024-05-31T09:00:00Z"}
AGENT = {"role": "agent", "body": "Treiber neu installiert, bitte testen.", "created_at": "2024-05-31T10:00:00Z"}
THANKS = {"role": "customer", "body": "Jetzt geht es, danke.", "created_at": "2024-05-31T11:00:00Z"}


def lines(*rows):
    """The rows as JSON Lines."""
    return "".join(json.dumps(LABELS | row) + "\n" for row in rows)


@pytest.mark.parametrize("messages", [[CUSTOMER, AGENT, THANKS], [THANKS, AGENT, CUSTOMER], [AGENT, THANKS, CUSTOMER]])
def test_of_a_list_of_messages_the_customers_first_is_the_body(desk, messages):
    """Whatever order a thread is exported in, the customer's earliest message is the ticket, with its time."""
    [solved] = desk.solved(lines({"id": "1", "messages": messages}), "history.jsonl")
    assert solved.ticket.body == CUSTOMER["body"]
    assert f"{solved.ticket.created_at:%H:%M}" == "09:00"
    assert desk.log.notes == {"later_message": 1}


def test_messages_win_over_a_body_that_holds_the_thread(desk):
    """Where a row has both, the body may hold the whole thread; the first message is what came in."""
    row = {"id": "1", "body": "alles zusammen", "messages": [CUSTOMER, AGENT]}
    assert desk.solved(lines(row), "history.jsonl")[0].ticket.body == CUSTOMER["body"]


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        ([{"text": "eins"}, {"text": "zwei"}], "eins"),
        (["eins", "zwei"], "eins"),
        ([{"body": ""}, 7, {"content": "zwei"}], "zwei"),
        ([{"role": "agent", "body": "Anruf: Drucker"}], "Anruf: Drucker"),
        (json.dumps(["eins", "zwei"]), "eins"),
        ([], "aus dem Feld"),
    ],
)
def test_threads_without_authors_or_times_begin_with_their_first_words(desk, messages, body):
    """What no author or time is told of is read in the order of the list; an empty list leaves the body."""
    row = {"id": "1", "body": "aus dem Feld", "messages": messages}
    assert desk.solved(lines(row), "history.jsonl")[0].ticket.body == body


def test_of_several_rows_of_one_id_the_earliest_is_the_ticket(desk):
    """An export of one row a message, newest first, teaches the first message; the others are counted as later ones."""
    content = (
        "id,body,level,category,created_at\n"
        "1,Jetzt geht es,2,bug,2024-05-31T11:00:00\n"
        "2,Bitte Zugang,1,requirement,2024-05-31T10:30:00\n"
        "1,Treiber installiert,2,bug,2024-05-31T10:00:00\n"
        "1,Drucker druckt nicht,2,bug,2024-05-31T09:00:00\n"
    )
    assert [one.ticket.body for one in desk.solved(content)] == ["Bitte Zugang", "Drucker druckt nicht"]
    assert desk.log.counts == {"later_message": 2}
    assert desk.entries[0]["message"].startswith("a later message of 1, which begins in history.csv line 5")


def test_rows_of_one_id_that_tell_no_order_are_repetitions(desk):
    """Without times, or with the ticket's own time in every row, the first row counts and the others are told."""
    content = (
        "id,body,level,category,created_at\n"
        "1,eins,2,bug,2024-05-31\n1,zwei,2,bug,2024-05-31\n2,drei,1,bug,\n2,vier,1,bug,\n"
    )
    assert [one.ticket.body for one in desk.solved(content)] == ["eins", "drei"]
    assert desk.log.counts == {"repeated_id": 2}


SERVICENOW = (
    "2024-05-31 11:00:00 - Jane Doe (Additional comments)\nWorks now, thanks.\n\n"
    "2024-05-31 10:00:00 - Max Agent (Work notes)\nReinstalled the driver.\n\n"
    "2024-05-31 09:00:00 - Jane Doe (Additional comments)\nThe printer does not print.\nOffice 3."
)


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (SERVICENOW, "The printer does not print.\nOffice 3."),
        (
            "Drucker druckt nicht.\n\n----- Antwort von Support am 31.05.2024 10:00 -----\nTreiber.",
            "Drucker druckt nicht.",
        ),
        ("No print.\n=== Reply from Max Agent ===\nReinstalled.\n=== Reply from Jane ===\nThanks", "No print."),
    ],
)
def test_replies_that_a_system_appended_are_left_out(desk, body, first):
    """Of a body that holds entry upon entry the customer's first is read, and what was left out is noted."""
    [solved] = desk.solved(lines({"id": "1", "body": body}), "history.jsonl")
    assert solved.ticket.body == first
    assert desk.log.notes == {"later_message": 1}


@pytest.mark.parametrize(
    "body",
    [
        "2024-05-31 10:00:00 - ERROR (main) Connection refused\n2024-05-31 10:00:01 - INFO (main) retry",
        "Antwort von der Datenbank: ORA-01017\n-----\nBitte prüfen.",
        "--- update from 1.2 to 1.3 failed\nThe log says so.",
        "Kommentar von mir: das ging gestern noch.",
    ],
)
def test_logs_and_words_that_only_look_like_entries_stay(desk, body):
    """What a customer pasted or wrote is never cut for resembling a ticket system's own lines."""
    assert desk.solved(lines({"id": "1", "body": body}), "history.jsonl")[0].ticket.body == body
    assert not desk.log.notes


def test_a_placed_ticket_tells_its_line_and_the_columns_nobody_asked_for(desk):
    """Whoever looks at a row finds it by file and line, and sees what else the desk exported with it."""
    content = 'id,body,level,category,queue,remark\n1,"eins\nzwei",2,bug,SAP,%s\n2,drei,1,bug,Netz,\n' % ("x" * 101)
    path = desk.file(content)
    placed = list(read_placed([path], taxonomy=Taxonomy.builtin(), rejects=RejectLog()))
    assert [(one.place, one.others) for one in placed] == [
        ("history.csv line 2", {"queue": "SAP"}),
        ("history.csv line 4", {"queue": "Netz", "remark": ""}),
    ]
