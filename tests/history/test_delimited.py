"""CSV: the delimiter from the header, records over lines, and stray quotes that cost one row."""

import pytest

from history import HistoryMapping

MAPPING = HistoryMapping({"body": "Beschreibung, lang", "level": "Stufe, Nr", "category": "Art, grob"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(desk, delimiter):
    """Commas in the rows do not hide the delimiter that the header has."""
    header = delimiter.join(["body", "level", "category"])
    [solved] = desk.solved(f"{header}\n" + delimiter.join(['"a, b; c\td, e, f"', "1", "bug"]))
    assert solved.ticket.body == "a, b; c\td, e, f"


def test_the_names_looked_for_settle_a_doubtful_delimiter(desk):
    """Where the header holds two delimiters, the one that parts it into the columns looked for is taken."""
    content = "Beschreibung, lang;Stufe, Nr;Art, grob\nx;1;bug\n"
    assert [one.ticket.body for one in desk.solved(content, mapping=MAPPING)] == ["x"]


def test_a_stated_delimiter_is_taken(desk):
    """The line by which Excel states the delimiter is no header."""
    [solved] = desk.solved("sep=;\r\nbody;level;category\r\na,b;1;bug\r\n")
    assert solved.ticket.body == "a,b"


def test_a_header_may_hold_quoted_newlines(desk):
    """A column name over two lines is one name, and lines are counted on."""
    mapping = HistoryMapping({"body": "Body\n(long)"})
    content = '"Body\n(long)",level,category\na,1,bug\nb,9,bug\n'
    assert [one.ticket.body for one in desk.solved(content, mapping=mapping)] == ["a"]
    assert desk.entries[0]["line"] == 4


def test_blank_lines_and_trailing_delimiters_are_no_fault(desk):
    """Blank lines are no rows, and empty cells after the last column hold nothing."""
    content = "\n\nbody,level,category\n\na,1,bug,,\r\n\r\nb,1,bug\n\n"
    assert [one.ticket.body for one in desk.solved(content)] == ["a", "b"]
    assert desk.log.counts == {}


def test_one_column_is_enough_for_tickets(desk):
    """A file without any delimiter is a file of one column."""
    assert [ticket.body for ticket in desk.arriving('body\nHilfe\n"zwei\nZeilen"\n')] == [
        "Hilfe",
        "zwei\nZeilen",
    ]


def test_quotes_inside_an_unquoted_cell_are_its_own(desk):
    """An inch sign is no quote."""
    [solved] = desk.solved('body,level,category\n24" Bildschirm,1,bug\n')
    assert solved.ticket.body == '24" Bildschirm'


@pytest.mark.parametrize(
    "stray",
    ['"offen,1,bug', '"offen,1,bug\n"noch eins,1,bug', '"er sagt "hallo" so,1,bug'],
)
def test_a_stray_quote_does_not_swallow_the_rows_after_it(desk, stray):
    """A quote that never closes costs its own line, even with 500 good rows behind it."""
    good = "".join(f'{n},1,"bug"\n' for n in range(500))
    solved = desk.solved(f"body,level,category\n{stray}\n{good}")
    assert [one.ticket.body for one in solved] == [str(n) for n in range(500)]
    assert [entry["line"] for entry in desk.entries] == list(range(2, 2 + len(stray.splitlines())))
    assert [entry["row"].strip() for entry in desk.entries] == stray.splitlines()


def test_repeated_columns_are_numbered_and_keep_their_cells(desk):
    """Columns of one name that are not looked for are no fault, and a reject shows all their cells."""
    desk.solved("body,Note,Note,,level,category\na,x,y,z,9,bug\n")
    assert desk.entries[0]["row"] == {
        "body": "a", "Note": "x", "Note (2)": "y", "column 4": "z", "level": "9", "category": "bug",
    }  # fmt: skip
