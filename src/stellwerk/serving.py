"""``serve``: the HTTP service and its web page."""

import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from desk import OPEN_BANNER, Settings, check_access
from stellwerk import logs
from stellwerk.failure import CommandError
from stellwerk.opening import announce_encoder
from stellwerk.options import Knowledge, Models, settings_with
from stellwerk.output import message

APPLICATION = "service.app:create_app_from_environment"
"""Named, not imported: the doors do not know each other, and each worker builds its own."""

_GRACE_SECONDS = 20
"""How long requests in work may take to finish when the service is stopped."""

_SILENT_SECONDS = 60
"""After how long without a sign of life a worker is replaced. In the server's own five seconds a worker cannot load its
libraries where others use the processors: it would be killed at its start, again and again."""

_FROM_OPTIONS = ("models", "knowledge", "host", "port", "workers")

_Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on (or STELLWERK_HOST; default: 127.0.0.1).")
]
_Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port (or STELLWERK_PORT; default: 8000).")]
_Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=64, help="Processes (or STELLWERK_WORKERS; default: 1)."),
]


class AddressError(CommandError):
    """The service cannot listen where it was told to."""

    def __init__(self, host: str, port: int, fault: str, cure: str) -> None:
        super().__init__(f"cannot listen on {host} port {port}: {fault}; {cure}")


def serve(
    *,
    host: _Host = None,
    port: _Port = None,
    workers: _Workers = None,
    models: Models = None,
    knowledge: Knowledge = None,
) -> None:
    """Run the HTTP service and its web page until it is stopped."""
    settings = settings_with(host=host, port=port, workers=workers, models=models, knowledge=knowledge)
    check_access(settings)
    check_address(settings.host, settings.port)
    announce_encoder(settings)
    if settings.authentication == "off":
        message(f"\n*** {OPEN_BANNER} ***\n")
    _hand_down(settings)
    with _counting_together(settings.workers):
        _serve(settings)


def _serve(settings: Settings) -> None:
    import uvicorn  # noqa: PLC0415 - no other command needs it

    try:
        uvicorn.run(
            APPLICATION,
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            log_config=logs.of_service(settings.log_format),
            access_log=False,  # a search's address holds a ticket's words
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_worker_healthcheck=_SILENT_SECONDS,
        )
    except SystemExit as end:
        if end.code:
            raise CommandError("the service could not start; the lines above say why") from end


@contextmanager
def _counting_together(workers: int) -> Iterator[None]:
    """A folder for the counts of several workers while they serve, named where the library that counts looks for it."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="stellwerk-counts-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def check_address(host: str, port: int) -> None:
    """Make sure that the service can listen there.

    Raises
    ------
    AddressError
        The port is taken or forbidden, or the host is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
            probe.bind(address)
    except OSError as error:
        raise AddressError(host, port, *_explained(error, port)) from error


def _explained(error: OSError, port: int) -> tuple[str, str]:
    match error.errno:
        case errno.EADDRINUSE:
            other = port + 1 if port < 65535 else port - 1
            return "another program uses the port", f"stop it, or choose another one with --port {other}"
        case errno.EACCES:
            return "ports below 1024 need special rights", "choose another one with --port 8000"
        case _:
            return (
                f"this machine has no such address ({error.strerror})",
                "use --host 127.0.0.1 or --host 0.0.0.0",
            )


def _hand_down(settings: Settings) -> None:
    """Put what options may have changed into the environment, from which each worker reads its settings."""
    for name in _FROM_OPTIONS:
        os.environ[f"STELLWERK_{name.upper()}"] = str(getattr(settings, name))
