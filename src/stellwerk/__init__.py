"""The command line: learn, decide, find again, serve."""

import gc

__all__ = ["main"]


def main() -> None:
    """Run the command that the process was started with; what `stellwerk` and ``python -m stellwerk`` call.

    What imports make stays as long as the process: it is not searched for garbage, while it is made or later.
    """
    gc.disable()
    from stellwerk.app import main as run  # noqa: PLC0415 - not before the line above

    gc.freeze()
    gc.enable()
    run()
