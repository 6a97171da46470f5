"""Whole readings: every format to the same tickets, every bad row named, memory bounded."""

import csv
import gzip
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history import HistoryError, HistoryMapping, MappingError, RejectLog, read_history, read_tickets
from tickets import Solution, SolvedTicket, Taxonomy, Ticket

HEADER = "id,subject,body,level,category\n"
COLUMNS = [
    *("id", "subject", "body", "language", "channel", "product", "customer", "created_at"),
    *("level", "category", "closed_at", "resolution", "article_id", "n_reopened", "problem"),
]
ROW = {
    "id": "4711",
    "subject": "Drucker",
    "body": "Der Drucker im Büro druckt nicht, „Papierstau“.\nBitte helfen!",
    "language": "de",
    "channel": "email",
    "product": "Drucker",
    "customer": "Müller & Söhne",
    "created_at": "2024-11-06T08:51:00+00:00",
    "level": "1",
    "category": "bug",
    "closed_at": "2024-11-07",
    "resolution": "Papier entfernt.",
    "article_id": "KB-1",
    "n_reopened": 2,
    "problem": "p-1",
}
SOLVED = SolvedTicket(
    ticket=Ticket(
        subject="Drucker",
        body=ROW["body"],
        id="4711",
        language="de",
        channel="email",
        product="Drucker",
        customer="Müller & Söhne",
        created_at=datetime(2024, 11, 6, 8, 51, tzinfo=UTC),
    ),
    labels={"level": "1", "category": "bug"},
    solution=Solution(
        resolution="Papier entfernt.",
        article_id="KB-1",
        closed_at=datetime(2024, 11, 7, tzinfo=UTC),
        n_reopened=2,
    ),
    problem="p-1",
)


