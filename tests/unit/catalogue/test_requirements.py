"""Whether the qualifications held answer what an item asks."""

from datetime import date

import pytest

from marketplace.catalogue.rules.items import (
    HeldQualification,
    Missing,
    Need,
    Requirements,
    lapses_on,
    missing_requirements,
    satisfying,
)

TODAY = date(2026, 11, 23)
LEVELS = {"design": ("甲级", "乙级", "丙级"), "credit": ("甲级", "乙级"), "cma": ()}
B_OR_BETTER = Need("design", "乙级")
WATER = Need("design", "乙级", "水利")
CREDIT = Need("credit", "乙级", "水利水电")
ANY_CMA = Need("cma")


def held(kind, level="", specialty="", *, until=date(2027, 1, 31), since=date(2024, 1, 1)):
    return HeldQualification(kind, level, specialty, since, until)


@pytest.mark.parametrize(
    ("qualification", "need", "answered"),
    [
        (held("design", "甲级"), B_OR_BETTER, True),
        (held("design", "乙级"), B_OR_BETTER, True),
        (held("design", "丙级"), B_OR_BETTER, False),
        (held("design", ""), B_OR_BETTER, False),
        (held("design", "特级"), B_OR_BETTER, False),
        (held("credit", "甲级"), B_OR_BETTER, False),
        (held("design", "甲级", "水利"), WATER, True),
        (held("design", "甲级", "公路"), WATER, False),
        (held("design", "甲级", "公路"), B_OR_BETTER, True),
        (held("cma"), ANY_CMA, True),
        (held("cma", "甲级"), ANY_CMA, True),
        (held("design", "甲级", until=TODAY), B_OR_BETTER, True),
        (held("design", "甲级", until=date(2026, 11, 22)), B_OR_BETTER, False),
        (held("design", "甲级", until=None), B_OR_BETTER, True),
        (held("design", "甲级", since=date(2026, 11, 24)), B_OR_BETTER, False),
    ],
)
def test_a_need_is_answered_by_kind_level_specialty_and_validity(qualification, need, answered):
    missing = missing_requirements(Requirements(all_of=(need,)), [qualification], LEVELS, TODAY)

    assert bool(missing) is not answered


def test_where_nothing_is_asked_nothing_is_missing():
    requirements = Requirements.from_data({"none": True, "basis": "assumption"})

    assert requirements.none
    assert not missing_requirements(requirements, [], LEVELS, TODAY)


def test_all_that_is_missing_is_named_at_once():
    requirements = Requirements(all_of=(B_OR_BETTER, ANY_CMA), any_of=(WATER, CREDIT))

    assert missing_requirements(requirements, [], LEVELS, TODAY) == Missing(
        all_of=(B_OR_BETTER, ANY_CMA), any_of=(WATER, CREDIT)
    )


def test_one_of_the_alternatives_is_enough():
    requirements = Requirements(any_of=(WATER, CREDIT))

    assert not missing_requirements(
        requirements, [held("credit", "乙级", "水利水电")], LEVELS, TODAY
    )


def test_the_stored_form_is_read():
    data = {
        "any_of": [{"kind": "design", "level_at_least": "乙级", "specialty": "水利"}],
        "basis": "law",
    }

    assert Requirements.from_data(data) == Requirements(any_of=(WATER,), basis="law")


def test_only_what_the_requirement_rests_on_is_named():
    water, road = held("design", "甲级", "水利"), held("design", "甲级", "公路")

    assert satisfying(Requirements(all_of=(WATER,)), [road, water], LEVELS, TODAY) == (water,)


class TestLapsing:
    """The first day on which a requirement is no longer met."""

    requirements = Requirements(all_of=(B_OR_BETTER,))

    def test_is_the_day_after_the_last_certificate_ends(self):
        first = held("design", "甲级", until=date(2026, 12, 31))
        second = held("design", "乙级", until=date(2027, 3, 31))

        assert lapses_on(self.requirements, [first, second], LEVELS, TODAY) == date(2027, 4, 1)

    def test_comes_with_a_gap_between_two_certificates(self):
        first = held("design", "甲级", until=date(2026, 12, 31))
        second = held("design", "甲级", since=date(2027, 1, 5), until=None)

        assert lapses_on(self.requirements, [first, second], LEVELS, TODAY) == date(2027, 1, 1)

    def test_is_today_when_the_requirement_is_not_met(self):
        assert lapses_on(self.requirements, [], LEVELS, TODAY) == TODAY

    def test_never_comes_without_an_end(self):
        forever = held("design", "甲级", until=None)

        assert lapses_on(self.requirements, [forever], LEVELS, TODAY) is None
