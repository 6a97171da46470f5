"""What a model answered in training to tickets that it had not seen, kept beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from classifier.answers import Answers
from classifier.shelf import DamagedModelError

_FILE: Final = "answers.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswers:
    """What a model said in training of each ticket, from folds that had seen neither it nor its problem.

    ``tickets`` and ``problems`` are keyed hashes, one a ticket, by which both are known without being kept.
    """

    tickets: tuple[str, ...]
    problems: tuple[str, ...]
    answers: Answers


def keep_answers(folder: Path, kept: KeptAnswers) -> None:
    """Write answers beside a model."""
    arrays = {f"shares {name}": shares.astype(np.float32) for name, shares in kept.answers.shares.items()}
    labels = json.dumps({name: list(labels) for name, labels in kept.answers.labels.items()})
    np.savez_compressed(
        folder / _FILE,
        allow_pickle=False,
        tickets=np.array(kept.tickets, dtype=str),
        problems=np.array(kept.problems, dtype=str),
        automatic=kept.answers.automatic,
        labels=np.array(labels),
        **arrays,
    )


def kept_answers(folder: Path) -> KeptAnswers | None:
    """The answers beside a model; None where it keeps none, as one that an older Stellwerk trained.

    Raises
    ------
    DamagedModelError
        They cannot be read.
    """
    try:
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            labels = {name: tuple(labels) for name, labels in json.loads(str(arrays["labels"])).items()}
            shares = {name: arrays[f"shares {name}"].astype(np.float64) for name in labels}
            return KeptAnswers(
                tickets=tuple(arrays["tickets"].tolist()),
                problems=tuple(arrays["problems"].tolist()),
                answers=Answers(labels=labels, shares=shares, automatic=arrays["automatic"]),
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise DamagedModelError(folder, f"has an unreadable {_FILE}") from error
