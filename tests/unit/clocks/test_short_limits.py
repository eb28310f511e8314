"""A short limit that has just begun is green although few days are left, and says so."""

import pytest
from flask_babel import force_locale

from marketplace.clocks.rules import has_just_begun
from marketplace.clocks.wording import left_text


@pytest.mark.parametrize(
    ("light", "left", "begins"),
    [("green", 1, True), ("green", 3, True), ("green", 4, False), ("yellow", 1, False)],
)
def test_only_a_green_light_with_few_days_left_has_just_begun(light, left, begins):
    assert has_just_begun(light, left, usual=3) is begins


def test_it_is_said_why_a_light_is_still_green(app):
    with app.test_request_context(), force_locale("en"):
        said = left_text(1, today=False, begins=True)
        usual = left_text(1, today=False)

    assert said == "1 working day left (short limit, just begun)"
    assert usual == "1 working day left"