def as_csv(rows, *, delimiter=","):
    """The rows as CSV text under all columns."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_parquet(rows):
    """The rows as a Parquet file's bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf-8.csv", as_csv([ROW]).encode("utf-8")),
        ("bom.csv", as_csv([ROW], delimiter=";").encode("utf-8-sig")),
        ("cp1252.csv", as_csv([ROW], delimiter=";").encode("cp1252")),
        ("utf-16.CSV", as_csv([ROW]).encode("utf-16")),
        ("utf-16-be.tsv", b"\xfe\xff" + as_csv([ROW], delimiter="\t").encode("utf-16-be")),
        ("packed.csv.gz", gzip.compress(as_csv([ROW]).encode("utf-8"), mtime=0)),
        ("utf-8.jsonl", json.dumps(ROW, ensure_ascii=False).encode("utf-8")),
        ("cp1252.jsonl", json.dumps(ROW, ensure_ascii=False).encode("cp1252") + b"\n"),
        ("bom.ndjson", b"\xef\xbb\xbf" + json.dumps(ROW).encode("ascii") + b"\n\n"),
        ("packed.jsonl.gz", gzip.compress(json.dumps(ROW).encode("ascii"), mtime=0)),
        ("plain.parquet", as_parquet([ROW])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_reads_to_the_same_solved_ticket(desk, name, content):
    """One ticket is the same whatever file format, encoding and delimiter it comes in."""
    assert desk.solved(content, name) == [SOLVED]
    assert (desk.log.counts, desk.log.notes) == ({}, {})


def test_reads_arriving_tickets_without_labels(desk):
    """A file of tickets needs no labels, and gives the same tickets as a history would."""
    assert desk.arriving("id,body\n1,Hilfe\n") == [Ticket(id="1", body="Hilfe")]
    assert desk.arriving(as_csv([ROW])) == [SOLVED.ticket]


def test_reads_by_the_desks_own_names(desk):
    """Mapped columns and labels are read; the file keeps the desk's words."""
    mapping = HistoryMapping.parse(
        ["id=Nummer", "body=Beschreibung", "level=Stufe", "category=Art"],
        ["category:Störung=bug", "level:Second Level=2"],
    )
    content = "Nummer;Beschreibung;Stufe;Art\n7;Geht nicht;Second Level;störung\n"
    [solved] = desk.solved(content, mapping=mapping)
    assert (solved.ticket.id, solved.ticket.body) == ("7", "Geht nicht")
    assert solved.labels == {"level": "2", "category": "bug"}


def test_finds_columns_whatever_their_capitals(desk):
    """A column that differs from the one looked for only in capitals is taken for it."""
    [solved] = desk.solved("ID,Body,LEVEL,Category\n1,x,2,Bug\n")
    assert (solved.ticket.id, solved.labels) == ("1", {"level": "2", "category": "bug"})


@pytest.mark.parametrize(
    ("row", "reason", "column", "said"),
    [
        ("1,,  ,1,bug", "empty_ticket", "body", "neither subject nor body"),
        ("1,a,b,1,Incident", "unknown_label", "category", "--label category:Incident=bug"),
        ("1,a,b,9,bug", "unknown_label", "level", "--label level:9=1"),
        ("1,a,b,,", "missing_label", "level", "fill the cell with one of 1, 2, 3"),
        ("1,a,b,1", "cell_count", None, "4 cells where the header has 5 columns"),
        ("1,a,b,1,bug,more", "cell_count", None, "6 cells"),
        ('1,a,"b" c,1,bug', "bad_csv", None, "close every quote"),
        ('1,a,"b,1,bug', "bad_csv", None, "close every quote"),
        ("0,again,b,1,bug", "repeated_id", "id", "history.csv line 2"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_read(desk, row, reason, column, said):
    """A bad row costs itself alone, and is written down with its file, line, column, cure and content."""
    solved = desk.solved(f"{HEADER}0,a,b,1,bug\n{row}\n2,c,d,2,question\n")
    assert [one.ticket.id for one in solved] == ["0", "2"]
    assert desk.log.counts == {reason: 1}
    [entry] = desk.entries
    assert entry["file"].endswith("history.csv")
    assert (entry["line"], entry["column"], entry["reason"], entry["kept"]) == (3, column, reason, False)
    assert said in entry["message"]
    assert entry["row"]


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (b'{"id": 1, "body": "a", "level": 1, "category": "bug"', "bad_json", None),
        pytest.param(b"[" * 100_000, "bad_json", None, id="deep"),
        (b'["a"]', "bad_json", None),
        (b'{"body": ["a"], "level": 1, "category": "bug"}', "not_text", "body"),
        (b'{"body": "a\\u0000", "level": 1, "category": "bug"}', "nul_character", "body"),
        (b'{"body": "a\\ud800", "level": 1, "category": "bug"}', "undecodable", "body"),
        (b'{"body": "a\xfc\x81", "level": 1, "category": "bug"}', "undecodable", "body"),
        (b'{"level": 1, "category": "bug"}', "empty_ticket", "body"),
        (b'{"body": "a"}', "missing_label", "level"),
        (b'{"body": "a", "level": {"n": 1}, "category": "bug"}', "not_text", "level"),
    ],
)
def test_a_bad_json_line_is_named_and_the_others_are_read(desk, line, reason, column):
    """A line that is no usable object costs itself alone."""
    good = b'{"body": "good", "level": 1, "category": "bug"}'
    assert [one.ticket.body for one in desk.solved(good + b"\n" + line, "a.jsonl")] == ["good"]
    [entry] = desk.entries
    assert (entry["line"], entry["reason"], entry["column"]) == (2, reason, column)


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"level": ""}, "missing_label", "level"),
        ({"created_at": "yesterday"}, "bad_date", "created_at"),
        ({"closed_at": "0001-01-01T00:00:00+14:00"}, "bad_date", "closed_at"),
        ({"n_reopened": "often"}, "bad_count", "n_reopened"),
        ({"language": "Deutsch!"}, "unknown_language", "language"),
        ({"body": "x" * 100_001}, "cut_text", "body"),
        ({"resolution": "x" * 1_200_000}, "cut_text", "resolution"),
    ],
)
def test_a_row_changed_to_be_kept_is_noted(desk, cells, reason, column):
    """A row with a small fault is read without the faulty part, and the fault is written down as kept."""
    [solved] = desk.solved(as_csv([ROW | cells]))
    assert solved.ticket.id == "4711"
    assert (desk.log.counts, desk.log.notes) == ({}, {reason: 1})
    [entry] = desk.entries
    assert (entry["line"], entry["column"], entry["kept"]) == (2, column, True)


