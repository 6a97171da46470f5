"""What the Makefile decides by itself."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.mark.parametrize(
    ("champion", "models", "serves"),
    [("m1", ["m1"], True), ("m1", [], False), ("m1", ["m2"], False), (None, [], False)],
)
def test_a_model_serves_only_where_it_can_be_read(champion, models, serves) -> None:
    """A champion of an earlier format is left out of the list, and `make run` learns a new one."""
    (program,) = re.findall(r"^SERVES := (.+)$", MAKEFILE.read_text("utf-8"), re.MULTILINE)
    told = json.dumps({"champion": champion, "models": [{"version": one} for one in models]})
    done = subprocess.run([sys.executable, "-c", program], input=told, text=True, check=False, capture_output=True)
    assert (done.returncode == 0) is serves, done.stderr
