"""The encoder's upper layers, tuned to tell a desk's labels apart; the lower ones run once and stay as they are."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from text.cached_encoder import CachedEncoder
from text.encoder import Encoder
from text.onnx_encoder import OnnxEncoder
from text.tuned_layers import Head, TunedLayers

_LEARNING_RATE: Final = 2e-4
_HEAD_LEARNING_RATE: Final = 2e-3
_LAYER_DECAY: Final = 0.85
_WEIGHT_DECAY: Final = 0.01
_WARM_UP: Final = 0.1
_SMOOTHING: Final = 0.05
_DROPOUT: Final = 0.1
_BATCH: Final = 32
_LONGEST: Final = 192
_LENGTH: Final = 8  # of what the heads see, on average
_OPSET: Final = 17
_UNKNOWN: Final = -1

Answers = Mapping[str, NDArray[np.intp]]
"""By target the index of each text's label, of shape (n_texts,), -1 where unknown."""


class NotTunableError(ValueError):
    """An encoder whose layers cannot be tuned."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the layers of encoder {name} cannot be tuned here; train with another plan, or unset STELLWERK_ENCODER "
            "to use the built-in encoder"
        )


@dataclass(frozen=True, slots=True)
class TuningTexts:
    """Texts to tune layers on, whose labels are known."""

    states: Sequence[NDArray[np.floating]]
    """The texts' token states as the encoder's ``read`` gave them, each of shape (n_tokens, width)."""
    answers: Answers
    weight: NDArray[np.float64]
    """How much each text counts, shape (n_texts,)."""


def tune(
    encoder: Encoder,
    texts: TuningTexts,
    n_labels: Mapping[str, int],
    *,
    epochs: int,
    most_steps: int,
    seed: int,
    n_threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[TunedLayers, dict[str, Head]]:
    """The encoder's upper layers tuned on texts whose labels are known, all targets at once, and a head for each.

    Cross-entropy with label smoothing, AdamW, layers nearer the input slower; no dropout inside the layers, which on a
    processor doubles the time.

    Parameters
    ----------
    epochs : int
        How often each text is seen, in batches of 32, where that takes no more than ``most_steps`` batches.
    progress : callable, optional
        Told how many steps are done, and how many there are.

    Raises
    ------
    NotTunableError
        The encoder is not one of ours.

    References
    ----------
    Howard & Ruder (2018), "Universal Language Model Fine-tuning for Text Classification", section 3.2
    (discriminative learning rates).
    """
    import torch  # noqa: PLC0415 - slow to import, and not needed for serving

    with _torch_threads(n_threads):
        torch.manual_seed(seed)
        layers = _upper_layers(check_tunable(encoder))
        dimension = layers[0].attention.self.query.in_features
        heads = {name: torch.nn.Linear(dimension, n) for name, n in n_labels.items()}
        lower = [torch.from_numpy(np.ascontiguousarray(one[:_LONGEST, :dimension])) for one in texts.states]
        scale = _LENGTH / _mean_length(texts.states, dimension)
        steps = min(epochs * math.ceil(len(lower) / _BATCH), most_steps)
        _learn(layers, heads, lower, texts, scale, steps, np.random.default_rng(seed), progress)
        told = {
            name: Head(np.float32(scale) * head.weight.detach().numpy(), head.bias.detach().numpy())
            for name, head in heads.items()
        }
        return TunedLayers(_exported(layers, dimension)), told


def _mean_length(states: Sequence[NDArray[np.floating]], dimension: int) -> float:
    """How long the mean of a text's last states is, on average."""
    means = [one[:, -dimension:].mean(axis=0, dtype=np.float32) for one in states]
    return float(np.mean([np.linalg.norm(mean) for mean in means]))


def check_tunable(encoder: Encoder) -> OnnxEncoder:
    """The encoder without its cache, where its layers can be tuned.

    Raises
    ------
    NotTunableError
        The encoder is not one of ours.
    """
    inner = encoder.encoder if isinstance(encoder, CachedEncoder) else encoder
    if not isinstance(inner, OnnxEncoder):
        raise NotTunableError(inner.name)
    return inner


def _upper_layers(encoder: OnnxEncoder) -> Any:
    from torch import nn  # noqa: PLC0415
    from transformers import BertModel  # noqa: PLC0415
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    logging: Any = transformers_logging
    with catch_warnings():
        simplefilter("ignore")  # who asked for these bars through the environment keeps them
        logging.disable_progress_bar()
    model = BertModel.from_pretrained(str(encoder.folder.resolve()), attn_implementation="eager")
    layers = model.encoder.layer[encoder.depths[0] :]
    for module in layers.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return layers.train()


