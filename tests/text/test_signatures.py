"""What signatures promise: equal for two logs of one fault, different for two faults."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.signatures import LONGEST, MOST, signatures_of

JAVA = """2026-03-0{n} 0{n}:12:45,11{n} ERROR [http-nio-8080-exec-{n}] order 48{n}1 failed (request 0x7f3a9c{n}b2210)
com.acme.shop.StockConflict: not enough of article {n}77 in /srv/data/{n}/stock.db
    at com.acme.shop.OrderService.lambda$confirm${n}(OrderService.java:11{n})
    at com.acme.shop.OrderService$$EnhancerBySpringCGLIB$$3{n}fa.confirm(<generated>)
    at java.base/java.util.ArrayList.forEach(ArrayList.java:15{n}1)
    at com.acme.shop.CartController.checkout(CartController.java:7{n})
Caused by: java.sql.SQLRecoverableException: IO error {n}, session {n}{n}1a2b3c-0d0d-4e4e-8f8f-1234567890a{n}
    at com.acme.db.Pool.borrow(Pool.java:2{n})
    ... 1{n} more
"""
PYTHON = """Traceback (most recent call last):
  File "/home/u{n}/app/jobs/export.py", line {n}1, in run
    send(part, retries={n})
  File "/home/u{n}/app/jobs/mailer.py", line 4{n}, in send
    raise MailRefused(f"part {{part}}")
