"""Two encoders as one, centred by language."""

import pickle
import threading

import numpy as np
import pytest

from text import E5_SMALL, SearchEncoder, UseEncoder, centre_of, open_encoder

GERMAN = "Der Drucker im zweiten Stock druckt seit gestern nur noch leere Seiten."
ENGLISH = "The printer on the second floor has printed nothing but blank pages since yesterday."
OTHER_GERMAN = "Bitte richten Sie für die neue Kollegin in der Buchhaltung ein Postfach ein."


@pytest.fixture(scope="module")
def use():
    return UseEncoder()


@pytest.fixture(scope="module")
def search(encoder_home, use):
    return SearchEncoder(first=open_encoder(E5_SMALL, home=encoder_home, precision="int8"), second=use)


def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(search):
    """One text, many texts, none: the same vector each time, of the joined length."""
    many = search.encode([GERMAN, ENGLISH, "", "4711"], role="passage")
    assert many.shape == (4, search.dimension)
    assert many.dtype == np.float32
    assert np.linalg.norm(many, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert search.encode([ENGLISH], role="passage")[0] == pytest.approx(many[1], abs=1e-5)
    assert search.encode([], role="query").shape == (0, search.dimension)


def test_a_translation_lies_nearer_than_another_text_of_the_language(search):
    """What the built-in encoder alone gets wrong."""
    query, translation, other = search.encode([GERMAN, ENGLISH, OTHER_GERMAN])
    assert query @ translation > query @ other + 0.2
    alone = search.first.encode([GERMAN, ENGLISH, OTHER_GERMAN])
    assert alone[0] @ alone[1] - alone[0] @ alone[2] < query @ translation - query @ other


def test_texts_of_nothing_alike_have_a_cosine_near_none(search):
    """Centred vectors point everywhere: unrelated texts of one language are not all alike."""
    query, other = search.encode([GERMAN, OTHER_GERMAN])
    assert abs(query @ other) < 0.35
    alone = search.first.encode([GERMAN, OTHER_GERMAN])
    assert alone[0] @ alone[1] > 0.7


def test_the_name_tells_the_parts(search):
    """Vectors of another pair, or of the first alone, are never compared with these."""
    assert search.first.name in search.name
    assert search.second.name in search.name
    assert search.name != search.first.name


def test_tokens_are_those_of_the_first_encoder(search):
    """Whoever reads tokens gets what the first encoder gives."""
    (states,), (alone,) = search.read([GERMAN]), search.first.read([GERMAN])
    assert (states.states == alone.states).all()


def test_a_centre_is_the_mean_of_both_encoders(fake_encoder):
    """Side by side, the first encoder's before the second's."""
    centre = centre_of([GERMAN, OTHER_GERMAN], fake_encoder, fake_encoder, role="query")
    mean = fake_encoder.encode([GERMAN, OTHER_GERMAN]).mean(axis=0)
    assert centre == pytest.approx(np.concatenate([mean, mean]))


def test_threads_get_the_same_vectors(use):
    """Many threads at once give what one gives."""
    texts = [GERMAN, ENGLISH, OTHER_GERMAN] * 4
    expected, found = use.encode(texts), {}

    def encode(place):
        found[place] = use.encode([texts[place]])[0]

    threads = [threading.Thread(target=encode, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.stack([found[place] for place in range(len(texts))]) == pytest.approx(expected, abs=1e-5)


def test_half_a_character_is_no_trouble(use):
    """Broken text is encoded, not refused."""
    assert np.isfinite(use.encode(["kaputt \ud800", ""])).all()


def test_it_travels_to_a_worker_by_its_parts_names(search):
    """What is pickled is small and gives the same vectors; weights load where it arrives."""
    search.encode([GERMAN])
    pickled = pickle.dumps(search)
    assert len(pickled) < 200_000
    assert pickle.loads(pickled).encode([GERMAN]) == pytest.approx(search.encode([GERMAN]), abs=1e-6)
