"""What is printed where."""

import json

from hypothesis import given
from hypothesis import strategies as st

from stellwerk.output import message, printable, share, show, table, write_json


def test_json_keeps_every_letter(capsys) -> None:
    """A JSON result is one document that keeps umlauts and order."""
    write_json({"b": "Größe", "a": [1, None]})
    out = capsys.readouterr().out
    assert "Größe" in out
    assert list(json.loads(out).items()) == [("b", "Größe"), ("a", [1, None])]


def test_messages_stay_off_standard_output(capsys) -> None:
    """What is said beside the result goes to standard error."""
    message("reading")
    assert capsys.readouterr() == ("", "reading\n")


@given(st.text())
def test_nothing_printed_commands_the_terminal(words) -> None:
    """No text keeps a control character but tabs and newlines, and ordinary letters stay."""
    shown = printable(words)
    assert all(letter in "\t\n" or letter.isprintable() or not letter.isascii() for letter in shown)
    assert "\x1b" not in shown
    assert [letter for letter in shown if letter.isalnum()] == [letter for letter in words if letter.isalnum()]


def test_markup_in_a_ticket_is_shown_as_written(capsys) -> None:
    """Square brackets and colons of a ticket are no markup."""
    rows = table("Hits", "title")
    rows.add_row("[bold]Fehler[/bold] :warning:")
    show("[red]Titel[/red]", rows)
    out = capsys.readouterr().out
    assert "[red]Titel[/red]" in out
    assert "[bold]Fehler[/bold] :warning:" in out


def test_a_missing_share_is_a_dash() -> None:
    """A share that does not exist is not shown as zero."""
    assert (share(None), share(0.0), share(0.12345)) == ("-", "0.000", "0.123")
