"""``tune-search``: choose how much words and meaning count in a desk's own search."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from knowledge import read_judgements
from stellwerk.opening import open_desk
from stellwerk.options import Json, Knowledge, settings_with
from stellwerk.output import message, show, table, write_json
from stellwerk.progress import progress


def tune_search(
    qrels: Annotated[
        Path | None,
        typer.Argument(metavar="[QRELS]", help="Judgements, as for evaluate-search; without, the votes people gave."),
    ] = None,
    *,
    knowledge: Knowledge = None,
    json: Json = False,
) -> None:
    """Choose the search's weights on your desk's judgements or votes; kept only where they find better beyond luck."""
    settings = settings_with(knowledge=knowledge)
    judgements = read_judgements(qrels) if qrels else None
    with open_desk(settings) as desk, progress() as report:
        weighing = desk.documents.weigh(judgements, progress=lambda done, total: report("weights tried", done, total))
    before, best, gain = asdict(weighing.before), asdict(weighing.best), asdict(weighing.gain)
    if json:
        write_json({"before": before, "best": best, "gain": gain, "kept": weighing.is_better})
        return
    rows = table("Weights", "weight", "before", "best")
    for name, value in before.items():
        rows.add_row(name, f"{value:g}", f"{best[name]:g}")
    show(rows)
    message(
        f"nDCG@10 on {weighing.gain.n_queries:,} searches not chosen on: {weighing.gain.difference:+.3f} "
        f"({weighing.gain.low:+.3f} to {weighing.gain.high:+.3f}); "
        + ("kept, searches weigh so from now on" if weighing.is_better else "not kept, it may be luck")
    )
