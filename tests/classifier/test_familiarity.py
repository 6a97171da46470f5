"""Tickets that no desk like this would get are known for it."""

import numpy as np

from classifier.familiarity import Familiarity, Usual
from classifier.lessons import Lessons
from classifier.members import Vocabulary
from classifier.reading import Readings, texts


def readings(words: list[str], states: np.ndarray) -> Readings:
    return Readings(texts(words), texts([""] * len(words)), states.astype(np.float32), states.astype(np.float32))


def history(n: int, seed: int) -> Readings:
    """Tickets of two words each, whose states lie on a plane, and a little beside it."""
    random = np.random.default_rng(seed)
    words = random.choice(["drucker", "scanner", "zebra", "lager", "etikett"], size=(n, 2))
    states = np.hstack([random.normal(size=(n, 2)), 0.1 * random.normal(size=(n, 6))])
    return readings([" ".join(pair) for pair in words], states)


def learned(from_history: Readings) -> Familiarity:
    vocabulary = Vocabulary()
    vocabulary.fit_transform(from_history, Lessons.of([]))
    return Familiarity.learned(vocabulary.terms, from_history)


def test_strange_words_and_strange_meaning_are_both_signs() -> None:
    """Of the desk's own tickets few are strange."""
    familiarity = learned(history(300, 0))
    own = familiarity.signs(history(1_000, 1))
    usual = Usual.learned(own)
    assert usual.strange(own).mean() <= 0.02
    odd_words = readings(["quittung tasse"], np.zeros((1, 8)))
    assert usual.strange(familiarity.signs(odd_words)).tolist() == [True]
    plain = readings(["drucker lager"], np.zeros((1, 8)))
    assert usual.strange(familiarity.signs(plain)).tolist() == [False]


def test_what_lies_outside_the_main_axes_is_strange() -> None:
    """Far along the axes of many tickets is not strange, beside them is."""
    random = np.random.default_rng(2)
    plane = random.normal(size=(400, 2)) @ random.normal(size=(2, 300))
    states = plane + 0.01 * random.normal(size=plane.shape)
    familiarity = learned(readings(["drucker"] * 400, states))
    inside = familiarity.signs(readings(["drucker"], 2 * plane[:1]))[0, 1]
    beside = familiarity.signs(readings(["drucker"], plane[:1] + random.normal(size=(1, 300))))[0, 1]
    assert beside < 10 * inside


def test_without_an_encoder_words_alone_are_told() -> None:
    """Plan `fast` reads no meaning."""
    familiarity = learned(readings(["drucker scanner", "lager"], np.empty((2, 0))))
    assert familiarity.signs(readings(["drucker kaffee"], np.empty((1, 0)))).tolist() == [[0.5]]
    assert familiarity.signs(readings([""], np.empty((1, 0)))).tolist() == [[0.0]]