def test_a_row_without_one_label_keeps_the_other(desk):
    """A ticket that lacks one target's label still teaches the other target."""
    [solved] = desk.solved(HEADER + "1,a,b,,bug\n")
    assert solved.labels == {"category": "bug"}


def test_a_long_text_is_cut_and_html_counts_as_its_text(desk):
    """What is over the limit is cut to it; HTML is reduced to text before it is measured."""
    [cut] = desk.solved(as_csv([ROW | {"body": "ab " * 400_000}]))
    assert len(cut.ticket.body) == 100_000
    html = "<html><body><p>Guten Tag</p><style>" + "p {color: red}" * 20_000 + "</style></body></html>"
    [reduced] = desk.solved(as_csv([ROW | {"body": html}]))
    assert reduced.ticket.body == "Guten Tag"
    assert desk.log.notes == {"cut_text": 1}


def test_a_list_where_a_word_belongs_is_noted_not_fatal(desk):
    """An optional cell that holds no text is left out, and that is noted."""
    [solved] = desk.solved('{"body": "a", "level": 1, "category": "bug", "customer": {"id": 5}}', "a.jsonl")
    assert solved.ticket.customer is None
    assert desk.log.notes == {"not_text": 1}


@pytest.mark.parametrize("label", ['"2"', "2", "2.0", '"2.0"', '" 2 "'])
def test_whole_numbers_are_one_label_however_written(desk, label):
    """A level is the same as a number, a decimal or a word."""
    [solved] = desk.solved(f'{{"body": "a", "level": {label}, "category": "BUG"}}', "a.jsonl")
    assert solved.labels == {"level": "2", "category": "bug"}


def test_a_row_without_id_gets_a_stable_one(desk):
    """The made-up id depends on the words, not on the place, the format or the labels."""
    first, second = desk.solved("body,level,category\nHilfe,1,bug\nDanke,1,bug\n")
    assert first.ticket.id != second.ticket.id
    assert first.ticket.id.startswith("row-")
    assert len(first.ticket.id) == len("row-") + 12
    [again] = desk.solved('{"category": "update", "level": 2, "body": "Hilfe\\r\\n"}', "a.jsonl")
    assert again.ticket.id == first.ticket.id
    assert again.problem is None


def test_the_same_row_twice_without_id_is_named(desk):
    """Two rows without ids that say the same are one ticket, and the second is written down."""
    assert len(desk.solved("body,level,category\nHilfe,1,bug\nHilfe,1,bug\n")) == 1
    [entry] = desk.entries
    assert entry["reason"] == "repeated_row"
    assert "history.csv line 2" in entry["message"]


def test_an_id_is_known_across_files(desk):
    """An id met in an earlier file is named with that file."""
    first = desk.file(HEADER + "1,a,b,1,bug\n", "first.csv")
    second = desk.file(HEADER + "1,c,d,1,bug\n2,c,d,1,bug\n", "second.csv")
    solved = list(read_history([first, second], taxonomy=Taxonomy.builtin(), rejects=desk.log))
    assert [one.ticket.id for one in solved] == ["1", "2"]
    assert "first.csv line 2" in desk.entries[0]["message"]


def test_a_rejected_row_does_not_take_its_id(desk):
    """An id is taken only by a row that is read."""
    assert [one.ticket.body for one in desk.solved(HEADER + "1,,b,9,bug\n1,,c,1,bug\n")] == ["c"]
    assert desk.log.counts == {"unknown_label": 1}


