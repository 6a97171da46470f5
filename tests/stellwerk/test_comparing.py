"""Two models named on the command line."""

from pathlib import Path

import pytest
import typer

from stellwerk.comparing import _parted


def test_a_second_name_is_a_version_where_the_shelf_has_it(tmp_path) -> None:
    """Otherwise it is a file, and the champion is compared with."""
    (tmp_path / "v1").mkdir()
    assert _parted(["v2", "v1", "a.csv"], tmp_path) == ("v2", "v1", [Path("a.csv")])
    assert _parted(["v2", "a.csv", "b.csv"], tmp_path) == ("v2", None, [Path("a.csv"), Path("b.csv")])


def test_files_are_needed(tmp_path) -> None:
    """Versions alone say not what to compare on."""
    with pytest.raises(typer.BadParameter, match="history files"):
        _parted(["v2"], tmp_path)
