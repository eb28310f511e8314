"""Over which time clients are counted, and what of which kind of client."""

from datetime import date

import pytest

from marketplace.client_records.rules import FIGURES, Figure, since
from marketplace.client_records.wording import LABELS
from marketplace.engagements.rules import ClientKind


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 30), date(2024, 11, 30)),
        (date(2026, 2, 28), date(2024, 2, 28)),
        (date(2028, 2, 29), date(2026, 2, 28)),
    ],
)
def test_two_years_are_counted(today, first):
    assert since(today) == first


def test_an_enterprise_is_not_measured_by_what_only_departments_do():
    assert set(FIGURES) == set(ClientKind)
    assert FIGURES[ClientKind.DEPARTMENT] == tuple(Figure)
    only = set(Figure) - set(FIGURES[ClientKind.ENTERPRISE])
    assert only == {Figure.PAYMENTS, Figure.AWARDS, Figure.QUESTIONS}


@pytest.mark.parametrize("said", ["figure", "short", "counted"])
def test_every_figure_has_its_words(said):
    told = {key.split(".")[1] for key in LABELS if key.startswith(f"client_{said}.")}
    assert told == set(Figure)
