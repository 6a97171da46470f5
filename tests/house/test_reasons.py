"""The reasons for not routing a ticket by itself: one closed list, told in four places."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from classifier.prediction import ReasonCode as Found
from desk import ReasonCode

ROOT = Path(__file__).parents[2]
CODES = {code.value for code in ReasonCode}


def test_the_answers_know_each_reason_that_the_classifier_gives() -> None:
    """The desk adds its own, for when no model serves and for when the audit takes the promise away."""
    assert set(get_args(Found)) | {"no_model", "promise_withdrawn", "promise_unchecked"} == CODES


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_has_words_for_each_reason(language: str) -> None:
    """Neither is a code without words nor words without a code."""
    words = tomllib.loads((ROOT / "src" / "service" / "page" / f"{language}.toml").read_text("utf-8"))
    assert {key.removeprefix("reason.") for key in words if key.startswith("reason.")} == CODES


def test_the_guide_for_the_intake_explains_each_reason() -> None:
    """The table of reasons lists each code once."""
    page = (ROOT / "docs" / "ticket-intake.md").read_text("utf-8")
    table = page.partition("### The reasons")[2].partition("##")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)[1:]  # below the heading
    assert len(listed) == len(set(listed))
    assert set(listed) == CODES
