"""Bytes to lines: each line by its own encoding."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history import HistoryError
from history.lines import LINE_LIMIT, decode, is_damaged, open_lines


def lines_of(path):
    """The texts of the file's lines."""
    with open_lines(path) as lines:
        return [line.text for line in lines]


def test_each_line_is_read_in_its_own_encoding(tmp_path):
    """A file glued together from UTF-8 and Windows-1252 reads right in every line."""
    path = tmp_path / "mixed.csv"
    path.write_bytes("Büro €\n".encode() + "Büro €\n".encode("cp1252") + "Büro €".encode())
    assert lines_of(path) == ["Büro €\n", "Büro €\n", "Büro €"]


def test_a_mixed_file_reads_right_row_by_row(desk):
    """Rows of both encodings, also one whose quoted body has a line of each, are all read right."""
    content = (
        b"body,level,category\n"
        + "Müller,1,bug\n".encode()
        + "Größe,1,bug\n".encode("cp1252")
        + '"erste Zeile ü\n'.encode()
        + 'zweite Zeile ü",1,bug\n'.encode("cp1252")
    )
    assert [one.ticket.body for one in desk.solved(content)] == [
        "Müller",
        "Größe",
        "erste Zeile ü\nzweite Zeile ü",
    ]


def test_a_byte_in_no_encoding_rejects_its_row_alone(desk):
    """A byte that neither UTF-8 nor Windows-1252 knows costs its row, which is named by its column."""
    content = b"id,body,level,category\n1,gut,1,bug\n2,\xfc\x81,1,bug\n3,gut,1,bug\n"
    assert [one.ticket.id for one in desk.solved(content)] == ["1", "3"]
    [entry] = desk.entries
    assert (entry["line"], entry["column"], entry["reason"]) == (3, "body", "undecodable")
    assert entry["row"]["body"] == "ü\udc81"


def test_a_line_of_both_encodings_is_noted(desk):
    """A line that is no UTF-8 though parts of it are is read as Windows-1252, and the doubt is noted."""
    [solved] = desk.solved(b"body,level,category\n" + "Müller ".encode() + b"Gr\xf6\xdfe,1,bug\n")
    assert "Größe" in solved.ticket.body
    assert desk.log.notes == {"doubtful_encoding": 1}
    assert desk.entries[0]["line"] == 2


def test_a_nul_far_into_the_file_rejects_its_row_alone(desk):
    """A NUL byte after the beginning of a large file is one row's fault, not the file's."""
    rows = [f"{n},{'x' * 100},1,bug\n" for n in range(1000)]
    rows.append("nul,a\0b,1,bug\n")
    assert len(desk.solved("id,body,level,category\n" + "".join(rows))) == 1000
    assert [(entry["line"], entry["reason"]) for entry in desk.entries] == [(1002, "nul_character")]


def test_lines_may_end_in_carriage_returns_alone(desk):
    """A file whose lines end in CR, as old Macs wrote them, is read."""
    content = "id,body,level,category\r" + "".join(f"{n},x,1,bug\r" for n in range(3)) + "3,x,1,bug"
    assert [one.ticket.id for one in desk.solved(content)] == ["0", "1", "2", "3"]


def test_a_utf_16_file_may_end_in_the_middle_of_a_character(desk):
    """A UTF-16 file cut off inside a character loses that row alone, and it is named."""
    content = "body,level,category\nGrüße,1,bug\nx,1,bug".encode("utf-16") + b"\x20"
    assert [one.ticket.body for one in desk.solved(content)] == ["Grüße"]
    assert desk.log.counts == {"undecodable": 1}


def test_only_line_feeds_part_lines(tmp_path):
    """Other characters that Unicode counts as line ends stay inside their line."""
    path = tmp_path / "a.jsonl"
    text = "a\u2028b\x0bc\x85d\re\n"
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(text.encode(encoding))
        assert lines_of(path) == [text]


@pytest.mark.parametrize("start", [b"", b"\xff\xfe"])
@pytest.mark.parametrize("newline", [b"", b"a\r"])
def test_a_line_without_end_is_refused(tmp_path, start, newline):
    """A line beyond the limit is told by its number instead of filling the memory."""
    path = tmp_path / "endless.csv.gz"
    path.write_bytes(gzip.compress(start + newline + b"xx" * (LINE_LIMIT + 10), compresslevel=1))
    with pytest.raises(HistoryError, match=r"line \d is longer than 16 MiB"):
        lines_of(path)


@given(st.text())
def test_utf_8_is_always_read_as_itself(text):
    """Whatever UTF-8 says is read without change or doubt."""
    assert decode(text.encode("utf-8")) == (text, False)


@given(st.binary())
def test_any_bytes_are_read_or_seen_to_be_damaged(raw):
    """Bytes in neither encoding are never taken for text."""
    text, _ = decode(raw)
    known = True
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        known = not any(byte in raw for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    assert is_damaged(text) is not known
