"""The board of lights as values."""

from datetime import date

import pytest

from marketplace.clocks.rules import Waiting
from marketplace.supervision import rules
from marketplace.supervision.rules import Asked

CITY, DISTRICT, OTHER = "220100", "220102", "220200"


def contains(area: str, code: str) -> bool:
    return area == code or (area == CITY and code == DISTRICT)


def around(code: str) -> tuple[str, ...]:
    return (code, CITY) if code == DISTRICT else (code,) if code else ()


def wait(number: str = "1", **facts) -> Waiting:
    plain = {
        "kind": "engagement",
        "public_id": f"p{number}",
        "number": number,
        "what": "engagement.work",
        "owes_organisation_id": 1,
        "light": "red",
        "due_on": date(2026, 11, 20),
        "region_code": DISTRICT,
        "item_code": "JL-Z01",
    }
    return Waiting(**plain | facts)


def test_only_red_and_yellow_lights_are_on_the_board():
    waits = [wait(light=light) for light in ("red", "yellow", "green", "paused", "none")]

    assert [one.light for one in rules.lit(waits, "", contains)] == ["red", "yellow"]


def test_an_office_sees_its_own_region_and_only_the_province_what_has_none():
    waits = [wait("1"), wait("2", region_code=OTHER), wait("3", region_code="")]

    assert [one.number for one in rules.lit(waits, CITY, contains)] == ["1"]
    assert [one.number for one in rules.lit(waits, "", contains)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Asked(), "1234"),
        (Asked(light=("yellow",)), "2"),
        (Asked(kind=("payment", "objection")), "3"),
        (Asked(item=("JL-Z02",)), "4"),
        (Asked(region=(CITY,)), "123"),
        (Asked(region=(OTHER,), light=("red",)), "4"),
        (Asked(region=(OTHER,), kind=("payment",)), ""),
    ],
)
def test_values_of_a_filter_widen_and_filters_narrow(asked, left):
    waits = [
        wait("1"),
        wait("2", light="yellow"),
        wait("3", kind="payment"),
        wait("4", item_code="JL-Z02", region_code=OTHER),
    ]

    assert "".join(one.number for one in rules.chosen(waits, asked, contains)) == left


def test_the_worst_organisation_comes_first():
    waits = [
        wait("1", owes_organisation_id=7, light="yellow", due_on=date(2026, 11, 1)),
        wait("2", owes_organisation_id=8),
        wait("3", owes_organisation_id=9, due_on=date(2026, 11, 2)),
        wait("4", owes_organisation_id=None, due_on=None),
        wait("5", owes_organisation_id=8, light="yellow"),
    ]

    owing = rules.by_organisation(waits)

    assert [one.organisation_id for one in owing] == [8, 9, None, 7]
    assert (owing[0].red, owing[0].yellow, owing[0].oldest) == (1, 1, date(2026, 11, 20))
    assert [one.number for one in owing[0].waits] == ["2", "5"]


def test_each_filter_is_counted_under_the_others_and_a_region_with_all_it_lies_in():
    waits = [wait("1"), wait("2", light="yellow"), wait("3", region_code=OTHER)]

    counts = rules.count(waits, Asked(light=("red",)), contains, around).of

    assert counts["light"] == {"red": 2, "yellow": 1}
    assert counts["region"] == {DISTRICT: 1, CITY: 1, OTHER: 1}
    assert counts["kind"] == {"engagement": 2}


def test_red_lights_are_counted_by_kind_the_most_first():
    waits = [wait("1"), wait("2", kind="payment"), wait("3", kind="payment"), wait(light="yellow")]

    assert rules.by_kind(waits, "red") == {"payment": 2, "engagement": 1}
