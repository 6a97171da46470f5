"""Sealed model folders."""

from pathlib import Path

import pytest

from text.encoder_folder import EncoderFolderError, seal, verify


@pytest.fixture
def folder(tmp_path) -> Path:
    """A sealed folder of three files."""
    sealed = tmp_path / "model"
    (sealed / "onnx").mkdir(parents=True)
    for name in ("encoder.json", "tokenizer.json", "onnx/model.onnx"):
        (sealed / name).write_bytes(name.encode() * 100)
    seal(sealed)
    return sealed


def test_a_sealed_folder_is_accepted(folder) -> None:
    """What was sealed passes, whole or in part."""
    verify(folder)
    verify(folder, only=["encoder.json"])


def test_a_changed_byte_is_found(folder) -> None:
    """One flipped bit is enough, and the message names the file and the cure."""
    path = folder / "onnx/model.onnx"
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)
    with pytest.raises(EncoderFolderError, match=r"damaged \(onnx/model\.onnx .*rm -r"):
        verify(folder)


def test_a_damaged_file_elsewhere_does_not_stop_what_is_not_used(folder) -> None:
    """Only the files that are asked for are checked."""
    (folder / "onnx/model.onnx").write_bytes(b"")
    verify(folder, only=["encoder.json", "tokenizer.json"])


def test_a_missing_file_is_named(folder) -> None:
    """A file that was sealed and is gone is named with the cure."""
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EncoderFolderError, match=r"lacks tokenizer\.json; delete the folder"):
        verify(folder)


def test_a_file_that_was_never_sealed_is_not_trusted(folder) -> None:
    """A file added later has no digest and is refused when asked for."""
    (folder / "added.onnx").write_bytes(b"x")
    with pytest.raises(EncoderFolderError, match=r"added\.onnx differs from its digest"):
        verify(folder, only=["added.onnx"])


@pytest.mark.parametrize("seal_text", [None, "", "{", "[]", "null", '"text"'])
def test_an_incomplete_folder_is_refused(folder, seal_text: str | None) -> None:
    """Without a readable seal, as after an aborted copy, nothing is used."""
    (folder / "digests.json").unlink()
    if seal_text is not None:
        (folder / "digests.json").write_text(seal_text)
    with pytest.raises(EncoderFolderError, match="is incomplete"):
        verify(folder)
    with pytest.raises(EncoderFolderError, match="is incomplete"):
        verify(folder, only=["encoder.json"])
