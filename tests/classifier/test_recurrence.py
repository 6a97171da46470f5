"""Whether a ticket reports a problem that was solved before."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from classifier.lessons import Lessons
from classifier.members import CLOSING, HAS_PRODUCT, MEANING, PRODUCT_MEANING, WORDS, Features, Vocabulary
from classifier.reading import TicketReader
from classifier.recurrence import Neighbours, Recurrence, mixed
from tickets import Ticket

PROBLEMS = 40
FAULTS = ("crashes", "stalls", "flickers", "overheats", "beeps")
DEVICES = ("scanner", "printer", "router", "display", "camera", "sensor", "phone", "tablet")


def told(problem: int, telling: int) -> Ticket:
    fault, device = FAULTS[problem % 5], DEVICES[problem // 5]
    openings = ("since this morning our", "please help, the", "a customer says that the")
    return Ticket(
        subject=f"{device} {fault}", body=f"{openings[telling]} {device} {fault}", product=f"{device} {fault}"
    )


@pytest.fixture(scope="module")
def history() -> tuple[Vocabulary, Features, np.ndarray]:
    tickets = [told(problem, telling) for problem in range(PROBLEMS) for telling in range(2)]
    vocabulary = Vocabulary()
    features, _ = vocabulary.fit_transform(TicketReader(None).read(tickets), Lessons.of([]))
    return vocabulary, features, np.repeat(np.arange(PROBLEMS), 2)


def near(rows: list[int], same_problem: list[float]) -> Neighbours:
    return Neighbours(np.array(rows), np.array(same_problem), np.full(len(rows), 0.5))


def test_a_ticket_of_a_known_problem_finds_its_siblings(history) -> None:
    """Told in other words, it has its siblings first, and they are believed likelier to be so than strangers."""
    vocabulary, features, groups = history
    judge = Recurrence.learned(features, groups, seed=0)
    again = [told(problem, 2) for problem in range(PROBLEMS)]
    neighbours = judge.neighbours(vocabulary.transform(TicketReader(None).read(again)))
    found = [set(groups[each.rows[:2]].tolist()) for each in neighbours]
    assert sum(which == {problem} for problem, which in enumerate(found)) >= 0.9 * PROBLEMS
    siblings = [p for n, each in enumerate(neighbours) for p in each.same_problem[groups[each.rows] == n]]
    strangers = [p for n, each in enumerate(neighbours) for p in each.same_problem[groups[each.rows] != n]]
    assert np.mean(siblings) > 3 * np.mean(strangers)


def test_where_no_two_tickets_share_a_problem_none_is_believed_to_be_the_same(history) -> None:
    """Nothing was to be learned, so nothing is believed."""
    _, features, groups = history
    judge = Recurrence.learned(features, np.arange(len(groups)), seed=0)
    assert all(not each.same_problem.any() for each in judge.neighbours(features))


def test_without_a_likely_sibling_the_pool_stands() -> None:
    """Belief of zero changes no probability."""
    shares = {"level": np.array([[0.2, 0.3, 0.5]])}
    result = mixed(shares, {"level": np.array([0, 1, 2])}, [near([0, 1], [0.0, 0.0])])
    np.testing.assert_allclose(result["level"], shares["level"])


def test_the_odds_of_a_sibling_are_multiplied_by_the_lift_of_its_labels() -> None:
    """The probability is that of Bayes' rule, reckoned by hand."""
    shares = {"level": np.array([[0.4, 0.6]])}
    truth = {"level": np.array([0, 0, 0, 1])}  # label 0 is three quarters of the history: its lift is 0.4 / 0.75
    result = mixed(shares, truth, [near([0], [0.5])])
    odds = 1.0 * 0.4 / 0.75
    belief = odds / (1 + odds)
    np.testing.assert_allclose(result["level"], [[(1 - belief) * 0.4 + belief, (1 - belief) * 0.6]])


def test_one_target_speaks_for_the_other() -> None:
    """Of two equally likely siblings the one whose category fits decides the level."""
    shares = {"level": np.array([[0.5, 0.5]]), "category": np.array([[0.9, 0.1]])}
    truth = {"level": np.array([0, 1]), "category": np.array([0, 1])}
    level = mixed(shares, truth, [near([0, 1], [0.4, 0.4])])["level"][0]
    assert level[0] > level[1]


def test_siblings_of_one_problem_count_once() -> None:
    """A second witness with the same labels adds nothing."""
    shares = {"level": np.array([[0.5, 0.5]])}
    truth = {"level": np.array([0, 0, 1])}
    once = mixed(shares, truth, [near([0, 2], [0.4, 0.2])])
    twice = mixed(shares, truth, [near([0, 1, 2], [0.4, 0.3, 0.2])])
    np.testing.assert_allclose(once["level"], twice["level"])


