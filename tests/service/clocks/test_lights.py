"""The database tells lights as the rule does, whatever the day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Date, literal, select
from sqlalchemy.exc import StatementError

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import (
    light_days,
    light_of,
    light_until,
    limits_in_workdays,
    urgency,
)
from marketplace.clocks.rules import Light, light_on, yellow_until
from marketplace.kernel.workdays import Calendar

PLAIN = Calendar({}, {})
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        (date(2026, 11, 24), "green"),
        (date(2026, 11, 25), "yellow"),
        (date(2026, 11, 30), "yellow"),
        (date(2026, 12, 1), "red"),
    ],
)
def test_a_light_warns_in_the_last_working_days_and_is_red_after_the_day(today, colour):
    assert light_on(MONDAY, today, yellow_until(PLAIN, today, 3)) == colour


@pytest.mark.parametrize("days", [0, 1, 3, 10])
def test_yellow_reaches_as_far_as_the_working_days_do(days):
    for ahead in range(30):
        due = MONDAY + timedelta(days=ahead)
        is_near = PLAIN.workdays_between(MONDAY, due) <= days
        assert is_near == (due <= yellow_until(PLAIN, MONDAY, days))


@pytest.mark.parametrize("today", [date(2026, 2, 13), date(2026, 9, 30), date(2026, 11, 28)])
def test_the_database_and_the_rule_agree_on_every_day_around_holidays(app, session, today):
    given = light_days(session, today)
    for ahead in range(-3, 25):
        due = today + timedelta(days=ahead)
        light = light_of(literal(due, Date))
        found, rank = session.execute(select(light, urgency(light)), given).one()
        assert found == light_until(session, due, today)
        assert rank == list(Light)[::-1].index(Light(found))
    assert session.scalar(select(light_of(literal(None, Date))), given) == "none"


# Each limit of a step, on the days after it began on a Wednesday (the week-end lies between).
SHORT = [
    ("complaint.acknowledge_days", 2, "ggyr"),
    ("removal.reply_days", 3, "ggyyyyr"),
    ("vetting.substance_days", 5, "ggyyyyyyr"),
]


@pytest.mark.parametrize(("limit", "days", "colours"), SHORT)
def test_a_short_limit_is_not_yellow_before_its_second_day(app, session, limit, days, colours):
    begun = date(2026, 11, 25)
    due = catalogue.calendar(session).add_workdays(begun, days)
    light = light_of(literal(due, Date), limit)
    found = [
        session.scalar(select(light), light_days(session, begun + timedelta(days=passed)))
        for passed in range(len(colours))
    ]
    assert "".join(one[0] for one in found) == colours


def test_a_light_is_told_by_any_limit_of_the_rulebook_in_working_days_and_by_no_other(app, session):
    given = light_days(session, MONDAY)
    due = literal(MONDAY, Date)
    for limit in ("", *limits_in_workdays(session, MONDAY)):
        assert session.scalar(select(light_of(due, limit)), given) in {"yellow", "green"}
    with pytest.raises(StatementError, match="yellow_until_engagement_contract_lapse_days"):
        session.scalar(select(light_of(due, "engagement.contract_lapse_days")), given)
