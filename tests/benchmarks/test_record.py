"""Results are kept with what they depend on."""

from benchmarks.record import circumstances, record


def test_circumstances_name_commit_machine_and_time() -> None:
    """A figure without them cannot be compared with another."""
    measured = circumstances()
    assert set(measured) == {"commit", "measured_at", "machine"}
    assert measured["machine"]["n_cpus"] >= 1
    assert measured["machine"]["load_average_at_start"] >= 0


def test_one_model_measured_again_joins_the_others() -> None:
    """Its figures are new, with their own commit; the others stay as they were."""
    before = {
        "models": {"fast": {"level_accuracy": 0.5, "commit": "a"}, "setfit": {"level_accuracy": 0.4, "commit": "a"}}
    }
    result = record("recurring", {"models": {"setfit": {"level_accuracy": 0.6}}}, {"commit": "b"}, before=before)
    assert result["models"]["fast"] == {"level_accuracy": 0.5, "commit": "a"}
    assert result["models"]["setfit"] == {"level_accuracy": 0.6, "commit": "b"}


def test_figures_keep_the_circumstances_they_were_measured_in() -> None:
    """Those of a result that named them once for all its models are not handed on to a later run."""
    before = {"commit": "a", "models": {"fast": {"level_accuracy": 0.5}}}
    result = record("recurring", {"models": {"setfit": {}}}, {"commit": "b"}, before=before)
    assert {model: one["commit"] for model, one in result["models"].items()} == {"fast": "a", "setfit": "b"}


def test_a_full_run_forgets_what_was_before() -> None:
    """A model that takes no part any more leaves no figures behind."""
    result = record("recurring", {"models": {"fast": {}}}, {"commit": "b"}, before=None)
    assert set(result["models"]) == {"fast"}
