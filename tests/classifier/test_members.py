"""The linear models that are pooled."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.lessons import Lessons
from classifier.members import (
    MEANING,
    PRODUCT_MEANING,
    WORDS,
    WORDS_AND_PRODUCT,
    Blocks,
    Examples,
    Features,
    Member,
    Vocabulary,
    member_blocks,
)
from classifier.plan import TrainingPlan
from classifier.reading import Readings, TicketReader, texts
from tickets import Ticket

PLAN = TrainingPlan.named("default")
TEXTS = ["Drucker druckt nicht", "Passwort vergessen", "Neue Schnittstelle", "Drucker leer"] * 5
PRODUCTS = ["Laserdrucker", "", "Kasse", "Laserdrucker"] * 5
NO_LESSONS = Lessons.of([])


def readings(words: list[str], products: list[str]) -> Readings:
    """Readings with vectors of different scale and place in each dimension."""
    vectors = np.random.default_rng(0).normal(3, 5, (len(words), 6)).astype(np.float32)
    return Readings(texts(words), texts(products), vectors, vectors[:, ::-1])


@pytest.fixture(scope="module")
def features() -> Features:
    """What the members see of 20 tickets."""
    return Vocabulary().fit_transform(readings(TEXTS, PRODUCTS), NO_LESSONS)[0]


def learned(blocks: Blocks, features: Features, y: np.ndarray, n_labels: int = 3) -> Member:
    """A member taught by tickets alone."""
    return Member.learned(
        blocks, examples(features, y), examples(features.at(slice(0, 0)), y[:0]), plan=PLAN, n_labels=n_labels
    )


def examples(features: Features, y: np.ndarray, weight: float = 1.0) -> Examples:
    """Examples that all count the same."""
    return Examples(features, y, np.full(len(y), weight))


def test_scores_are_those_of_a_regression_on_scaled_vectors(features) -> None:
    """The scale is part of the weights, and changes nothing."""
    y = np.arange(len(TEXTS)) % 3
    regression = LogisticRegression(C=PLAN.meaning_strength, max_iter=500, random_state=PLAN.seed)
    expected = (
        make_pipeline(StandardScaler(), regression).fit(features[MEANING], y).decision_function(features[MEANING])
    )
    found = learned((MEANING,), features, y).scores(features)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("blocks", [(WORDS,), (WORDS_AND_PRODUCT,), (MEANING, PRODUCT_MEANING)])
def test_a_label_never_seen_stands_below_all_others(features, blocks: Blocks) -> None:
    """Of two labels learned, one stands as far above as the other below; the third is less likely than both."""
    scores = learned(blocks, features, np.arange(len(TEXTS)) % 2 * 2).scores(features)
    np.testing.assert_allclose(scores[:, 0], -scores[:, 2], atol=1e-5)
    assert (scores[:, 1] < scores[:, [0, 2]].min(axis=1)).all()


@pytest.mark.parametrize("blocks", [(WORDS,), (WORDS_AND_PRODUCT,), (MEANING, PRODUCT_MEANING)])
def test_coefficients_times_features_tell_labels_apart_as_scores_do(features, blocks: Blocks) -> None:
    """What the explanation adds up is the score, up to a constant for each label."""
    member = learned(blocks, features, np.arange(len(TEXTS)) % 3)
    added = sum(features[name] @ member.coefficients(name).T for name in blocks)
    rest = member.scores(features) - added
    np.testing.assert_allclose(rest, np.broadcast_to(rest[0], rest.shape), atol=1e-4)  # weights are float32


def test_a_text_with_its_product_is_weighed_as_one_text() -> None:
    """The terms of ticket and product are counted apart and weighed together; both kinds of terms have length one."""
    vocabulary = Vocabulary()
    told, _ = vocabulary.fit_transform(readings(TEXTS, PRODUCTS), NO_LESSONS)
    again = vocabulary.transform(readings(TEXTS[:3], PRODUCTS[:3]))
    for name in (WORDS, WORDS_AND_PRODUCT):
        np.testing.assert_allclose(again[name].toarray(), told[name][:3].toarray(), atol=1e-6)
        words = told[name][:, : vocabulary.terms.n_words]
        np.testing.assert_allclose(np.sqrt(words.multiply(words).sum(axis=1)), 1, atol=1e-5)
    assert told[WORDS_AND_PRODUCT][0].nnz > told[WORDS][0].nnz
    assert (told[WORDS_AND_PRODUCT][1] != told[WORDS][1]).nnz == 0 or told[WORDS_AND_PRODUCT][1].nnz == told[WORDS][
        1
    ].nnz


def test_a_new_product_is_read_by_the_words_it_shares() -> None:
    """A product never seen is no error, and shares terms with those that are known."""
    vocabulary = Vocabulary()
    vocabulary.fit_transform(readings(TEXTS, PRODUCTS), NO_LESSONS)
    new = vocabulary.transform(readings(["Papierstau"], ["Laserdrucker 2000"]))
    assert new[WORDS_AND_PRODUCT].nnz > new[WORDS].nnz


def test_without_products_no_member_looks_for_them() -> None:
    """Members come with what the plan and the history have."""
    vocabulary = Vocabulary()
    told, _ = vocabulary.fit_transform(readings(TEXTS, [""] * len(TEXTS)), NO_LESSONS)
    assert not vocabulary.names_products
    assert WORDS_AND_PRODUCT not in told.blocks
    assert member_blocks(PLAN, products=False) == ((WORDS,), (MEANING,))
    assert len(member_blocks(TrainingPlan.named("best"), products=True)) == 5


def test_lessons_teach_the_members_that_see_words() -> None:
    """A word that only resolutions hold counts for the label of the tickets it closed."""
    vocabulary = Vocabulary()
    lessons = Lessons(texts(["Toner getauscht"] * 10), texts(["getauscht"] * 10), np.arange(0, 20, 2))
    told, taught = vocabulary.fit_transform(readings(TEXTS, PRODUCTS), lessons)
    y = np.arange(len(TEXTS)) % 2
    of_lessons = examples(taught, y[lessons.ticket], PLAN.lesson_weight)
    member = Member.learned((WORDS,), examples(told, y), of_lessons, plan=PLAN, n_labels=2)
    scores = member.scores(vocabulary.transform(readings(["Toner"], [""])))[0]
    without = learned((WORDS,), told, y, n_labels=2).scores(vocabulary.transform(readings(["Toner"], [""])))[0]
    assert scores[0] - scores[1] > without[0] - without[1] + 0.1


def test_what_closed_a_ticket_has_terms_and_what_is_not_known_has_none() -> None:
    """Closing words are weighed as a ticket's words are, one row a ticket."""
    readings = TicketReader(None).read([Ticket(body=f"Drucker {i} zeigt Toner leer") for i in range(4)])
    lessons = Lessons(texts(["Toner getauscht"] * 3), texts(["Toner", "Drucker", "Toner"]), np.array([0, 1, 3]))
    vocabulary = Vocabulary()
    vocabulary.fit_transform(readings, lessons)
    closing = vocabulary.closing(lessons, 4).toarray()
    alone = vocabulary.terms.weigh(WORDS, vocabulary.terms.count(lessons.closing)).toarray()
    np.testing.assert_allclose(closing[[0, 1, 3]], alone)
    assert not closing[2].any()
    assert closing[0].any()
    assert vocabulary.closing(NO_LESSONS, 4).shape == (4, len(vocabulary.terms.names))