def _learn(
    layers: Any,
    heads: Mapping[str, Any],
    lower: list[Any],
    texts: TuningTexts,
    scale: float,
    steps: int,
    random: np.random.Generator,
    progress: Callable[[int, int], None] | None,
) -> None:
    import torch  # noqa: PLC0415

    labels = {name: torch.from_numpy(indices.astype(np.int64)) for name, indices in texts.answers.items()}
    weights = torch.from_numpy(texts.weight.astype(np.float32))
    optimizer = torch.optim.AdamW(
        [
            {
                "params": list(layer.parameters()),
                "lr": _LEARNING_RATE * _LAYER_DECAY ** (len(layers) - 1 - i),
                "weight_decay": _WEIGHT_DECAY,
            }
            for i, layer in enumerate(layers)
        ]
        + [{"params": [one for head in heads.values() for one in head.parameters()], "lr": _HEAD_LEARNING_RATE}]
    )
    warm_up = max(1.0, _WARM_UP * steps)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm_up, max(0.02, 1 - step / max(1, steps)))
    )
    for done, rows in enumerate(islice(_batches([len(one) for one in lower], random), steps), start=1):
        pooled = _mean_states(layers, [lower[row] for row in rows]) * scale
        pooled = torch.nn.functional.dropout(pooled, _DROPOUT)
        losses = [
            _mean_loss(head(pooled), labels[name][rows], weights[rows])
            for name, head in heads.items()
            if bool((labels[name][rows] != _UNKNOWN).any())
        ]
        if losses:
            optimizer.zero_grad()
            sum(losses).backward()
            torch.nn.utils.clip_grad_norm_(layers.parameters(), 1.0)
            optimizer.step()
        schedule.step()
        if progress is not None:
            progress(done, steps)


def _mean_loss(scores: Any, labels: Any, weights: Any) -> Any:
    """The weighted mean of the cross-entropies of the texts whose label is known."""
    import torch  # noqa: PLC0415

    losses = torch.nn.functional.cross_entropy(
        scores, labels, label_smoothing=_SMOOTHING, ignore_index=_UNKNOWN, reduction="none"
    )
    return (losses * weights).sum() / weights[labels != _UNKNOWN].sum()


def _batches(lengths: Sequence[int], random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Rows of texts of like length, so that little is padded; in random order, pass after pass without end."""
    while True:
        order = random.permutation(len(lengths))
        chunks = [order[start : start + 4 * _BATCH] for start in range(0, len(order), 4 * _BATCH)]
        batches = []
        for chunk in chunks:
            by_length = chunk[np.argsort([lengths[row] for row in chunk], kind="stable")]
            batches += [by_length[start : start + _BATCH] for start in range(0, len(by_length), _BATCH)]
        for i in random.permutation(len(batches)):
            yield batches[i]


def _mean_states(layers: Any, texts: list[Any]) -> Any:
    """The mean of each text's tuned states, of shape (n_texts, dimension)."""
    import torch  # noqa: PLC0415

    states = torch.nn.utils.rnn.pad_sequence([text.float() for text in texts], batch_first=True)
    lengths = torch.tensor([len(text) for text in texts])
    mask = torch.arange(states.shape[1])[None, :] < lengths[:, None]
    shut = (~mask[:, None, None, :]).float() * torch.finfo(torch.float32).min
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_multiplies_bfloat16()):
        for layer in layers:
            states = _first(layer(states, shut))
    states = states.float() * mask[:, :, None]
    return states.sum(dim=1) / lengths[:, None]


def _exported(layers: Any, dimension: int) -> bytes:
    import torch  # noqa: PLC0415

    class Upper(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = layers

        def forward(self, lower: Any) -> Any:
            for layer in self.layers:
                lower = _first(layer(lower, None))
            return lower

    with TemporaryDirectory() as folder, catch_warnings():
        simplefilter("ignore")  # the tracer warns of shapes that the dynamic axes below keep open
        torch.onnx.export(
            Upper().eval(),
            (torch.zeros(1, 8, dimension),),
            f"{folder}/upper.onnx",
            input_names=["lower"],
            output_names=["upper"],
            dynamic_axes={"lower": {1: "length"}, "upper": {1: "length"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        return (Path(folder) / "upper.onnx").read_bytes()


def _first(output: Any) -> Any:
    return output[0] if isinstance(output, tuple) else output


def _multiplies_bfloat16() -> bool:
    """Whether this processor multiplies 16-bit numbers by itself; elsewhere they would be slower than 32-bit ones."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags


@contextmanager
def _torch_threads(n_threads: int) -> Iterator[None]:
    import torch  # noqa: PLC0415

    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