def test_every_arriving_ticket_is_kept(desk):
    """A ticket without words or with a known id still wants an answer: it is noted, not rejected."""
    tickets = desk.arriving("id,body\n1,a\n1,b\n2,\n,\n,\n")
    assert [ticket.body for ticket in tickets] == ["a", "b", "", "", ""]
    assert desk.log.counts == {}
    assert desk.log.notes == {"empty_ticket": 3, "repeated_id": 1, "repeated_row": 1}


def test_nothing_is_dropped_silently(desk):
    """Rows read plus rows rejected are all the rows there are."""
    rows = [f"{n % 7},a,b,{n % 5},{'bug' if n % 3 else 'Incident'}" for n in range(200)]
    solved = desk.solved(HEADER + "\n".join(rows))
    assert len(solved) + desk.log.n_rejected == 200
    assert len(desk.entries) == desk.log.n_rejected


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "is empty"),
        (b"", "a.jsonl", "is empty"),
        (b"", "a.parquet", "is empty"),
        (b"\n\n", "a.csv", "no readable header"),
        (HEADER.encode(), "a.csv", "has a header but no rows"),
        (b"\n\n", "a.jsonl", "no line that is a JSON object"),
        (b"not json\n{}\n", "a.jsonl", "no line that is a JSON object"),
        (b'[{"body": "a"}]', "a.jsonl", "is a JSON array"),
        (b"body,level\n\0\0,1\n", "a.csv", "NUL byte in line 2"),
        ("body,level\na,1\n".encode("utf-16-le"), "a.csv", "UTF-16 without a byte order mark"),
        (b"PK\x03\x04rest", "a.csv", "export it as CSV UTF-8"),
        (b"PAR1rest", "a.csv", "ends in .parquet"),
        (b"no parquet", "a.parquet", "not a readable Parquet file"),
        (gzip.compress(b"body\nx\n" * 500, mtime=0)[:-9], "a.csv.gz", "damaged gzip"),
        (b"\x1f\x8bno gzip at all", "a.jsonl.gz", "damaged gzip"),
        (b"body\nx\n", "a.xlsx", ".csv, .tsv, .jsonl"),
        (b"body\nx\n", "a.parquet.gz", ".csv, .tsv, .jsonl"),
        (b"Nr,Text,level,category\n1,x,1,bug\n", "a.csv", "it has Nr, Text, level, category; name the one"),
        (b"Nr,Text,level,category\n1,x,1,bug\n", "a.csv", "--column body=..."),
        (
            b"body,category\nx,bug\n",
            "a.csv",
            "--column level=..., or learn only the others with --target category",
        ),
        (b'{"body": "x"}\n{"body": "y", "level": 1}', "a.jsonl", 'no column for the target "category"'),
        (b"body,body,level,category\nx,y,1,bug\n", "a.csv", 'the column "body" twice'),
    ],
)
def test_a_file_that_cannot_be_read_names_the_cure_at_once(desk, content, name, said):
    """A fault of the file as a whole is told before any ticket is asked for, with the file and a cure."""
    with pytest.raises(HistoryError) as raised:
        list(read_history([desk.file(content, name)], taxonomy=Taxonomy.builtin(), rejects=desk.log))
    assert said in str(raised.value)
    assert str(raised.value).startswith(str(desk.folder / name))


def test_faults_of_a_file_are_raised_before_the_first_ticket(desk):
    """The second file's missing column stops the reading before the first file is read."""
    good, bad = desk.file(HEADER + "1,a,b,1,bug\n", "good.csv"), desk.file("Text\nx\n", "bad.csv")
    with pytest.raises(HistoryError, match=r"bad\.csv"):
        read_history([good, bad], taxonomy=Taxonomy.builtin(), rejects=desk.log)


def test_a_missing_file_or_a_folder_is_named(desk):
    """A path that is no file says so."""
    for path, said in ((desk.folder / "gone.csv", "No such file"), (desk.folder, "is a folder")):
        with pytest.raises(HistoryError, match=said):
            read_tickets([path], rejects=desk.log)


