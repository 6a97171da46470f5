"""The linear models that are pooled."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.members import MEANING, WORDS, Features, Member, Terms
from classifier.plan import TrainingPlan

PLAN = TrainingPlan.named("default")
TEXTS = np.array(["Drucker druckt nicht", "Passwort vergessen", "Neue Schnittstelle", "Drucker leer"] * 5, dtype=object)


@pytest.fixture(scope="module")
def features() -> Features:
    """Word terms, and vectors of different scale and place in each dimension."""
    vectors = np.random.default_rng(0).normal(3, 5, (len(TEXTS), 6)).astype(np.float32)
    return Features({WORDS: Terms().fit_transform(TEXTS), MEANING: vectors})


def test_scores_are_those_of_a_regression_on_scaled_vectors(features) -> None:
    """The scale is part of the weights, and changes nothing."""
    y = np.arange(len(TEXTS)) % 3
    regression = LogisticRegression(C=PLAN.meaning_strength, max_iter=500, random_state=PLAN.seed)
    expected = (
        make_pipeline(StandardScaler(), regression).fit(features[MEANING], y).decision_function(features[MEANING])
    )
    found = Member(MEANING, PLAN, 3).fit(features, y).scores(features)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [WORDS, MEANING])
def test_a_label_never_seen_stands_below_all_others(features, name: str) -> None:
    """Of two labels learned, one stands as far above as the other below; the third is less likely than both."""
    scores = Member(name, PLAN, 3).fit(features, np.arange(len(TEXTS)) % 2 * 2).scores(features)
    np.testing.assert_allclose(scores[:, 0], -scores[:, 2], atol=1e-6)
    assert (scores[:, 1] < scores[:, [0, 2]].min(axis=1)).all()


@pytest.mark.parametrize("name", [WORDS, MEANING])
def test_coefficients_times_features_tell_labels_apart_as_scores_do(features, name: str) -> None:
    """What the explanation adds up is the score, up to a constant for each label."""
    member = Member(name, PLAN, 3).fit(features, np.arange(len(TEXTS)) % 3)
    rest = member.scores(features) - features[name] @ member.coefficients().T
    np.testing.assert_allclose(rest, np.broadcast_to(rest[0], rest.shape), atol=1e-5)
