"""``forget``: erase a ticket, a customer or a person everywhere, and show the proofs."""

from contextlib import closing
from typing import Annotated

import typer

from desk import COMMAND_LINE, Desk, ForgettingAnswer, n_processors
from stellwerk.failure import CommandError
from stellwerk.opening import announce_encoder
from stellwerk.options import Json, Knowledge, Models, settings_with
from stellwerk.output import message, show, table, write_json


def forget(
    *,
    ticket: Annotated[str | None, typer.Option("--ticket", metavar="ID", help="Forget this ticket.")] = None,
    customer: Annotated[
        str | None, typer.Option("--customer", metavar="ID", help="Forget all tickets of them.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="MAIL", help="Forget every ticket that holds this address.")
    ] = None,
    proofs: Annotated[bool, typer.Option("--proofs", help="Show what was forgotten, and forget nothing.")] = False,
    models: Models = None,
    knowledge: Knowledge = None,
    json: Json = False,
) -> None:
    """Erase from knowledge base, journal, caches and rejects, and mark the models that learned from it.

    What an earlier call left undone is done first. History files of your own and backups are not touched.
    """
    subjects = {"ticket": ticket, "customer": customer, "person": person}
    asked = [(subject, name) for subject, name in subjects.items() if name]
    if len(asked) != (0 if proofs else 1):
        raise CommandError("name one of --ticket, --customer and --person, or --proofs alone")
    settings = settings_with(models=models, knowledge=knowledge)
    with closing(Desk.open(settings, n_threads=n_processors())) as desk:
        if proofs:
            answer = desk.forgettery.proofs()
            write_json(answer) if json else _show_all(answer.forgettings)
            return
        announce_encoder(settings)
        desk.forgettery.resume()
        ((subject, name),) = asked
        done = desk.forgettery.forget(subject, name, actor=COMMAND_LINE)  # type: ignore[arg-type]
    if json:
        write_json(done)
        return
    _show_all([done])
    if done.models:
        message(
            "these models learned from it; train anew and promote, then delete their folders: " + ", ".join(done.models)
        )


def _show_all(forgettings: list[ForgettingAnswer]) -> None:
    rows = table("Forgotten", "when", "what", "who", "erased", "models", n_words=5)
    for one in forgettings:
        when = f"{one.done:%Y-%m-%d %H:%M}" if one.done else "not done"
        erased = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in one.counts.items() if n) or "nothing"
        rows.add_row(when, one.subject, one.actor, erased, "\n".join(one.models))
    show(rows)
