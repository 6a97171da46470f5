"""``models``, ``promote`` and ``rollback``: which models there are, and which one serves."""

from typing import Annotated

import typer

from desk import ModelEntry, ModelsAnswer
from stellwerk.opening import announce_encoder, open_shelf
from stellwerk.options import Json, Models, settings_with
from stellwerk.output import message, share, show, table, write_json


def models(*, models: Models = None, json: Json = False) -> None:
    """List the models on the shelf, newest first."""
    with open_shelf(settings_with(models=models)) as desk:
        _show(desk.models(), json=json)


def promote(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="As `stellwerk models` lists it.")],
    *,
    models: Models = None,
    json: Json = False,
) -> None:
    """Let a model serve."""
    settings = settings_with(models=models)
    announce_encoder(settings)
    with open_shelf(settings) as desk:
        _show(desk.promote(version), json=json)


def rollback(*, models: Models = None, json: Json = False) -> None:
    """Let the model serve that served before."""
    with open_shelf(settings_with(models=models)) as desk:
        _show(desk.rollback(), json=json)


def _show(answer: ModelsAnswer, *, json: bool) -> None:
    if json:
        write_json(answer)
        return
    if not answer.models:
        message("there is no model yet; run `stellwerk train HISTORY... --promote`")
        return
    title = f"Champion: {answer.champion}" if answer.champion else "No model has been promoted yet"
    rows = table(title, "version", "serves", "plan", "macro F1", "tickets", "auto", "wrong", "verdict", n_words=4)
    for entry in answer.models:
        scores = "\n".join(f"{target} {share(score)}" for target, score in entry.macro_f1.items())
        serves = "yes" if entry.champion else ""
        if entry.retrain_since:
            serves = f"{serves} train anew".strip()
        rows.add_row(
            entry.version, serves, entry.plan, scores, f"{entry.n_tickets:,}", *_automatic(entry), _verdict(entry)
        )
    show(rows)


def _verdict(entry: ModelEntry) -> str:
    return "-" if entry.verdict is None else "passed" if entry.verdict.earned else "kept back"


def _automatic(entry: ModelEntry) -> tuple[str, str]:
    """The share routed by itself, "off" where the promise is withdrawn, and how many audited decisions were wrong."""
    audit = entry.audit
    if audit is None:
        return share(entry.auto_share), "-"
    return "off" if audit.withdrawn_since else share(entry.auto_share), f"{audit.n_wrong}/{audit.n_answered}"
