"""The key that makes placeholders."""

import pytest

from masking import MaskingKeyError, read_or_make


def test_a_key_is_made_once_for_its_owner_alone(tmp_path) -> None:
    """The second reader finds the first one's key, and nobody else may read it."""
    file = tmp_path / "var" / "masking.key"
    key = read_or_make(file)
    assert len(key) == 32
    assert read_or_make(file) == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_holds_no_key_is_refused(tmp_path) -> None:
    """A damaged key is never replaced in silence, for placeholders would no longer match."""
    file = tmp_path / "masking.key"
    file.write_text("no key")
    with pytest.raises(MaskingKeyError, match="STELLWERK_MASKING_KEY"):
        read_or_make(file)
