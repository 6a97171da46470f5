"""Graphs opened with ONNX Runtime, which would otherwise report to its makers."""

import os
from typing import Any, Final

_SILENT: Final = "ORT_DISABLE_TELEMETRY"


def onnx_runtime() -> Any:
    """ONNX Runtime, which keeps no number of this machine and sends nothing to anybody.

    Its builds for Linux report to Microsoft how they are used, unless the environment says no before they are loaded.
    So whoever needs it imports it here. Where the environment says something already, that counts.
    """
    os.environ.setdefault(_SILENT, "1")
    import onnxruntime  # noqa: PLC0415 - slow to import

    return onnxruntime


def open_session(graph: str | bytes) -> Any:
    """A session that works in the thread that asks it.

    Parameters
    ----------
    graph : str or bytes
        The path of a graph, or the graph itself.
    """
    runtime = onnx_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
