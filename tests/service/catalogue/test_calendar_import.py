"""Importing the working days of a year."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from marketplace.catalogue import queries, services
from marketplace.catalogue.queries import reference
from marketplace.catalogue.services.calendar import parse_calendar_year
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.kernel.workdays import YearStatus
from tests.tables import rows

# These imports happen on fixed days, whatever day the suite runs on.
IN_2026 = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
FIXED = ("2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03")
TEXT = "\n".join(
    ["date,is_workday,name", *(f"{day},0,x" for day in FIXED), "2027-02-05,0,x", "2027-02-20,1,x"]
)


def _import(uow, now=IN_2026, **changes):
    facts = {"year": 2027, "text": TEXT, "notice": "国办发明电〔2026〕1号"} | changes
    with uow(SYSTEM, now) as work:
        return services.import_calendar_year(work, **facts)


def _event(session):
    session.rollback()
    kind = EventRecord.kind == "calendar.imported"
    return session.scalars(select(EventRecord).where(kind)).one().payload


def test_an_import_announces_the_year_and_names_every_day_that_changed(uow, session):
    before = queries.calendar(session)
    assert before.year_status(2027) is YearStatus.STATUTORY
    assert not before.is_workday(date(2027, 6, 9))

    _import(uow)

    payload = _event(session)
    after = queries.calendar(session)
    assert after.year_status(2027) is YearStatus.ANNOUNCED
    assert after.is_workday(date(2027, 6, 9))
    assert after.is_workday(date(2027, 2, 20))
    assert payload["added"] == ["2027-02-20"]
    assert "2027-06-09" in payload["removed"]
    assert payload["changed"] == []
    assert payload["past_days_kept"] == 0
    assert reference.calendar_years(session)[0].notice == "国办发明电〔2026〕1号"


def test_days_that_are_past_stay_as_they_were_counted(uow, session):
    noon = datetime.combine(date(2027, 2, 10), time(12), SHANGHAI)

    _import(uow, noon, text=TEXT + "\n2027-01-04,0,x")

    payload = _event(session)
    calendar = queries.calendar(session)
    assert calendar.is_workday(date(2027, 1, 4))
    assert not calendar.is_workday(date(2027, 2, 6))
    assert calendar.is_workday(date(2027, 2, 20))
    assert payload["past_days_kept"] == 3


def test_a_year_of_which_nothing_was_known_can_be_imported(uow, session):
    text = TEXT.replace("2027-", "2028-")

    _import(uow, year=2028, text=text)

    session.rollback()
    assert queries.calendar(session).year_status(2028) is YearStatus.ANNOUNCED
    assert len(reference.calendar_days(session, 2028)) == 7


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"year": 2025}, "catalogue.calendar_year"),
        ({"notice": " "}, "catalogue.calendar_notice"),
        ({"text": "nothing"}, "catalogue.calendar_header"),
    ],
)
def test_an_import_that_cannot_be_right_is_refused(uow, changes, code):
    with pytest.raises(Refused, match=code):
        _import(uow, **changes)


def test_importing_the_same_again_is_refused(uow):
    _import(uow)

    with pytest.raises(Refused, match=r"catalogue\.calendar_unchanged"):
        _import(uow)


@pytest.mark.parametrize(("head", "line", "outcome"), rows("input/calendars"))
def test_a_table_is_taken_as_spreadsheets_write_it(head, line, outcome):
    days = [date.fromisoformat(day) for day in FIXED]
    lines = [head, *(line.format(y=day.year, m=day.month, d=day.day) for day in days)]
    text = "\n".join(lines)

    if outcome != "5 days":
        with pytest.raises(Refused, match=outcome):
            parse_calendar_year(text, 2027)
        return
    found = parse_calendar_year(text, 2027)
    assert [(entry.day, entry.is_workday) for entry in found] == [(day, False) for day in days]
