"""What fold_umlauts promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.umlauts import fold_umlauts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Störung", "Stoerung"),
        ("Sto\u0308rung", "Stoerung"),
        ("Straße", "Strasse"),
        ("ÄÖÜẞ", "AeOeUeSS"),
        ("café naïve Łódź", "cafe naive Lodz"),
        ("ﬁnden", "finden"),
        ("打印机 принтер й が", "打印机 принтер й が"),
    ],
)
def test_writes_umlauts_out_and_drops_accents(text, folded):
    """Spellings of one Latin word become one; other alphabets stay."""
    assert fold_umlauts(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    """A folded text is folded."""
    assert fold_umlauts(fold_umlauts(text)) == fold_umlauts(text)
