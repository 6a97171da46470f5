"""What was planted is found, told in plain words, and what is fine is left alone."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.inspection.conftest import PLAN, changed, kinds_of

from inspection import inspect
from tickets import Label, Solution, Target, Taxonomy

pytestmark = pytest.mark.slow


def other_label(taxonomy, one, target):
    """Some other label of ``target`` than the one that the row has."""
    return next(name for name in reversed(taxonomy[target].label_names) if name != one.solved.labels[target])


@pytest.fixture(scope="module")
def planted(sample, taxonomy):
    """The sample with one error of each kind, and the row of each."""
    rows = list(sample)
    rows[2] = changed(rows[2], labels={"category": other_label(taxonomy, rows[2], "category")})
    rows[10] = changed(rows[10], body=f"{rows[10].solved.ticket.body}\nLevel: {rows[10].solved.labels['level']}")
    closing = "Die Zuordnung der Konten wurde im Mandanten neu aufgebaut und der Abgleich über Nacht wiederholt."
    rows[20] = changed(
        rows[20], body=f"Abgleich fehlt.\n{closing}", solution=Solution(resolution=f"Erledigt. {closing} Danke.")
    )
    rows[30] = changed(rows[30], solution=Solution(resolution="ok", closed_at=datetime(2020, 1, 1, tzinfo=UTC)))
    rows[40] = changed(rows[40], language="en" if rows[40].solved.ticket.language == "de" else "de")
    twin = changed(rows[50], id="twin", problem=None, labels={"level": other_label(taxonomy, rows[50], "level")})
    near = changed(rows[60], id="near", problem=None, body=f"{rows[60].solved.ticket.body} Eilt.")
    return [*rows, twin, near]


@pytest.fixture(scope="module")
def found(planted, taxonomy):
    """What the inspection finds in them."""
    return inspect(planted, taxonomy=taxonomy, plan=PLAN)


def test_every_planted_error_is_found_at_its_row(found, planted):
    """Conflicts, twins, copies, leaks, impossible times and wrong languages are told of the rows that have them."""
    last = len(planted)
    expected = {
        2: "problem_conflict",
        10: "names_label",
        20: "quotes_resolution",
        30: "bad_times",
        40: "other_language",
        last - 2: "duplicate",
        last - 1: "near_duplicate",
    }
    assert {row: kind for row, kind in expected.items() if kind not in kinds_of(found, row)} == {}
    assert "twin_conflict" in kinds_of(found, last - 2)
    assert "twin_conflict" in kinds_of(found, 50)


def test_what_was_not_planted_is_not_told(found, planted):
    """The sample itself has no conflict within a problem, states no label and was closed after it came."""
    for kind, rows in {
        "problem_conflict": {2},
        "names_label": {10},
        "quotes_resolution": {20},
        "bad_times": {30},
    }.items():
        assert {one.row for one in found.rows if kind in kinds_of(found, one.row)} == rows


def test_the_outvoted_label_is_named_with_the_one_that_the_others_have(found, sample):
    """The reason names file and line of the rows it rests on, and the label to put right."""
    finding = next(f for one in found.rows if one.row == 2 for f in one.findings if f.kind == "problem_conflict")
    assert finding.suggested == sample[2].solved.labels["category"]
    assert "history.jsonl line" in finding.reason


def test_the_table_the_record_and_the_page_tell_the_same_rows(found):
    """A notebook's table and the JSON document hold all rows in one order; the page shows the first, escaped."""
    frame = found.to_frame()
    record = json.loads(json.dumps(found.as_record()))
    assert frame["id"].tolist() == [row["id"] for row in record["rows"]]
    assert frame["score"].is_monotonic_decreasing
    assert frame.index[0] == 1
    page = found._repr_html_()
    assert str(frame.iloc[0]["id"]) in page
    assert "<script" not in page


def test_a_column_known_only_after_routing_is_told(sample, taxonomy):
    """A queue that follows the label is suspicious; one given by chance is not, and columns of models are marked."""
    rows = [
        changed(one, others={"queue": f"Q-{one.solved.labels['category']}", "room": str(i % 7)})
        for i, one in enumerate(sample)
    ]
    columns = {(c.column, c.target): c for c in inspect(rows, taxonomy=taxonomy, plan=PLAN).columns}
    assert columns["queue", "category"].suspicious
    assert columns["queue", "category"].gain == 1
    assert not columns["queue", "level"].suspicious
    assert not columns["room", "category"].suspicious
    assert columns["product", "level"].seen_by_models


