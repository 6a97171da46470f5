"""``shadow``: a model that scores the same tickets as the champion and never answers."""

from typing import Annotated

import typer

from desk import ModelsAnswer, ShadowTargetAnswer
from stellwerk.opening import announce_encoder, open_shelf
from stellwerk.options import Json, Models, settings_with
from stellwerk.output import message, share, show, table, write_json


def shadow(
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="As `stellwerk models` lists it; without one, only tell.")
    ] = None,
    *,
    off: Annotated[bool, typer.Option("--off", help="Let no model score beside the champion any more.")] = False,
    models: Models = None,
    json: Json = False,
) -> None:
    """Try a model beside the champion, and tell how it does."""
    if off and version:
        raise typer.BadParameter("name a version or say --off, not both")
    settings = settings_with(models=models)
    announce_encoder(settings)
    with open_shelf(settings) as desk:
        answer = desk.shadow(version) if version else desk.end_shadow() if off else desk.models()
    if json:
        write_json(answer)
    else:
        _show(answer)


def _show(answer: ModelsAnswer) -> None:
    told = answer.shadow
    if told is None:
        message("no model is tried beside the champion; `stellwerk shadow VERSION` begins")
        return
    title = f"{told.version} beside the champion: {told.n_scored:,} tickets scored, {told.n_missed:,} missed"
    rows = table(title, "target", "agree", "corrected", "champion right", "challenger right", "difference", n_words=1)
    for name, target in told.targets.items():
        rows.add_row(
            name,
            "-" if target.agreement is None else share(target.agreement),
            f"{target.n_corrected:,}",
            f"{target.n_right:,}",
            f"{target.n_shadow_right:,}",
            _difference(target),
        )
    show(rows)
    if told.auto_share is not None and told.shadow_auto_share is not None:
        message(f"routed by itself: champion {share(told.auto_share)}, challenger {share(told.shadow_auto_share)}")


def _difference(target: ShadowTargetAnswer) -> str:
    if target.difference is None or target.lowest_difference is None or target.highest_difference is None:
        return "-"
    return f"{target.difference:+.3f} ({target.lowest_difference:+.3f} to {target.highest_difference:+.3f})"