app.errors.MailRefused: part {n}3 was refused
"""
DOT_NET = """Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
   bei Acme.Billing.Invoice.<Print>d__{n}.MoveNext() in C:\\build\\{n}\\Invoice.cs:Zeile 8{n}.
   bei System.Runtime.CompilerServices.TaskAwaiter.ThrowForNonSuccess(Task task)
   bei Acme.Billing.Batch`{n}.Run(String id)
"""
JAVASCRIPT = """Uncaught TypeError: Cannot read properties of undefined (reading 'id{n}')
    at Object.confirm [as onClick] (https://shop.example/static/app.{n}f3e.js:{n}:412)
    at async Cart.checkout (webpack:///src/cart.js?v={n}:8{n}:3)
    at new Shell (file:///C:/app/{n}/shell.js:1:{n})
    at https://shop.example/boot.js:{n}:1
"""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (JAVA, ["stockconflict@orderservice.confirm<orderservice.confirm<cartcontroller.checkout", "stockconflict"]),
        (JAVA, ["sqlrecoverableexception@pool.borrow", "sqlrecoverableexception"]),
        (PYTHON, ["mailrefused@mailer.send<export.run", "mailrefused@mailer.send", "mailrefused"]),
        (DOT_NET, ["nullreferenceexception@invoice.print<batch.run", "nullreferenceexception@invoice.print"]),
        (JAVASCRIPT, ["typeerror@confirm<cart.checkout<shell", "typeerror@confirm", "typeerror"]),
    ],
)
def test_a_log_gives_its_exception_and_frames_and_nothing_that_changes(log, expected):
    """Two logs that differ in times, ids, paths, lines and numbers give the same, from specific to general."""
    first, second = (signatures_of(log.format(n=n)) for n in (3, 7))
    assert first == second
    longest = [one[: LONGEST - 13] for one in expected]
    found = [one.partition("#")[0] for one in first]
    assert [one for one in found if one in set(longest) | set(expected)] == [
        one if len(one) <= LONGEST else one[: LONGEST - 13] for one in expected
    ]


@pytest.mark.parametrize(
    "change",
    [("OrderService.lambda", "OrderStore.lambda"), ("StockConflict", "PriceConflict"), ("checkout", "cancel")],
)
def test_another_exception_or_another_frame_is_another_signature(change):
    """The most specific signature tells apart what differs in one name; what is common stays common."""
    one, other = (signatures_of(log.format(n=3)) for log in (JAVA, JAVA.replace(*change)))
    assert one[0] != other[0]
    assert "sqlrecoverableexception@pool.borrow" in set(one) & set(other)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ORA-00060: Deadlock beim Warten", "ora-00060"),
        ("Fehlercode 0x80070005 beim Anmelden", "0x80070005"),
        ("Der Server antwortet mit HTTP 503.", "http-503"),
        ("HTTP/1.1 502", "http-502"),
        ("HTTP-Fehler 404", "http-404"),
        ("status code: 429", "http-429"),
        ("Es kommt 504 Gateway Timeout", "http-504"),
        ("SQLSTATE[40001]: Serialization failure", "sqlstate-40001"),
        ("DB2 SQLCODE=-911", "sqlcode-911"),
        ("connect ECONNREFUSED 10.0.0.7:5432", "econnrefused"),
        ("OSError: [Errno 28] No space left on device", "enospc"),
        ("Meldung TS-1234 im Kassensystem", "ts-1234"),
        ("java.lang.NullPointerException", "nullpointerexception"),
        ("es kommt ein KeyError", "keyerror"),
        ("In der Transaktion VA01 kommt nichts", "transaction-va01"),
        ("mit /nME21N geht es nicht", "transaction-me21n"),
        ("und mit /nva01 auch nicht", "transaction-va01"),
        ("Event ID 4625 im Protokoll", "event-4625"),
        ("NET::ERR_CERT_DATE_INVALID", "err_cert_date_invalid"),
        ("Laufzeitfehler CX_SY_ZERODIVIDE", "cx_sy_zerodivide"),
        ("<p>Fehler<br>ORA-00060</p><p>bitte pr&uuml;fen</p>", "ora-00060"),
    ],
)
def test_a_code_is_a_signature(words, expected):
    """Codes of databases, systems, the web and SAP are found within a sentence."""
    assert expected in signatures_of(words)


@pytest.mark.parametrize(
    "words",
    [
        "Wir haben 503 Drucker und 404 Nutzer, Raum 502",
        "INC-20431 und CHG-2291 hängen zusammen, siehe RFC-1918 und UTF-8",
        "Error beim Drucken, Exception unbekannt",
        "Die VA01 nutzen wir seit 2021-03-04",
        "Bitte schnell, es ist 12:45 Uhr; Telefon 0171-1234567",
        "der Pfad ist /opt/app2, /opt2 und /net01/x",
        "It failed at 10:30:15 and again at 2026-03-01T10:31:07, see at office.example:80:1",
        "Wir treffen uns bei Frau.Weber (Büro)",
        "",
    ],
)
def test_numbers_references_and_plain_words_are_none(words):
    """A number without its context, a ticket's reference and everyday words mark no fault."""
    assert signatures_of(words) == ()


def test_a_quoted_and_a_flattened_log_give_the_same_frames():
    """A trace survives a mail's quotation marks and lost line ends."""
    log = JAVA.format(n=4)
    whole = signatures_of(log)
    assert signatures_of("\n".join(f"> {line}" for line in log.splitlines())) == whole
    assert "sqlrecoverableexception@pool.borrow" in signatures_of(" ".join(log.split()))


@given(st.text(alphabet='aAE.:@(<$/ \n"0x9-', max_size=400) | st.text(max_size=400))
def test_signatures_are_short_and_have_no_spaces(text):
    """Whatever the text, each signature is one term the search can file, and no two are equal."""
    found = signatures_of(text)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert all(one and len(one.encode()) <= LONGEST and not any(map(str.isspace, one)) for one in found)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "at a.",
        "at a.b(",
        "A",
        "aA.",
        "at ",
        '"',
        'File "a',
        "0x",
        "HTTP ",
        "[",
        "'",
        "a@",
        "at a/",
        "E_",
        "Caused by: ",
    ],
)
def test_no_text_takes_long(piece):
    """Two hundred thousand characters of the same few are read in seconds, so no ticket can hold up the desk."""
    start = time.process_time()
    signatures_of(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 3.0  # most take below a tenth of a second; the machine may be busy
