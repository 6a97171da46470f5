"""``inspect`` on the command line."""

import csv
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def history(folder) -> Path:
    """Sixty rows under a desk's own names: one twin labelled otherwise, one formula for an id."""
    rows = ["Nr;Text;Stufe;category;queue"]
    for i in range(29):
        rows.append(f"{i};Maske {i} stürzt beim Speichern der Bestellung ab;3;bug;Entwicklung")
        rows.append(f"f{i};Wo finde ich in Maske {i} das Feld für den Rabatt?;1;question;Hotline")
    rows.append("=1+1;Maske 3 stürzt beim Speichern der Bestellung ab;1;bug;Entwicklung")
    file = folder / "export.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return file


NAMES = ("--column", "body=Text", "--column", "level=Stufe", "--column", "id=Nr")


def test_the_rows_to_look_at_come_as_json_and_as_a_table_for_a_spreadsheet(run, history) -> None:
    """The twin is found under the desk's own names, by file and line, and no cell of the CSV is a formula."""
    ended = run("inspect", history, *NAMES, "--json", "--output", "rows.csv")
    assert ended.status == 0, ended.err
    found = json.loads(ended.out)
    twin = next(row for row in found["rows"] if row["id"] == "=1+1")
    assert twin["line"] == 60
    assert {"duplicate", "twin_conflict"} <= set(twin["kinds"].split())
    assert [c["column"] for c in found["columns"] if c["suspicious"]].count("queue") >= 1
    with Path("rows.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [row["rank"] for row in table] == [str(rank) for rank in range(1, len(found["rows"]) + 1)]
    assert next(row for row in table if row["line"] == "60")["id"] == "'=1+1"


def test_a_person_sees_tables_and_what_could_not_be_checked(run, history) -> None:
    """Without --json the same is shown in words; what is not known is said on standard error."""
    ended = run("inspect", history, *NAMES, "--limit", "3")
    assert ended.status == 0, ended.err
    for words in ("Ceiling of level: not told", "known only after routing?", "The first of", "export.csv line"):
        assert words in ended.out
    assert "not checked: drift" in ended.err


def test_a_place_that_cannot_be_written_is_told_with_its_cure(run, history) -> None:
    """Exit status 1 and one line that names the option."""
    ended = run("inspect", history, *NAMES, "--target", "level", "--output", "no/such/folder.csv")
    assert ended.status == 1
    assert "--output" in ended.err
    assert not ended.out
