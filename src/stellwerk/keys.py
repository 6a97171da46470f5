"""``keys create``, ``keys list`` and ``keys revoke``: who is let in by the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from desk import COMMAND_LINE, AccessKeys, KeyAnswer, KeysAnswer, Scope
from journal import Journal
from stellwerk.options import Json, settings_with
from stellwerk.output import message, show, table, write_json, write_line

app = typer.Typer(help="Make, list and revoke the keys that the service asks for.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who will use it: intake, monitoring, Erika.")],
    *,
    scope: Annotated[list[Scope], typer.Option("--scope", help="What it may be used for. Repeat it for several.")],
    customer: Annotated[
        list[str] | None,
        typer.Option("--customer", metavar="NAME", help="See tickets of this customer alone. Repeat it for several."),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option("--expires", metavar="DATE", formats=["%Y-%m-%d"], help="The last day it opens anything (UTC)."),
    ] = None,
    json: Json = False,
) -> None:
    """Make a key; it is shown this once."""
    after = expires.replace(tzinfo=UTC) + timedelta(days=1) if expires else None
    with _keys() as keys:
        created = keys.create(name, scope, customers=customer or (), expires_at=after, actor=COMMAND_LINE)
    if json:
        write_json(created)
        return
    write_line(created.key)
    message(f"this is the only time that the key {created.id} is shown; send it as Authorization: Bearer KEY")


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List every key there ever was."""
    with _keys() as keys:
        _show(keys.list(), json=json)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `stellwerk keys list` shows it.")],
    *,
    json: Json = False,
) -> None:
    """Let a key open nothing any more, at once."""
    with _keys() as keys:
        revoked = keys.revoke(key_id, actor=COMMAND_LINE)
        _show(KeysAnswer(keys=[revoked]), json=json)


@contextmanager
def _keys() -> Iterator[AccessKeys]:
    with Journal.open(settings_with().journal) as journal:
        yield AccessKeys(lambda: journal)


def _show(answer: KeysAnswer, *, json: bool) -> None:
    if json:
        write_json(answer)
        return
    if not answer.keys:
        message("there is no key yet; run `stellwerk keys create NAME --scope classify`")
        return
    rows = table("Keys", "id", "name", "opens", "customers", "until", "last used", n_words=6)
    for key in answer.keys:
        customers = "all" if key.customers is None else ", ".join(key.customers)
        rows.add_row(key.id, key.name, ", ".join(key.scopes), customers, _until(key), str(key.used_on or "never"))
    show(rows)


def _until(key: KeyAnswer) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at.date()}"
    if key.expires_at is None:
        return "no end"
    over = key.expires_at <= datetime.now(UTC)
    return f"{'expired' if over else ''} {(key.expires_at - timedelta(days=1)).date()}".strip()
