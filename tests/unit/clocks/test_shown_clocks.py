"""What a page shows of a clock that runs, stands or has ended, on whatever day it is looked at."""

from datetime import date

import pytest

from marketplace.clocks.rules import ClockView, DayMark, Pause, view_clock
from marketplace.kernel.workdays import Limit, LimitUnit
from tests.tables import rows
from tests.unit.clocks.test_clock_rules import MONDAY, SHIPPED

LETTERS = {
    "c": DayMark.COUNTED,
    "t": DayMark.TODAY,
    "l": DayMark.LEFT,
    "d": DayMark.DUE,
    "p": DayMark.PAUSED,
    "o": DayMark.OFF,
    "x": DayMark.OVER,
    "s": DayMark.STOPPED,
    "e": DayMark.ENDED,
}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _shown(limit: str, unit: str, pauses: str, ended: str, today: str) -> ClockView:
    stood = [one.split("..") for one in pauses.split(";") if one]
    return view_clock(
        SHIPPED,
        Limit(int(limit), LimitUnit(unit)),
        MONDAY,
        date.fromisoformat(today),
        pauses=[Pause(date.fromisoformat(begins), _day(ends)) for begins, ends in stood],
        ended=_day(ended),
    )


@pytest.mark.parametrize("case", rows("clocks/shown"), ids=lambda case: case[0].replace(" ", "_"))
def test_a_clock_is_shown_as_the_table_says(case):
    _, *asked, light, used, over, since, days = case

    view = _shown(*asked)

    assert view.shown_light == light
    assert (view.used, view.over) == (int(used), int(over))
    assert view.stands_since == _day(since)
    assert [one.mark for one in view.strip] == [LETTERS[letter] for letter in days]


@pytest.mark.parametrize("case", rows("clocks/shown"), ids=lambda case: case[0].replace(" ", "_"))
def test_nothing_is_provisional_or_left_of_a_clock_that_does_not_run(case):
    view = _shown(*case[1:6])

    if view.stands_since or view.ended:
        assert not view.provisional
        assert not {one.mark for one in view.strip} & {DayMark.TODAY, DayMark.LEFT}