def test_a_target_met_only_late_in_json_lines_is_no_fault(desk):
    """Objects may leave keys out: a target in any line of the file is a column of it."""
    rows = [{"body": f"a{n}", "level": 1} for n in range(50)] + [{"body": "b", "category": "bug"}]
    assert len(desk.solved("\n".join(map(json.dumps, rows)), "a.jsonl")) == 51
    assert desk.log.notes == {"missing_label": 51}


def test_a_mapped_column_that_is_not_there_is_named(desk):
    """A mistyped column name is told, also for a column that may be missing."""
    for ours in ("body", "customer"):
        with pytest.raises(HistoryError, match=f'no column "Kunde" for {ours}; it has id, subject'):
            desk.solved(HEADER + "1,a,b,1,bug\n", mapping=HistoryMapping({ours: "Kunde"}))


def test_a_mapping_of_labels_does_not_hinder_arriving_tickets(desk):
    """The mapping made for a history serves tickets without the history's columns."""
    mapping = HistoryMapping({"body": "Text", "level": "Stufe", "resolution": "Ende"}, {"level": {"A": "1"}})
    assert [ticket.body for ticket in desk.arriving("Text\nx\n", mapping=mapping)] == ["x"]


def test_a_mapping_with_an_unknown_name_is_refused_at_once(desk):
    """A column, target or label that is not ours is told before anything is read."""
    for mapping, said in (
        (HistoryMapping({"bdy": "Text"}), "use one of id, subject, body"),
        (HistoryMapping(labels={"lvl": {"a": "1"}}), "use one of level, category"),
        (HistoryMapping(labels={"level": {"a": "4"}}), "use one of 1, 2, 3"),
    ):
        with pytest.raises(MappingError, match=said):
            read_history([], taxonomy=Taxonomy.builtin(), mapping=mapping, rejects=desk.log)


def test_the_log_holds_counts_but_no_words(desk, caplog):
    """The log line of a file has its rows and rejects, and nothing a customer wrote."""
    with caplog.at_level(logging.INFO, "history"):
        desk.solved(HEADER + "1,secret,words,1,bug\n2,secret,words,9,bug\n")
    [record] = caplog.records
    assert (record.n_rows, record.n_rejected) == (2, 1)
    assert "secret" not in str(record.__dict__)


def test_rejects_are_on_disk_when_the_reading_is_given_up(desk):
    """A reader that stops early leaves what was rejected so far in the file."""
    content = HEADER + "1,a,b,9,bug\n2,a,b,1,bug\n3,a,b,1,bug\n"
    tickets = read_history([desk.file(content)], taxonomy=Taxonomy.builtin(), rejects=desk.log)
    next(tickets)
    tickets.close()
    assert [entry["line"] for entry in desk.entries] == [2]


