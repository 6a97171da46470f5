"""What a ticket's own words give away is told from what customers say."""

import pytest
from tests.inspection.conftest import changed

from inspection.leaks import text_findings


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Level: 2", True),
        ("weitergeleitet, Support-Level = 3", True),
        ("Queue: bug, bitte prüfen", True),
        ("Gruppe: 2 hat keinen Zugriff", False),
        ("Der bug ist wieder da", False),
        ("category : requirement", True),
        ("level 2 im Lager", False),
        ("Sublevel: 2", False),
    ],
)
def test_a_label_is_told_only_where_a_system_wrote_it(sample, taxonomy, body, told):
    """A name, a sign and a label are what forms write; the same words in a sentence are the customer's."""
    found = text_findings([changed(sample[0], subject="", body=body)], taxonomy)
    assert bool([one for one in found if one.kind == "names_label"]) == told
