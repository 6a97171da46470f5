"""The service started."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from desk import Settings
from stellwerk.serving import AddressError, _hand_down, check_address


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_names_the_cure(taken, run, folder) -> None:
    """`serve` on a port in use ends with 1 and one line that names another port."""
    ended = run("serve", "--port", taken)
    assert ended.status == 1
    assert ended.err.count("\n") == 1
    assert f"127.0.0.1 port {taken}: another program uses the port" in ended.err
    assert "--port" in ended.err


def test_a_free_port_is_left_free(taken) -> None:
    """Looking whether an address can be listened on does not occupy it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_address("127.0.0.1", port)
    check_address("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    """A host that is not this machine is told as such."""
    with pytest.raises(AddressError, match="no such address"):
        check_address("192.0.2.1", 8000)


def test_workers_find_the_options_in_their_environment(folder, monkeypatch) -> None:
    """What options changed is what a worker reads as its settings."""
    for name in ("MODELS", "KNOWLEDGE", "HOST", "PORT", "WORKERS"):
        monkeypatch.setenv(f"STELLWERK_{name}", "0")
    given = Settings(models=folder / "shelf", knowledge=folder / "base", host="0.0.0.0", port=9000, workers=3)
    _hand_down(given)
    assert Settings() == given
    assert os.environ["STELLWERK_PORT"] == "9000"


@pytest.mark.parametrize("form", ["json", "text"])
def test_every_process_logs_to_standard_error(run_python, form) -> None:
    """Lines of rooms, of the service, of the server and of other libraries go there, and each only once."""
    code = (
        "import logging, logging.config, sys; from stellwerk.logs import of_service;"
        "logging.config.dictConfig(of_service(sys.argv[1]));"
        "names = ('desk.desk', 'service', 'uvicorn.error', 'asyncio');"
        "[logging.getLogger(name).error('told n=%d', 7) for name in names];"
        "logging.getLogger('service').info('an event')"
    )
    done = run_python(code, form)
    lines = done.stderr.splitlines()
    assert done.stdout == ""
    assert len(lines) == 5
    if form == "json":
        assert [json.loads(line)["logger"] for line in lines[:3]] == ["desk.desk", "service", "uvicorn.error"]
        assert json.loads(lines[0])["n"] == 7
    else:
        assert lines[0] == "ERROR desk.desk: told n=7"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_without_authentication_no_public_address_is_served(run, monkeypatch, host) -> None:
    """`serve` ends with 1 and the cure before it listens anywhere."""
    monkeypatch.setenv("STELLWERK_AUTHENTICATION", "off")
    ended = run("serve", "--host", host)
    assert ended.status == 1
    assert "stellwerk keys create" in ended.err
    assert ended.err.count("\n") == 1


def test_an_issuer_without_an_audience_is_refused(run, monkeypatch) -> None:
    """Tokens that are for nobody in particular would let in those of every other service."""
    monkeypatch.setenv("STELLWERK_OIDC_ISSUER", "https://login.example")
    ended = run("serve")
    assert ended.status == 1
    assert "STELLWERK_OIDC_AUDIENCE" in ended.err


def test_without_authentication_a_banner_is_shown(folder) -> None:
    """On this machine alone it starts, and says loudly that everybody may do anything."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)]
    environment = os.environ | {"STELLWERK_AUTHENTICATION": "off", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert any("AUTHENTICATION IS OFF" in line for line in iter(service.stderr.readline, ""))
        finally:
            service.terminate()
