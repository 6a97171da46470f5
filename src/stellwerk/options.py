"""The options that several commands share, and the settings they change."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from pydantic import ValidationError

from classifier import PlanName
from desk import Settings
from history import HistoryMapping, MappingError
from stellwerk.failure import CommandError
from tickets import Taxonomy

History: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="HISTORY", help="Solved tickets: CSV, JSON Lines or Parquet files.")
]
Columns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="OURS=THEIRS", help="What the files call a column: body=Description. Repeat it."),
]
Labels: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="TARGET:THEIRS=OURS",
        help="What the files call a label: category:Incident=bug. Repeat it.",
    ),
]
MappingFile: TypeAlias = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="The same names in a TOML file.")
]
Rejects: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Where rows that cannot be used go (default: var/rejects-COMMAND.jsonl).",
    ),
]
TaxonomyFile: TypeAlias = Annotated[
    Path | None, typer.Option("--taxonomy", metavar="FILE", help="The desk's own targets and labels (TOML).")
]
Models: TypeAlias = Annotated[
    Path | None, typer.Option("--models", metavar="DIR", help="The shelf of models (or STELLWERK_MODELS).")
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option("--model", metavar="DIR or VERSION", help="This model instead of the one that was promoted."),
]
Knowledge: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--knowledge",
        metavar="DIR or URL",
        help="The knowledge base's folder, or s3://bucket/prefix (or STELLWERK_KNOWLEDGE).",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


def strictly_between(low: float, high: float) -> Callable[[float], float]:
    """What refuses, as wrong usage, a number that does not lie between the two."""

    def check(value: float) -> float:
        if low < value < high:
            return value
        raise typer.BadParameter(f"{value:g} does not lie between {low:g} and {high:g}.")

    return check


Targets: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="NAME", help="Learn this target only. Repeat it for several."),
]
Plan: TypeAlias = Annotated[
    PlanName,
    typer.Option(
        "--plan",
        help="fast reads words alone; default adds what they mean; best tunes the encoder on your tickets, "
        "a quarter of an hour for 1,600 of them on two cores.",
    ),
]
MaxError: TypeAlias = Annotated[
    float,
    typer.Option(
        "--max-error",
        callback=strictly_between(0, 1),
        help="Largest share of wrong answers among automatic ones.",
    ),
]
Confidence: TypeAlias = Annotated[
    float,
    typer.Option("--confidence", callback=strictly_between(0, 1), help="How sure that promise must be."),
]
Primer: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--primer/--no-primer", help="Learn levels and categories from built-in examples too, or from history alone."
    ),
]
Seed: TypeAlias = Annotated[
    int, typer.Option("--seed", min=0, max=2**32 - 1, help="Same seed and history, same model.")
]


def settings_with(**given: Any) -> Settings:
    """The environment's settings, overridden by the options that were given (those that are not None).

    Raises
    ------
    CommandError
        A setting is not as it must be; the message names it.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in fault["loc"])
        option, variable = f"--{name}", f"STELLWERK_{name.upper()}"
        place = option if given.get(name) is not None else variable
        raise CommandError(f"{place} is {fault['input']!r}: {fault['msg']}; set {place} to what it must be") from error


def mapping_of(columns: Sequence[str] | None, labels: Sequence[str] | None, file: Path | None) -> HistoryMapping:
    """The mapping in ``file``, and over it the options; a faulty option is wrong usage."""
    try:
        HistoryMapping.parse(columns or (), labels or ())
    except MappingError as error:
        raise typer.BadParameter(str(error)) from error
    return HistoryMapping.parse(columns or (), labels or (), file)


def taxonomy_from(file: Path | None, targets: list[str] | None) -> Taxonomy:
    """The taxonomy in a file, or the built-in one; only those targets that are named."""
    taxonomy = Taxonomy.read(file) if file else Taxonomy.builtin()
    return taxonomy.only(tuple(targets)) if targets else taxonomy
