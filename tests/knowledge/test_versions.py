"""Versions told from product names."""

import pytest

from knowledge.versions import family_of, newest_of, stated_version, version_of


@pytest.mark.parametrize(
    ("product", "version", "family"),
    [
        ("Kundenportal Release 4.9", (4, 9), "kundenportal"),
        ("Batchwerk MES 7.3 SP2", (7, 3), "batchwerk mes"),
        ("StaplerLeit Server 4.8 → 5.2", (5, 2), "staplerleit server"),
        ("Polier 5.0", (5,), "polier"),
        ("Portal v12", (12,), "portal"),
        ("Windows 11 Client", None, "windows 11 client"),
        ("SBC / Fax T.38", None, "sbc / fax t.38"),
        ("SAP S/4HANA (P01)", None, "sap s/4hana p01"),
        ("", None, ""),
    ],
)
def test_a_version_is_told_from_a_product_and_a_model_is_not(product, version, family):
    """Numbers with a point, or after a word for version, are versions; a product is itself without them."""
    assert version_of(product) == version
    assert family_of(product) == family


def test_a_stated_version_may_be_a_whole_number():
    """Where an article states its version, 5 and v5.1 are versions; words are none."""
    assert [stated_version(words) for words in ("5", "v5.1", "neueste", " ", None)] == [(5,), (5, 1), None, None, None]


def test_the_newest_version_of_a_product_is_counted_not_spelled():
    """4.10 is newer than 4.9, and the product's spelling does not matter."""
    assert newest_of([("Portal 4.9", "4.9"), ("portal 4.10", "4.10"), ("Mail", "2")]) == {
        "portal": (4, 10),
        "mail": (2,),
    }
