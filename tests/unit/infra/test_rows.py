"""A row is checked against its table when it is declared, and read by its own names."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy import func

from marketplace.complaints.models import Complaint
from marketplace.complaints.rules import ComplaintState
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions

_NAMES = ("institution_public_id", "name", "region_code")


def declare(**hints: object) -> type:
    """A row of these fields."""
    return dataclass(frozen=True)(type("Row", (), {"__annotations__": hints}))


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("number", str),
        ("state", ComplaintState),
        ("filed_at", datetime),
        ("due_on", date | None),
        ("contact", str | None),
        ("outcome", str | None),
    ],
)
def test_a_field_of_the_type_of_its_column_is_taken(field, hint):
    assert list(row_of(declare(**{field: hint}), Complaint).columns) == [field]


@pytest.mark.parametrize(
    ("fields", "derived"),
    [
        ({"nothing": str}, {}),
        ({"number": int}, {}),
        ({"state": date}, {}),
        ({"due_on": date}, {}),
        ({"number": str}, {"numbre": LATER}),
        ({"count": str}, {"count": func.count(Complaint.id)}),
        ({"light": str}, {"light": "green"}),
    ],
    ids=[
        "no such column",
        "another type",
        "another enumeration",
        "may be empty",
        "derived for no field",
        "derived of another type",
        "derived from no expression",
    ],
)
def test_a_row_that_does_not_fit_its_table_is_refused_at_once(fields, derived):
    with pytest.raises(TypeError, match="Row"):
        row_of(declare(**fields), Complaint, **derived)


def test_what_no_column_holds_is_given_by_the_reader():
    rows = row_of(declare(number=str, light=str), Complaint, light=LATER)
    entity = Complaint(number="TS-2026-000001")

    assert rows.of(entity, light="red") == rows.row(number="TS-2026-000001", light="red")
    with pytest.raises(TypeError, match="light"):
        rows.of(entity)


def test_a_name_several_tables_away_is_looked_for_in_the_row_of_the_outermost_query():
    listing = institutions.heading(Complaint.listing_id)
    row = declare(institution_public_id=str, name=str, region_code=str)
    asked = str(row_of(row, Complaint, **{name: getattr(listing, name) for name in _NAMES}).query())

    # Once, in the query itself: a subquery that named it anew would look at every complaint.
    assert asked.endswith("FROM complaint")
    assert asked.count("FROM complaint") == 1
    assert ", complaint" not in asked
