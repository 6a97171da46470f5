"""Where a process enters the command line."""

import gc


def main() -> None:
    """Run the command that the process was started with.

    What imports make stays as long as the process: it is not searched for garbage, while it is made or later.
    """
    gc.disable()
    from stellwerk.app import main as run  # noqa: PLC0415 - not before the line above

    gc.freeze()
    gc.enable()
    run()
