"""Many tickets scored as a table: the same answers as one by one, without the words and the evidence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from classifier.model import BoundClassifier
from classifier.prediction import Classification
from classifier.shelf import ModelShelf
from history import to_tickets
from masking import Mask, mask_ticket, read_or_make
from text import Precision, open_encoder
from tickets import Taxonomy

if TYPE_CHECKING:
    import pandas as pd

SCORED_COLUMNS: Final = ("subject", "body", "product", "language")
"""What a model reads of a ticket."""
_BATCH: Final = 256
"""Tickets read at a time: the states of their tokens are large."""
_INTERNAL_KEY: Final = b"placeholders that nobody keeps.."
"""For placeholders that are read by the model and then thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a model needs of the machine it scores on."""

    encoder: str = "multilingual-e5-small"
    encoders: str = "models/encoders"
    encoder_precision: Precision = "int8"
    masking: bool = True
    masking_key: str = ""
    """The file with the desk's key; where it is not there, another one makes placeholders of the same shape."""

    def mask(self) -> Mask | None:
        """What hides personal data from the model, as it was hidden when it learned; None where it was not."""
        if not self.masking:
            return None
        file = Path(self.masking_key)
        return Mask(read_or_make(file) if self.masking_key and file.is_file() else _INTERNAL_KEY)


class Scorer:
    """A model that answers whole tables; personal data is hidden from it by ``mask``, where there is one."""

    def __init__(self, classifier: BoundClassifier, mask: Mask | None) -> None:
        self.classifier = classifier
        self.mask = mask

    @classmethod
    def load(cls, folder: Path, surroundings: Surroundings) -> Self:
        """The model saved in ``folder``; raises as `ModelShelf.load` and `open_encoder` do."""
        _, model = ModelShelf(folder.parent).load(str(folder))
        encoder = None
        if model.encoder_name is not None:
            home = Path(surroundings.encoders)
            encoder = open_encoder(surroundings.encoder, home=home, precision=surroundings.encoder_precision)
        return cls(model.bind(encoder), surroundings.mask())

    def predict(self, frame: "pd.DataFrame", params: object = None) -> "pd.DataFrame":  # noqa: ARG002 - MLflow's
        """Per target its most probable label and all probabilities; then what to do, and why not by itself.

        Parameters
        ----------
        frame : DataFrame
            With ``subject`` or ``body``, and ``product`` and ``language`` where they are known.
        params : object
            Nothing; MLflow hands it over.
        """
        tickets = to_tickets(frame)
        if self.mask:
            tickets = [mask_ticket(ticket, self.mask) for ticket in tickets]
        batches = (tickets[start : start + _BATCH] for start in range(0, len(tickets), _BATCH))
        answers = [one for batch in batches for one in self.classifier.classify(batch, explain=False)]
        table = scores_frame(self.classifier, answers)
        table.index = frame.index
        return table


def scores_frame(classifier: BoundClassifier, answers: Sequence[Classification]) -> "pd.DataFrame":
    """The answers as a table of `score_columns`, a row each."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    taxonomy = classifier.model.taxonomy
    rows = [_row(taxonomy, one) for one in answers]
    return pd.DataFrame(rows, columns=list(score_columns(taxonomy))).astype(
        {name: kind for name, kind in score_columns(taxonomy).items() if kind is float}
    )


def score_columns(taxonomy: Taxonomy) -> dict[str, type]:
    """The columns in order: ``level``, ``level_decided``, ``level_1`` ..., ``action``, ``certainty``, ``reasons``.

    ``level`` is the most probable label, ``level_decided`` the one of least expected cost, where the ticket is sent.
    """
    columns: dict[str, type] = {}
    for target in taxonomy:
        columns |= {target.name: str, f"{target.name}_decided": str}
        columns |= dict.fromkeys((probability_column(target.name, label) for label in target.label_names), float)
    return columns | {"action": str, "certainty": float, "reasons": str}


def probability_column(target: str, label: str) -> str:
    """The column of a label's probability."""
    return f"{target}_{label}"


def _row(taxonomy: Taxonomy, one: Classification) -> list[object]:
    cells: list[object] = []
    for target in taxonomy:
        prediction = one.predictions[target.name]
        decided = one.decision.labels.get(target.name, prediction.label)
        cells += [prediction.label, decided, *(prediction.probabilities[label] for label in target.label_names)]
    decision = one.decision
    certainty = math.prod(one.predictions[name].probabilities[label] for name, label in decision.labels.items())
    reasons = " ".join(
        f"{reason.code}:{reason.target}" if reason.target else reason.code for reason in decision.reasons
    )
    return [*cells, decision.action, certainty if decision.labels else 0.0, reasons]
