"""What is read as one number is marked in tables, and nothing else is touched."""

import pytest
from markupsafe import Markup

from marketplace.web.words import unbroken
from tests.tables import rows


@pytest.mark.parametrize(("part", "marked"), rows("web/whole"))
def test_days_and_numbers_of_records_are_marked_as_one(part: str, marked: str) -> None:
    shown = unbroken(Markup(part))  # noqa: S704 - of a table of ours

    assert shown == marked.replace("<b>", '<span class="whole">').replace("</b>", "</span>")
    assert isinstance(shown, Markup)
