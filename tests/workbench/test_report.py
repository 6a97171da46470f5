"""What a model is worth, shown in a notebook, and whether it is promoted."""

import numpy as np
import pandas as pd
import pytest
from tests.workbench.conftest import PLAN, TARGETS, settings_in

from classifier import ModelShelf, Resampling, macro_f1
from workbench import TicketClassifier, compare, evaluate, keep, promote, read_history
from workbench.reading import RejectedRowsWarning


def test_a_history_is_read_under_the_desks_names(tmp_path) -> None:
    """Columns and labels are mapped, rejects warned of, and the files named in the table's attributes."""
    file = tmp_path / "export.csv"
    file.write_text("Text;Art;level\nDrucker geht nicht;Incident;2\n;Incident;1\n", "utf-8")
    with pytest.warns(RejectedRowsWarning):
        frame = read_history(
            file, columns={"body": "Text", "category": "Art"}, labels={"category": {"Incident": "bug"}}
        )
    assert frame[["body", "category", "level"]].to_numpy().tolist() == [["Drucker geht nicht", "bug", "2"]]
    assert frame.attrs["source"] == str(file)


@pytest.mark.slow
def test_a_report_is_shown_with_its_pictures(fitted, parted) -> None:
    """Tables agree with scikit-learn's definition, and Jupyter gets tables and drawings."""
    _, unseen = parted
    report = evaluate(fitted, unseen, unseen[TARGETS])
    right = (fitted.predict(unseen) == unseen[TARGETS]).mean()
    for name in TARGETS:
        assert report.targets.loc[name, "accuracy"] == pytest.approx(right[name])
        assert report.confusion(name).table.to_numpy().sum() == len(unseen)
        assert np.trace(report.confusion(name).table) / len(unseen) == pytest.approx(right[name])
    shown = report._repr_html_()
    assert shown.count("<svg") == 2 * len(TARGETS)
    assert "macro_f1" in shown
    assert fitted.report_._repr_html_().count("<table") == 2 + len(TARGETS)


def test_drawn_figures_are_those_of_the_drawn_tickets() -> None:
    """Macro-F1 from counts of problems is scikit-learn's on the tickets themselves."""
    from sklearn.metrics import f1_score

    dice = np.random.default_rng(0)
    truth, told = (dice.choice(["a", "b", "c"], 60).astype(object) for _ in range(2))
    groups = np.repeat(np.arange(20), 3)
    there, answered = (one[:, None] == np.array(["a", "b", "c"], dtype=object) for one in (truth, told))
    counts = np.hstack([there & answered, answered, there]).astype(float).reshape(20, 3, -1).sum(axis=1)
    draw = Resampling.of(groups, seed=3).draws[1]
    assert draw.sum() == 20
    rows = np.concatenate([np.flatnonzero(groups == group) for group in range(20) for _ in range(int(draw[group]))])
    expected = f1_score(truth[rows], told[rows], average="macro", labels=sorted(set(truth[rows])))
    assert macro_f1((draw @ counts)[None, :])[0] == pytest.approx(expected)


@pytest.mark.slow
def test_models_are_compared_on_the_same_tickets(fitted, parted, desk_settings) -> None:
    """A model beside itself differs in nothing; beside one that learned wrong labels it wins beyond chance."""
    seen, unseen = parted
    same = compare(fitted, fitted, unseen, unseen[TARGETS])
    assert (same.table[["difference", "from", "to"]].to_numpy() == 0).all()
    assert same.changed.empty
    shuffled = seen[TARGETS].sample(frac=1, random_state=0).set_axis(seen.index)
    worse = TicketClassifier(PLAN, settings=desk_settings).fit(seen, shuffled)
    found = compare(fitted, worse, seen, seen[TARGETS])  # learned from by both, under right and under wrong labels
    level = found.table.loc[("level", "accuracy")]
    assert level["from"] > 0
    assert level["from"] <= level["difference"] <= level["to"]
    assert len(found.changed) > 0
    assert "champion" in found._repr_html_()


@pytest.mark.slow
def test_a_model_is_kept_promoted_and_loaded(fitted, parted, encoder_home, tmp_path) -> None:
    """Kept it does not serve, promoted it does, and loaded it answers as before; a worse one is not promoted."""
    seen, unseen = parted
    settings = settings_in(tmp_path, encoder_home)
    model = TicketClassifier(PLAN, settings=settings).fit(seen, seen[TARGETS])
    kept = keep(model)
    assert ModelShelf(settings.models).champion is None
    assert "was not promoted" in kept._repr_html_()
    done = promote(model)
    assert done.promoted
    assert ModelShelf(settings.models).champion == kept.version == done.version
    loaded = TicketClassifier.load(settings=settings)
    pd.testing.assert_frame_equal(loaded.predict_proba(unseen), model.predict_proba(unseen))
    shuffled = seen[TARGETS].sample(frac=1, random_state=0).set_axis(seen.index)
    refused = promote(TicketClassifier(PLAN, settings=settings).fit(seen, shuffled))
    assert not refused.promoted
    assert "macro-F1 falls" in " ".join(refused.reasons)
    assert ModelShelf(settings.models).champion == kept.version
