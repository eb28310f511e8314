"""The region tree, the rulebook and calendar files as values."""

from datetime import date

import pytest

from marketplace.catalogue.rules.reference import (
    RegionRow,
    RegionTree,
    Rulebook,
    RuleEntry,
    check_value,
)
from marketplace.catalogue.services.calendar import DayEntry, parse_calendar_year
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Limit, LimitUnit

TREE = RegionTree(
    (
        RegionRow("220000", "吉林省", "Jilin Province", "province", ""),
        RegionRow("220100", "长春市", "Changchun", "prefecture", "220000"),
        RegionRow("220104", "朝阳区", "Chaoyang District", "district", "220100"),
        RegionRow("220171", "长春经开区", "Changchun ETDZ", "stat_zone", "220100"),
        RegionRow("220184", "公主岭市", "Gongzhuling", "county_city", "220100"),
        RegionRow("220300", "四平市", "Siping", "prefecture", "220000"),
        RegionRow("220381", "公主岭市", "Gongzhuling", "county_city", "220300", False, "220184"),
        RegionRow("X-CBS", "长白山", "Changbaishan", "admin_committee", "220000"),
    )
)


class TestRegions:
    """What lies in what, and what replaced what."""

    @pytest.mark.parametrize(
        ("code", "resolved"),
        [("220104", "220104"), ("220381", "220184"), ("X-CBS", "X-CBS"), ("110000", None)],
    )
    def test_a_superseded_code_means_its_successor(self, code, resolved):
        assert TREE.resolve(code) == resolved

    def test_a_region_holds_what_moved_into_it_under_either_code(self):
        assert {"220100", "220104", "220171", "220184", "220381"} == TREE.descendants("220100")
        assert TREE.descendants("220300") == {"220300"}
        assert TREE.descendants("220381") == {"220184", "220381"}
        assert TREE.descendants("nowhere") == frozenset()

    def test_ancestors_come_nearest_first(self):
        assert TREE.ancestors("220381") == ("220100", "220000")
        assert TREE.ancestors("220000") == ()

    @pytest.mark.parametrize(
        ("code", "upwards"),
        [
            ("220104", ("220104", "220100", "220000")),
            ("220381", ("220184", "220100", "220000")),
            ("X-CBS", ("X-CBS", "220000")),
            ("220000", ("220000",)),
            ("110000", ("110000",)),
        ],
    )
    def test_the_walk_upwards_begins_with_the_region_itself(self, code, upwards):
        assert TREE.upwards(code) == upwards

    @pytest.mark.parametrize(
        ("area", "code", "inside"),
        [
            ("220000", "X-CBS", True),
            ("220100", "220381", True),
            ("220300", "220381", False),
            ("220104", "220104", True),
            ("220104", "220100", False),
            ("220100", "nowhere", False),
        ],
    )
    def test_an_area_contains_itself_and_what_lies_in_it(self, area, code, inside):
        assert TREE.contains(area, code) is inside

    def test_names_are_told_apart_by_their_prefecture(self):
        assert TREE.path("220104") == "长春市 朝阳区"
        assert TREE.path("220381", "en") == "Gongzhuling, Changchun"
        assert TREE.name("220000", "en") == "Jilin Province"

    def test_statistical_zones_are_offered_only_on_request(self):
        plain = [code for code, _ in TREE.choices()]
        full = [code for code, _ in TREE.choices(statistical=True)]

        assert plain == ["220000", "220100", "220104", "220184", "220300", "X-CBS"]
        assert set(full) - set(plain) == {"220171"}

    def test_the_first_rank_below_the_province_is_listed(self):
        assert [row.code for row in TREE.prefectures] == ["220100", "220300", "X-CBS"]


BOOK = Rulebook(
    (
        RuleEntry("answer", 2, "workdays", date(2018, 6, 1)),
        RuleEntry("answer", 3, "workdays", date(2026, 12, 1), "notice"),
        RuleEntry("pause", 90, "days", date(2018, 6, 1)),
    )
)


class TestRulebook:
    """Values by date."""

    def test_the_value_of_a_day_is_the_last_that_began_by_then(self):
        assert BOOK.value("answer", date(2026, 11, 30)) == 2
        assert BOOK.value("answer", date(2026, 12, 1)) == 3
        assert BOOK.value("answer", date(2010, 1, 1)) == 2

    def test_a_value_of_days_is_a_limit(self):
        assert BOOK.limit("answer", date(2026, 1, 1)) == Limit(2)
        assert BOOK.limit("pause", date(2026, 1, 1)) == Limit(90, LimitUnit.DAYS)

    def test_what_is_to_come_is_known(self):
        assert [entry.value for entry in BOOK.coming("answer", date(2026, 11, 30))] == [3]

    def test_an_unknown_rule_is_a_programming_error(self):
        with pytest.raises(KeyError):
            BOOK.value("missing", date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("old", "new", "fits"),
        [
            (2, 3, True),
            (2, 0, True),
            (2, -1, False),
            (2, 2.5, False),
            (2, True, False),
            (2, "3", False),
            (0.4, 0.5, True),
            (0.4, 1, True),
            ([60, 30], [90], True),
            ([60, 30], [], False),
            ([60, 30], ["x"], False),
            ({"A": 90}, {"A": 95}, True),
            ({"A": 90}, {"B": 95}, False),
            ({"A": 90}, [95], False),
        ],
    )
    def test_a_new_value_has_the_shape_of_the_old_one(self, old, new, fits):
        if fits:
            check_value(old, new)
        else:
            with pytest.raises(Refused, match=r"catalogue\.rule_shape"):
                check_value(old, new)


FIXED = ["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"]


def _file(*lines: str, without: str = "") -> str:
    rows = [f"{day},0" for day in FIXED if day != without]
    return "\n".join(["date,is_workday", *rows, *lines])


class TestCalendarFile:
    """Reading a year's special days."""

    def test_days_off_and_make_up_days_are_read_in_order(self):
        text = "\ufeff" + _file("2027-02-20,1", "2027-02-05,0,")

        entries = parse_calendar_year(text, 2027)

        assert entries[1] == DayEntry(date(2027, 2, 5), False, "holiday_or_bridge")
        assert entries[2] == DayEntry(date(2027, 2, 20), True, "makeup_workday")

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("", "catalogue.calendar_header", None),
            ("day,off\n2027-01-01,0", "catalogue.calendar_header", None),
            (_file("tomorrow,0"), "catalogue.calendar_line", 7),
            (_file("2027-02-05,yes"), "catalogue.calendar_line", 7),
            (_file("2027-02-05"), "catalogue.calendar_line", 7),
            (_file("2028-02-05,0"), "catalogue.calendar_other_year", 7),
            (_file("2027-01-01,0"), "catalogue.calendar_day_twice", 7),
            (_file(without="2027-05-01"), "catalogue.calendar_incomplete", None),
            (_file("2027-05-01,1", without="2027-05-01"), "catalogue.calendar_incomplete", None),
        ],
    )
    def test_a_file_that_cannot_be_right_is_refused_with_its_line(self, text, code, line):
        with pytest.raises(Refused) as refused:
            parse_calendar_year(text, 2027)

        assert refused.value.code == code
        assert refused.value.field == "file"
        assert refused.value.details.get("line") == line
