"""``train`` on the command line."""

from pathlib import Path

import pytest


@pytest.fixture
def learnable(folder) -> Path:
    """Forty solved tickets, two labels of each target."""
    rows = ["subject,body,level,category"]
    rows += [
        f"Maske {i},stürzt beim Speichern ab,3,bug" if i % 2 else f"Feld {i},wo finde ich es,1,question"
        for i in range(40)
    ]
    file = folder / "learnable.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return file


def test_plan_best_with_an_encoder_that_cannot_be_tuned_ends_with_1(run, learnable, monkeypatch) -> None:
    """One line names the encoder and the ways out; nothing is loaded, fetched or kept."""
    monkeypatch.setenv("STELLWERK_ENCODER", "some/model")
    ended = run("train", learnable, "--plan", "best")
    assert ended.status == 1
    assert not ended.out
    [failure] = [line for line in ended.err.splitlines() if line.startswith("stellwerk: ")]
    assert "encoder some/model cannot be tuned here; train with another plan, or unset STELLWERK_ENCODER" in failure
    assert not (learnable.parent / "models").exists()


def test_plan_best_says_beforehand_how_long_it_takes(run, learnable, monkeypatch) -> None:
    """Its cost is told in the help and before the work begins; other plans say nothing of it."""
    monkeypatch.setenv("STELLWERK_ENCODER", "some/model")
    monkeypatch.setenv("STELLWERK_TRACKING", "")
    assert "quarter of an hour" in " ".join(run("train", "--help").out.replace("│", " ").split())
    assert "quarter of an hour" in run("train", learnable, "--plan", "best").err
    assert "quarter of an hour" not in run("train", learnable, "--plan", "fast", "--no-primer").err