def test_a_sibling_without_a_label_leaves_that_target_to_the_pool() -> None:
    """It speaks for the targets it has labels of, and for no other."""
    shares = {"level": np.array([[0.7, 0.3]]), "category": np.array([[0.5, 0.5]])}
    truth = {"level": np.array([-1, 1]), "category": np.array([1, 0])}
    result = mixed(shares, truth, [near([0], [0.9])])
    np.testing.assert_allclose(result["level"], shares["level"])
    assert result["category"][0, 1] > 0.9


def test_a_certain_sibling_gives_probabilities() -> None:
    """Belief of one does not divide by zero."""
    shares = {"level": np.array([[1.0, 0.0]])}
    result = mixed(shares, {"level": np.array([0, 1])}, [near([0, 1], [1.0, 1.0])])["level"]
    assert np.isfinite(result).all()
    np.testing.assert_allclose(result.sum(axis=1), 1.0)


def test_kinship_knows_a_problem_by_what_its_tellings_share() -> None:
    """Of two problems of one product the siblings lead, although every telling's meaning is mostly noise."""
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 3)
    problem = np.repeat(random.normal(size=(60, 4)), 3, axis=0)
    noise = random.normal(size=(len(groups), 4))
    meaning = np.hstack([problem + 0.2 * noise, 4 * random.normal(size=noise.shape)]).astype(np.float32)
    product = np.repeat(random.normal(size=(30, 8)), 6, axis=0).astype(np.float32)  # two problems each
    named = np.ones((len(groups), 1), np.float32)
    words = np.ones((len(groups), 2), np.float32)
    blocks = {WORDS: words, MEANING: meaning, PRODUCT_MEANING: product, HAS_PRODUCT: named}
    seen = np.arange(len(groups)) % 3 > 0
    features = Features(blocks)
    judge = Recurrence.learned(features.at(seen), groups[seen], seed=0)
    neighbours = judge.neighbours(features.at(~seen))
    believed = [groups[seen][each.rows[each.same_problem.argmax()]] for each in neighbours]
    assert np.mean(believed == groups[~seen]) > 0.8


def test_a_problem_is_known_by_what_closed_it() -> None:
    """Of two problems told alike, the one is believed whose closing words an arriving ticket uses."""
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(80), 3)
    pairs = np.repeat(np.eye(40, dtype=np.float32), 6, axis=0)  # what two problems share
    own = np.repeat(np.eye(80, dtype=np.float32), 3, axis=0) * (random.random((len(groups), 1)) < 0.9)
    words = csr_matrix(np.hstack([pairs, 0.3 * own]).astype(np.float32))
    closing = np.hstack([np.zeros_like(pairs), np.repeat(np.eye(80, dtype=np.float32), 3, axis=0)])
    closing[groups % 10 == 0] = 0.0
    seen = np.arange(len(groups)) % 3 > 0
    features = Features({WORDS: words, CLOSING: csr_matrix(closing)})

    def right(solved: Features) -> float:
        judge = Recurrence.learned(solved.at(seen), groups[seen], seed=0)
        assert not judge.likeness.closed.all()
        neighbours = judge.neighbours(Features({WORDS: words[~seen]}))
        told = zip(neighbours, groups[~seen], strict=True)
        return float(np.mean([each.same_problem[groups[seen][each.rows] == group].sum() for each, group in told]))

    unclosed = Features({WORDS: words, CLOSING: csr_matrix(closing.shape, dtype=np.float32)})
    assert right(features) > right(unclosed)


def test_where_no_product_comes_twice_there_is_no_lead() -> None:
    """Nobody leads over anybody, and the judge learns without."""
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 3)
    vectors = np.repeat(random.normal(size=(40, 8)), 3, axis=0).astype(np.float32)
    told = vectors + 0.1 * random.normal(size=vectors.shape).astype(np.float32)
    blocks = {
        WORDS: np.ones((len(groups), 2), np.float32),
        MEANING: told,
        PRODUCT_MEANING: np.eye(len(groups), dtype=np.float32),
    }
    features = Features(blocks | {HAS_PRODUCT: np.ones((len(groups), 1), np.float32)})
    neighbours = Recurrence.learned(features, groups, seed=0).neighbours(features)
    assert all(groups[each.rows[0]] == group for each, group in zip(neighbours, groups, strict=True))


def test_a_ticket_without_a_product_is_compared_by_what_it_says() -> None:
    """Whatever the encoder makes of an empty name, it is like no product, and decides nothing."""
    words = np.eye(3, dtype=np.float32)
    product = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]], np.float32)
    solved = Features(
        {WORDS: words, MEANING: words, PRODUCT_MEANING: product, HAS_PRODUCT: np.ones((3, 1), np.float32)}
    )
    judge = Recurrence.learned(solved, np.arange(3), seed=0)
    arriving = {WORDS: words[:1], MEANING: words[:1], PRODUCT_MEANING: product[1:2]}
    nameless = Features(arriving | {HAS_PRODUCT: np.zeros((1, 1), np.float32)})
    named = Features(arriving | {HAS_PRODUCT: np.ones((1, 1), np.float32)})
    assert judge.neighbours(nameless)[0].rows[0] == 0
    assert judge.neighbours(named)[0].rows[0] != 0