READ_LARGE = """
import json, sys
from pathlib import Path
from history import RejectLog, read_history
from tickets import Taxonomy

def most_memory():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024

path, told, rejects = Path(sys.argv[1]), [], RejectLog(Path(sys.argv[2]))
before = most_memory()
tickets = read_history([path], taxonomy=Taxonomy.builtin(), rejects=rejects, progress=told.append)
n_read = sum(1 for _ in tickets)
progress = [(one.n_rows, one.n_bytes_read, one.n_bytes) for one in told]
facts = {"n_read": n_read, "counts": rejects.counts, "progress": progress, "grown": most_memory() - before}
print(json.dumps(facts))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of one process's memory is asked of Linux")
def test_100_000_rows_are_read_in_bounded_memory_with_progress(tmp_path):
    """A large file is never held in memory: reading it takes less than half its size, all ids included."""
    path = tmp_path / "large.csv"
    body = "Der Drucker druckt nicht. " * 30
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"{n},Störung {n},{body},{n % 4},bug\n" for n in range(100_000))
    size = path.stat().st_size
    assert size > 80_000_000
    command = [sys.executable, "-c", READ_LARGE, str(path), str(tmp_path / "rejects.jsonl")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    facts = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    assert (facts["n_read"], facts["counts"]) == (75_000, {"unknown_label": 25_000})
    assert facts["grown"] < size / 2
    assert facts["progress"][-1] == [100_000, size, size]
    assert facts["progress"] == sorted(facts["progress"])
    assert facts["progress"][0][0] == 1000
    assert facts["progress"][0][1] < size / 50


def test_progress_counts_over_all_files(desk):
    """Progress over two files ends at the size of both, one plain and one compressed."""
    plain = desk.file(HEADER + "1,a,b,1,bug\n", "plain.csv")
    packed = desk.file(gzip.compress((HEADER + "2,a,b,1,bug\n").encode()), "packed.csv.gz")
    told = []
    list(read_tickets([plain, packed], rejects=desk.log, progress=told.append))
    sizes = plain.stat().st_size, packed.stat().st_size
    assert [(one.file, one.n_bytes_read, one.n_rows) for one in told] == [
        (plain, sizes[0], 1),
        (packed, sum(sizes), 2),
    ]


# Without the signs of 0x80 to 0xBF, no line of Windows-1252 can be taken for UTF-8 by chance.
_LETTERS = st.sampled_from("abcXYZ 019.,;:\t\n\"'äöüÄÖÜßéèñç!?()=|\\-")
_ANY = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&\ufeff") | st.sampled_from('\n\t,;"')


def _ticket_lists(characters):
    words = st.text(characters, max_size=40).map(str.strip)
    said = words.filter(bool)
    times = st.none() | st.datetimes(
        datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
        datetime(2100, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
        timezones=st.just(UTC),
    )
    tickets = st.builds(
        Ticket,
        subject=words,
        body=said,
        id=said,
        language=st.sampled_from([None, "de", "en"]),
        channel=words.map(lambda word: word or None),
        product=words.map(lambda word: word or None),
        customer=words.map(lambda word: word or None),
        created_at=times,
    )
    solutions = st.builds(
        Solution,
        resolution=said,
        article_id=words.map(lambda word: word or None),
        closed_at=times,
        n_reopened=st.integers(0, 9),
    )
    solved = st.builds(
        SolvedTicket,
        ticket=tickets,
        labels=st.fixed_dictionaries(
            {
                "level": st.sampled_from(["1", "2", "3"]),
                "category": st.sampled_from(["bug", "question", "requirement", "update"]),
            }
        ),
        solution=st.none() | solutions,
        problem=words.map(lambda word: word or None),
    )
    return st.lists(solved, min_size=1, max_size=5, unique_by=lambda one: one.ticket.id)


def _cells(solved):
    ticket, solution = solved.ticket, solved.solution or Solution()
    cells = {name: getattr(ticket, name) for name in COLUMNS[:7]} | solved.labels
    cells |= {"resolution": solution.resolution, "article_id": solution.article_id, "problem": solved.problem}
    cells |= {"n_reopened": solution.n_reopened}
    times = {"created_at": ticket.created_at, "closed_at": solution.closed_at}
    return cells | {name: when.isoformat() if when else "" for name, when in times.items()}


@settings(deadline=None)  # files are written, on whatever disk there is
@given(
    case=st.tuples(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), _ticket_lists(_ANY))
    | st.tuples(st.just("cp1252"), _ticket_lists(_LETTERS)),
    delimiter=st.sampled_from(",;\t"),
)
def test_tickets_survive_csv_in_any_encoding_and_delimiter(case, delimiter):
    """Solved tickets written as CSV are read back the same, with nothing rejected or noted."""
    encoding, history = case
    rejects = RejectLog()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        path.write_bytes(as_csv(map(_cells, history), delimiter=delimiter).encode(encoding))
        read = list(read_history([path], taxonomy=Taxonomy.builtin(), rejects=rejects))
    assert read == history
    assert (rejects.counts, rejects.notes) == ({}, {})
