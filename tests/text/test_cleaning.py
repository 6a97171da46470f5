"""What clean promises: each rule's pairs, and the laws that hold for any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text.cleaning import RULES, clean
from text.courtesies import drop_disclaimers, drop_greetings, drop_signatures
from text.logs import reduce_code, reduce_logs
from text.quotes import drop_quotes
from text.references import mark_emails, mark_ids, mark_urls

OWN = " ".join(["Der Bericht im Lager zeigt seit dem Wechsel nur noch leere Zeilen und bricht ab."] * 4)
OWN_EN = " ".join(["The report in the warehouse has shown nothing but empty lines since the change."] * 4)

PAIRS = [
    (drop_quotes, f"{OWN}\n\n> alte Frage\n> noch mehr", OWN),
    (drop_quotes, f"{OWN}\n\nAm 12.3. schrieb X:\n> alte Frage", OWN),
    (drop_quotes, f"{OWN_EN}\n\nOn Mon, 3 Mar 2025, Ann wrote:\n> old question", OWN_EN),
    (drop_quotes, f"{OWN}\n\n-----Ursprüngliche Nachricht-----\nVon: A\nAn: B\nBetreff: C\n\nalt", OWN),
    (drop_quotes, f"{OWN}\n\nVon: A B\nGesendet: Montag\nAn: C\nBetreff: AW: D\n\nalt", OWN),
    (drop_quotes, f"{OWN_EN}\n\nFrom: A\nSent: Monday\nTo: B\nSubject: RE: C\n\nold", OWN_EN),
    (
        drop_quotes,
        "zur Info\n\n-----Ursprüngliche Nachricht-----\nVon: A\nAn: B\nBetreff: WG: Kasse\n\nsteht",
        "zur Info\n\nKasse\n\nsteht",
    ),
    (
        drop_quotes,
        "-------- Forwarded Message --------\nFrom: A\nDate: Monday\nSubject: Fwd: Till 4\n\nis dead",
        "Till 4\n\nis dead",
    ),
    (drop_quotes, f"{OWN} Siehe unten.\n\n> Fehler 504", f"{OWN} Siehe unten.\n\nFehler 504"),
    (
        drop_quotes,
        f"{OWN}\n\n> Kleiner Zeitraum?\n\nGeht auch nicht.",
        f"{OWN}\n\nKleiner Zeitraum?\n\nGeht auch nicht.",
    ),
    (
        drop_quotes,
        f"{OWN} Kopf:\n\nFrom: a\nSubject: Zahlung\n\nDie Nummer stimmt.",
        f"{OWN} Kopf:\n\nZahlung\n\nDie Nummer stimmt.",
    ),
    (drop_quotes, "Von: nur eine Zeile\nLager", "Von: nur eine Zeile\nLager"),
    (drop_greetings, "Hallo zusammen,\nLager steht", "Lager steht"),
    (drop_greetings, "Sehr geehrte Damen und Herren,\nLager steht", "Lager steht"),
    (drop_greetings, "Guten Tag\nLager steht", "Lager steht"),
    (drop_greetings, "Moin\nLager steht", "Lager steht"),
    (drop_greetings, "Hallo Frau Meier, das Lager steht", "das Lager steht"),
    (drop_greetings, "Hi team,\nwarehouse down", "warehouse down"),
    (drop_greetings, "Dear all, the warehouse is down", "the warehouse is down"),
    (drop_greetings, "Hello World program crashes\nsee log", "Hello World program crashes\nsee log"),
    (drop_greetings, "Hallo Drucker kaputt\nbitte kommen", "Hallo Drucker kaputt\nbitte kommen"),
    (
        drop_signatures,
        "Lager steht.\n\nMit freundlichen Grüßen\nIda Bo\nLogistik, Tel. 0521 555",
        "Lager steht.",
    ),
    (drop_signatures, "Lager steht.\nMfG\nI. Bo", "Lager steht."),
    (drop_signatures, "Lager steht.\nVG Ida", "Lager steht."),
    (drop_signatures, "Lager steht. Viele Grüße, Ida Bo", "Lager steht."),
    (drop_signatures, "Warehouse down.\n\nBest regards\nAnn Lee\nPlant 3", "Warehouse down."),
    (drop_signatures, "Warehouse down.\n-- \nAnn Lee\n+44 20 555", "Warehouse down."),
    (
        drop_signatures,
        "Steht.\nGruß\nIda\n\nPS: Auch der zweite Drucker steht.",
        "Steht.\n\nPS: Auch der zweite Drucker steht.",
    ),
    (
        drop_signatures,
        "Steht.\nGruß Ida\n\nSeit heute früh geht auch das Tor nicht mehr auf.",
        "Steht.\n\nSeit heute früh geht auch das Tor nicht mehr auf.",
    ),
    (drop_signatures, "Log:\nVG log, hourly resync", "Log:\nVG log, hourly resync"),
    (
        drop_disclaimers,
        "Steht.\n\nDiese E-Mail enthält vertrauliche Informationen.\nBitte löschen.",
        "Steht.",
    ),
    (drop_disclaimers, "Down.\n\nThis e-mail may contain confidential information. Delete it.", "Down."),
    (drop_disclaimers, "Down.\nSent from my phone", "Down."),
    (drop_disclaimers, "Bitte den Sitz der Gesellschaft ändern", "Bitte den Sitz der Gesellschaft ändern"),
    (mark_urls, "siehe https://www.Portal.example.com/x?y=1.", "siehe URL portal.example.com."),
    (mark_urls, "see (http://user:pw@catalog:8080/api)", "see (URL catalog)"),
    (mark_urls, "www.lotwerk.example/hilfe geht nicht", "URL lotwerk.example geht nicht"),
    (mark_emails, "an ida.bo@firma.example, bitte", "an EMAIL, bitte"),
    (mark_emails, "user@localhost bleibt", "user@localhost bleibt"),
    (mark_ids, "id 550e8400-e29b-41d4-a716-446655440000 da", "id ID da"),
    (mark_ids, "hash 7b7df2920d9870cb286408956ea95f6d", "hash ID"),
    (
        mark_ids,
        "P41K902217 0x80070005 0000000000418812 facade",
        "P41K902217 0x80070005 0000000000418812 facade",
    ),
    (
        reduce_logs,
        "Log:\n16:22:08 ERROR job=1\na.b.MemoryError: heap space\n\tat a.C.grow(C.java:77)\n\nSeit gestern.",
        "Log:\nLOGBLOCK\nERROR job=1\nMemoryError: heap space\n\n\nSeit gestern.",
    ),
    (
        reduce_logs,
        "07:00:12 INFO connect\n07:00:13 ERROR ORA-12514 no listener",
        "LOGBLOCK\nERROR ORA-12514 no listener\n",
    ),
    (
        reduce_logs,
        'Traceback (most recent call last):\n  File "a.py", line 8, in <module>\nValueError: bad literal',
        "LOGBLOCK\nValueError: bad literal\n",
    ),
    (reduce_logs, "10:14:02 S S 101 g\n10:14:03 S D 102 g", "LOGBLOCK\nS S 101 g\nS D 102 g\n"),
    (
        reduce_logs,
        "14:10 war er weiß.\n09:00:00 Uhr ging es noch.",
        "14:10 war er weiß.\n09:00:00 Uhr ging es noch.",
    ),
    (
        reduce_code,
        "So:\n```js\nfoo()\nTypeError: x is null\n    at a (b.js:1:2)\n```\nwarum?",
        "So:\nLOGBLOCK\nfoo()\nTypeError: x is null\n\nwarum?",
    ),
    (reduce_code, "Aufruf:\n```\nmake all\n```", "Aufruf:\nCODEBLOCK\nmake all\n"),
]
MAIL_LINES = [
    *["> ", "-- ", "VG", "Ida", "Danke", "Hallo,", "Mit freundlichen Grüßen", "Siehe unten", "seit heute."],
    *["Von: A", "Gesendet: 3.", "Betreff: AW: x", "Am 1.2. schrieb X:", "-----Original Message-----"],
    *["```", "LOGBLOCK", "12:00:00 ERROR x", "  at a.B(C.java:1)", "x.y.ZError: q", "deadbeef00112233"],
    *["https://www.a.example/b", "www.", "URL ", "ID", "a@b.example", "Diese E-Mail ist vertraulich"],
    *["<br>", "<p>", "<!-- x -->", "&lt;p&gt;", " ", "\n", "\n\n", "\r\n"],
]
WORDS = st.sampled_from(MAIL_LINES)
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=40).map("".join)


@pytest.mark.parametrize(("rule", "before", "after"), PAIRS)
def test_each_rule_takes_what_it_names_and_no_more(rule, before, after):
    """A rule turns what stands before into what stands after."""
    assert rule(before).strip() == after.strip()


def test_every_rule_but_html_has_its_pairs():
    """No rule goes unshown; reading HTML is shown with its own module."""
    assert {rule.__name__ for rule in RULES} - {rule.__name__ for rule, _, _ in PAIRS} == {"reduce_html"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Hallo,</p><p>Lager steht.</p><blockquote>alt</blockquote>", "Lager steht.\n\nalt"),
        ("<!-- Bitte ausfüllen -->\nLager<br>steht", "Lager steht"),
        ("Hallo zusammen,\r\n\r\n\r\nLager   steht.\r\n\r\nMfG\r\nIda", "Lager steht."),
        ("> Hallo Ida,\n> Lager steht.\n> Gruß Bo", "Lager steht."),
        (
            "fyi\n\n> Log:\n> 07:00:12 connect\n> 07:00:13 535 denied",
            "fyi\n\nLog:\nLOGBLOCK\nconnect\n535 denied",
        ),
    ],
)
def test_rules_work_together(before, after):
    """HTML, quotations and what stands in them are cleaned by one call."""
    assert clean(before) == after


@pytest.mark.parametrize(
    "text", ["Hallo,", "Mit freundlichen Grüßen", "> ", "VG", "<p></p>", "Von: A\nAn: B", "Danke!"]
)
def test_no_rule_eats_the_whole_ticket(text):
    """A ticket of nothing but what rules take keeps its words."""
    assert clean(text)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_cleaning_twice_changes_nothing(text):
    """A clean text is clean, and no text makes cleaning fail."""
    once = clean(text)
    assert clean(once) == once
    assert once or not any(sign.isalnum() for sign in text)


@pytest.mark.parametrize(
    "unit", [">", "> ", "a", "\n", "a@", "Hallo,\n", "VG\n", "```\n", "<", "at a(", "12:00:00 x\n", ". VG A"]
)
def test_a_megabyte_of_anything_is_cleaned_in_linear_time(unit):
    """Four times the text takes about four times as long (ten leave room for noise)."""
    short, long = (_seconds(clean, unit * (size // len(unit))) for size in (250_000, 1_000_000))
    assert long < max(10 * short, 1)


def _seconds(act, text):
    started = time.perf_counter()
    act(text)
    return time.perf_counter() - started
