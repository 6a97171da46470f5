"""What a model knows before a desk's own history: tickets made up to show what the built-in labels mean."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

from classifier.evaluation import label_indices
from classifier.material import Material, OnProgress, prepared
from classifier.plan import TrainingPlan
from classifier.reading import TicketReader
from tickets import Solution, SolvedTicket, Taxonomy, Ticket

_FILE: Final = "primer.jsonl"


def primed(taxonomy: Taxonomy, *, reader: TicketReader, plan: TrainingPlan, tell: OnProgress) -> Material | None:
    """The primer as material for the targets that it speaks of; None where it speaks of none, or is left out.

    It speaks of a target that has the name and the labels of a built-in one; a desk's own targets it does not know.
    """
    builtin = Taxonomy.builtin()
    known = {
        target.name
        for target in taxonomy
        if target.name in builtin.names and target.label_names == builtin[target.name].label_names
    }
    if not plan.primer_weight or not known:
        return None
    tickets = [replace(one, labels={name: one.labels[name] for name in known}) for one in primer_tickets()]
    truth = label_indices(tickets, taxonomy)

    def told(_: str, done: int, total: int) -> None:
        tell("reading the primer", done, total)

    return prepared(
        tickets, truth, reader=reader, plan=replace(plan, tuned=False), tell=told, weight=plan.primer_weight
    )


@lru_cache(1)
def primer_tickets() -> tuple[SolvedTicket, ...]:
    """The tickets of the primer, each of a problem of its own."""
    lines = files("classifier").joinpath(_FILE).read_text("utf-8").splitlines()
    names = Taxonomy.builtin().names
    return tuple(_ticket(json.loads(line), names) for line in lines)


def _ticket(facts: dict[str, str], names: Sequence[str]) -> SolvedTicket:
    ticket = Ticket(
        id=facts["id"],
        subject=facts["subject"],
        body=facts["body"],
        language=facts["language"],
        channel=facts["channel"],
        product=facts["product"],
    )
    labels = {name: facts[name] for name in names}
    return SolvedTicket(ticket=ticket, labels=labels, solution=Solution(resolution=facts["resolution"]))
