"""What differs from machine to machine."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from desk import Settings


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting has a variable with the prefix; folders may begin with the home's sign."""
    monkeypatch.setenv("STELLWERK_MODELS", "~/shelf")
    monkeypatch.setenv("STELLWERK_PORT", "8123")
    monkeypatch.setenv("STELLWERK_ENCODER_PRECISION", "fp32")
    settings = Settings()
    assert settings.models == Path.home() / "shelf"
    assert (settings.port, settings.encoder_precision) == (8123, "fp32")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "x"), ("WORKERS", "0"), ("ENCODER_PRECISION", "int4"), ("AUDIT_SHARE", "5")],
)
def test_impossible_values_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value outside its range is refused at the start and named."""
    monkeypatch.setenv(f"STELLWERK_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_do_not_change() -> None:
    """What was built at the start stays as it is."""
    with pytest.raises(ValidationError):
        Settings().port = 1
