"""The classifier as scikit-learn's users know one."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.utils import estimator_checks
from tests.workbench.conftest import PLAN, TARGETS

from tickets import Taxonomy
from workbench import TicketClassifier
from workbench.questions import LabelTableError

CHECKS = [
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
]
"""Those of scikit-learn's checks that fit nothing. All others fit arrays of numbers, which are no tickets, and
scikit-learn leaves them out for what says so in its tags; the laws among them are tested below on tickets."""


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_scikit_learns_checks_pass(name) -> None:
    """Parameters, tags and copies are as scikit-learn asks."""
    getattr(estimator_checks, name)("TicketClassifier", TicketClassifier("fast"))


def test_its_tags_say_what_it_takes() -> None:
    """It is a classifier of words, not of arrays of numbers."""
    tags = TicketClassifier().__sklearn_tags__()
    assert is_classifier(TicketClassifier())
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.target_tags.multi_output) == (True, False, True)


def test_before_it_is_fitted_it_says_so() -> None:
    """Asked too early it raises scikit-learn's own error."""
    with pytest.raises(NotFittedError):
        TicketClassifier().predict(["Drucker"])


def test_numbers_are_refused() -> None:
    """An array of numbers is no table of tickets."""
    with pytest.raises(TypeError, match="a column body or subject"):
        TicketClassifier("fast").fit(np.ones((30, 2)), ["a", "b"] * 15)


def test_labels_must_be_as_many_and_known() -> None:
    """Too few labels, or one that the taxonomy lacks, is an error with a cure."""
    with pytest.raises(LabelTableError, match="one row of labels for each"):
        TicketClassifier("fast").fit(["a", "b"], ["x"])
    with pytest.raises(LabelTableError, match="use 1, 2, 3"):
        TicketClassifier("fast", taxonomy=Taxonomy.builtin()).fit(["a"], pd.Series(["9"], name="level"))


@pytest.mark.slow
def test_tables_go_in_and_come_out(fitted, parted) -> None:
    """Predictions, probabilities and decisions have the tickets' index, and probabilities add up to one."""
    _, unseen = parted
    labels, shares, decided = fitted.predict(unseen), fitted.predict_proba(unseen), fitted.decide(unseen)
    for table in (labels, shares, decided):
        assert table.index.equals(unseen.index)
    assert list(labels.columns) == TARGETS
    for name, classes in zip(TARGETS, fitted.classes_, strict=True):
        assert list(shares[name].columns) == list(classes)
        np.testing.assert_allclose(shares[name].sum(axis=1), 1, atol=1e-9)
        assert (classes[shares[name].to_numpy().argmax(axis=1)] == labels[name].to_numpy()).all()
    assert list(decided.columns) == ["action", *TARGETS, "certainty", "reasons"]
    assert set(decided["action"]) <= {"auto", "suggest", "review"}
    right = (labels == unseen[TARGETS]).all(axis=1).mean()
    assert fitted.score(unseen, unseen[TARGETS]) == pytest.approx(right)


@pytest.mark.slow
def test_it_answers_as_the_desk_does(fitted, parted) -> None:
    """The same probabilities as the model inside, ticket by ticket, and the same after pickling."""
    _, unseen = parted
    shares = fitted.predict_proba(unseen)
    copied = pickle.loads(pickle.dumps(fitted)).predict_proba(unseen)
    one_by_one = pd.concat([fitted.predict_proba(unseen.iloc[[row]]) for row in range(10)])
    np.testing.assert_allclose(copied, shares, atol=1e-12)
    np.testing.assert_allclose(one_by_one, shares[:10], atol=1e-6)


@pytest.mark.slow
def test_learning_changes_no_parameter_and_is_repeatable(fitted, parted, desk_settings) -> None:
    """A copy learns the same from the same, and what was given is as it was."""
    seen, unseen = parted
    before = seen.copy(deep=True)
    copy = clone(fitted)
    assert not hasattr(copy, "scorer_")
    assert copy.fit(seen, seen[TARGETS]) is copy
    assert copy.get_params() == {"plan": PLAN, "settings": desk_settings, "taxonomy": None}
    pd.testing.assert_frame_equal(seen, before)
    np.testing.assert_allclose(copy.predict_proba(unseen), fitted.predict_proba(unseen), atol=1e-9)


@pytest.mark.slow
def test_what_is_known_only_later_is_never_read(fitted, parted) -> None:
    """Without labels, resolution and every other later column the answers are the same."""
    _, unseen = parted
    early = unseen[["subject", "body", "product", "language"]]
    pd.testing.assert_frame_equal(fitted.predict_proba(early), fitted.predict_proba(unseen))


@pytest.mark.slow
def test_one_target_of_words_alone_works_in_cross_validation(parted, desk_settings) -> None:
    """With bodies and one series of labels of its own, scikit-learn's scorers and folds work."""
    seen, _ = parted
    area = seen["category"].map({"bug": "repair", "question": "advice", "requirement": "advice", "update": "repair"})
    model = TicketClassifier(PLAN, settings=desk_settings)
    scores = cross_val_score(
        model, seen["body"].tolist(), area.tolist(), groups=seen["problem"], cv=GroupKFold(2), scoring="neg_log_loss"
    )
    assert (scores > -np.log(2)).all(), scores  # better than saying half and half
