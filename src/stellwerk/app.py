"""The commands put together, and the one door they are entered by."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Annotated

import typer

from stellwerk import (
    backup,
    comparing,
    encoding,
    forgetting,
    gaps,
    inspecting,
    judging,
    keys,
    knowledge,
    labelling,
    logs,
    prediction,
    record,
    retraining,
    scoring,
    serving,
    shadow,
    shelf,
    training,
    weighing,
)
from stellwerk.failure import CommandError, tell
from stellwerk.output import release_streams, use_utf8, write_line

_HELP = "Routes IT support tickets by what a desk has learned, and finds what solved them before."
_CONTEXT = {"help_option_names": ["-h", "--help"]}
_COMMANDS: dict[str, Callable[..., None]] = {
    "inspect": inspecting.inspect,
    "train": training.train,
    "evaluate": training.evaluate,
    "compare": comparing.compare,
    "label": labelling.label,
    "retrain": retraining.retrain,
    "predict": prediction.predict,
    "score": scoring.score,
    "index": knowledge.index,
    "search": knowledge.search,
    "evaluate-search": judging.evaluate_search,
    "tune-search": weighing.tune_search,
    "gaps": gaps.gaps,
    "serve": serving.serve,
    "models": shelf.models,
    "promote": shelf.promote,
    "rollback": shelf.rollback,
    "audit-trail": record.audit_trail,
    "retain": record.retain,
    "forget": forgetting.forget,
    "shadow": shadow.shadow,
    "encoder": encoding.encoder,
    "backup": backup.backup,
    "restore": backup.restore,
}

app = typer.Typer(help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False, context_settings=_CONTEXT)
for name, command in _COMMANDS.items():
    app.command(name)(command)
app.add_typer(keys.app, name="keys")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the option's value
    if not wanted:
        return
    try:
        version = metadata.version("stellwerk")
    except metadata.PackageNotFoundError as error:
        raise CommandError("Stellwerk's version is unknown, for it is not installed; run `pip install -e .`") from error
    write_line(f"stellwerk {version}")
    raise typer.Exit


@app.callback()
def _before_any_command(
    *,
    version: Annotated[  # noqa: ARG001 - acts by its callback
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end."),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done, to standard error.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Log everything, with the full trace of an error.")] = False,
) -> None:
    logs.set_up(verbose=verbose, debug=debug)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process: 0 done, 1 failed with one line saying why, 2 wrong usage.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands after the program's name; the process's own arguments by default.
    """
    use_utf8()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # requests run beside each other, not threads within one
    try:
        app(args=arguments, prog_name="stellwerk")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - this is the door: no traceback reaches a user
        tell(error)
        sys.exit(1)
    finally:
        release_streams()
