"""The digest of a history."""

import random
from dataclasses import replace

from classifier import fingerprint


def test_order_does_not_matter(plain_history) -> None:
    """The same tickets in any order have the same fingerprint."""
    solved = plain_history(20)
    shuffled = random.Random(1).sample(solved, len(solved))
    assert shuffled != solved
    assert fingerprint(shuffled) == fingerprint(solved)


def test_every_fact_that_is_learned_from_matters(plain_history) -> None:
    """Another word, product, label, problem or one ticket more is another history."""
    solved = plain_history(5)
    first, *rest = solved
    ticket = first.ticket
    changed = [
        [replace(first, ticket=replace(ticket, subject="x")), *rest],
        [replace(first, ticket=replace(ticket, body="x")), *rest],
        [replace(first, ticket=replace(ticket, product="x")), *rest],
        [replace(first, labels={**first.labels, "level": "3"}), *rest],
        [replace(first, problem="x"), *rest],
        rest,
        [first, *solved],
        [],
    ]
    assert len({fingerprint(history) for history in [solved, *changed]}) == len(changed) + 1


def test_half_characters_have_a_fingerprint(plain_history) -> None:
    """Words that no UTF-8 file could hold do not stop it."""
    first, *rest = plain_history(5)
    broken = replace(first, ticket=replace(first.ticket, body="\ud800"))
    assert fingerprint([broken, *rest]) != fingerprint([first, *rest])