def test_words_that_a_system_wrote_are_told(sample, taxonomy):
    """A phrase that stands in all tickets of one label, and in no other, gives it away."""
    rows = [
        changed(one, subject=f"{one.solved.ticket.subject} zzfachteam")
        if one.solved.labels["category"] == "bug"
        else one
        for one in sample
    ]
    telling = inspect(rows, taxonomy=taxonomy, plan=PLAN).words
    assert ("category", "zzfachteam", "bug") in {(one.target, one.words, one.label) for one in telling}


def test_drift_of_labels_words_and_products_is_told(sample, taxonomy):
    """When lately all is of one label, of a new product, in new words, each of the three says so."""
    start, bound = datetime(2025, 1, 1, tzinfo=UTC), len(sample) * 3 // 4
    rows = [changed(one, created_at=start + timedelta(days=i)) for i, one in enumerate(sample)]
    for i in range(bound, len(rows)):
        ticket = rows[i].solved.ticket
        rows[i] = changed(rows[i], product="Neu", body=f"{ticket.body} Quantenmodul", labels={"category": "update"})
    drift = inspect(rows, taxonomy=taxonomy, plan=PLAN).drift
    assert drift.since == f"{start + timedelta(days=bound):%Y-%m-%d}"
    assert drift.labels["category"].lately["update"] == 1
    assert drift.labels["category"].p_value < 0.001
    assert drift.labels["category"].distance > 0.5
    assert drift.new_products == 1
    assert "quantenmodul" in drift.new_words
    assert drift.words_auc > 0.75


def test_a_history_too_small_to_learn_from_is_looked_at_all_the_same(sample, taxonomy):
    """Ten tickets teach nothing; copies are found in them, and what was not checked is said with its reason."""
    rows = [*sample[:10], changed(sample[3], id="again", problem=None)]
    found = inspect(rows, taxonomy=taxonomy, plan=PLAN)
    assert kinds_of(found, 10) >= {"duplicate"}
    assert [reason.partition(":")[0] for reason in found.not_checked] == [
        "likely wrong labels and labels never answered",
        "drift",
    ]
    assert found.targets["level"].accuracy is None


def test_a_target_without_any_label_and_no_ticket_at_all(sample, taxonomy):
    """A target that nobody labelled leaves the others inspected; nothing to look at is an error that says so."""
    rows = [
        replace(one, solved=replace(one.solved, labels={"level": one.solved.labels["level"]})) for one in sample[:40]
    ]
    found = inspect(rows, taxonomy=taxonomy, plan=PLAN)
    assert found.targets["category"].n_labelled == 0
    assert {one.target for one in found.columns} == {"level"}
    assert "target category has no labels" in found.not_checked[0]
    with pytest.raises(ValueError, match="read a history"):
        inspect([], taxonomy=taxonomy, plan=PLAN)


def test_labels_that_are_rare_or_unused_are_told(sample, taxonomy):
    """A label with a single problem is rare or never answered, one without tickets is unused."""
    level = taxonomy["level"]
    wider = Taxonomy((replace(level, labels=(*level.labels, Label("4"), Label("5"))), taxonomy["category"]))
    rows = [
        changed(one, labels={"level": "4"}) if one.solved.problem == sample[0].solved.problem else one for one in sample
    ]
    states = {one.label: one.state for one in inspect(rows, taxonomy=wider, plan=PLAN).targets["level"].labels}
    assert states["4"] in {"rare", "dead"}
    assert states["5"] == "unused"
    assert states["1"] == states["2"] == states["3"] == "fine"


def test_a_desks_own_label_is_known_when_its_text_states_it(sample):
    """Display names of targets and labels count as much as plain ones."""
    target = Target(name="field", labels=(Label("hw", {"de": "Geräte"}), Label("sw")), display={"de": "Fachgebiet"})
    rows = [replace(changed(one, labels={"field": ("hw", "sw")[i % 2]})) for i, one in enumerate(sample[:24])]
    rows[5] = changed(rows[5], body="Fachgebiet = Geräte. Bitte um Hilfe")
    found = inspect(rows, taxonomy=Taxonomy((target,)), plan=PLAN)
    assert {one.row for one in found.rows if "names_label" in kinds_of(found, one.row)} == {5}
