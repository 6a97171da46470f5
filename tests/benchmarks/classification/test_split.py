"""Tickets are parted as the benchmarks say."""

from benchmarks.classification.split import groups, growing, new_problems, recurring_problems, words

from tickets import Ticket


def test_new_problems_are_new(small_history, taxonomy) -> None:
    """No problem stands on both sides of a fold, and every ticket is tested once."""
    splits = new_problems(small_history, taxonomy)
    for split in splits:
        assert not {t.problem for t in split.learn} & {t.problem for t in split.test}
        assert len(split.learn) + len(split.test) == len(small_history)
    assert sorted(t.ticket.id for s in splits for t in s.test) == sorted(t.ticket.id for t in small_history)


def test_the_last_ticket_of_each_problem_arrives(small_history, taxonomy) -> None:
    """One ticket of each problem is tested, and none of those learned from came after it."""
    split = recurring_problems(small_history, taxonomy)
    arrival = {t.problem: t.ticket.created_at for t in split.test}
    assert len(arrival) == len(split.test) == len({t.problem for t in small_history})
    assert all(t.ticket.created_at <= arrival[t.problem] for t in split.learn)


def test_histories_grow_by_whole_problems(small_history, taxonomy) -> None:
    """Each holds the smaller ones, is about as long as asked, and the last one is all there is."""
    split = new_problems(small_history, taxonomy)[0]
    grown = list(growing(split, (40, 80, 10_000)))
    assert [size for size, _ in grown] == [40, 80, len(split.learn)]
    for size, part in grown:
        assert size <= len(part.learn) < size + 4 or len(part.learn) == len(split.learn)
        assert part.test == split.test
    problems = [{t.problem for t in part.learn} for _, part in grown]
    assert problems[0] < problems[1] < problems[2]
    assert grown[-1][1].learn == split.learn


def test_tickets_without_a_problem_stand_alone(small_history) -> None:
    """Nothing makes them siblings."""
    from dataclasses import replace

    alone = [replace(ticket, problem=None) for ticket in small_history[:5]]
    assert len(set(groups(alone).tolist())) == 5


def test_peers_read_what_our_plans_read() -> None:
    """Product, subject and body; nothing of what is missing."""
    assert words(Ticket(subject="s", body="b", product="p")) == "p\ns\nb"
    assert words(Ticket(body="b")) == "b"
