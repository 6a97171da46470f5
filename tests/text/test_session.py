"""Graphs are opened without telling anybody."""

ENCODE = """
import sys
from pathlib import Path
from text.onnx_encoder import OnnxEncoder
print(OnnxEncoder(Path(sys.argv[1])).encode(["Der Drucker druckt nicht."]).shape)
"""


def test_no_number_of_the_machine_is_made_and_nothing_waits_to_be_sent(
    run_python, encoder_folder, tmp_path, monkeypatch
) -> None:
    """ONNX Runtime would leave a device id, a store of events and a session's file; the encoder leaves nothing."""
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)  # set where this process has opened a graph before
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    places = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(temporary)}
    assert "384" in run_python(ENCODE, encoder_folder, **places).stdout
    assert [*home.rglob("*"), *temporary.rglob("*")] == []
