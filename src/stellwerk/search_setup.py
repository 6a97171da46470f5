"""A search to compare with: another knowledge base, or the same one ranked by other weights."""

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Self

import typer

from knowledge import FusionWeights, PreferenceWeights

_FUSION = tuple(one.name for one in fields(FusionWeights))
_PREFERENCE = tuple(one.name for one in fields(PreferenceWeights))
_NAMES = ("knowledge", *_FUSION, *_PREFERENCE)


@dataclass(frozen=True, slots=True)
class SearchSetup:
    """Where to search, and by which weights; without a folder, in the base that is measured."""

    knowledge: Path | None = None
    fusion: FusionWeights = field(default_factory=FusionWeights)
    preference: PreferenceWeights = field(default_factory=PreferenceWeights)

    @classmethod
    def parse(cls, option: str) -> Self:
        """The setup in ``DIR`` or ``NAME=VALUE,NAME=VALUE``; what is not named is as usual.

        Raises
        ------
        typer.BadParameter
            A name is unknown, or a weight is no number.
        """
        setup = cls()
        if "=" not in option:
            return replace(setup, knowledge=Path(option).expanduser())
        for part in option.split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            if name not in _NAMES or not value:
                raise typer.BadParameter(f'"{part}" is not NAME=VALUE with a name of {", ".join(_NAMES)}.')
            setup = setup.changed(name, value)
        return setup

    def changed(self, name: str, value: str) -> Self:
        """The same setup with one thing different."""
        if name == "knowledge":
            return replace(self, knowledge=Path(value).expanduser())
        try:
            weight = float(value)
        except ValueError as error:
            raise typer.BadParameter(f'"{value}" is no number for {name}.') from error
        if name in _FUSION:
            return replace(self, fusion=replace(self.fusion, **{name: weight}))
        return replace(self, preference=replace(self.preference, **{name: weight}))
