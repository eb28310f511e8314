"""What time does to a case: it lapses, it is overdue, its due day moves with the calendar."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.worker import settle_due
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI, end_of_day
from marketplace.kernel.workdays import Calendar
from marketplace.vetting.queries import lists
from marketplace.vetting.queries.page import case_page
from marketplace.vetting.rules import CaseState, Ending
from marketplace.vetting.services import applying
from tests.cases import case_of, complete, kinds, listing_of, make_case, refused, take, told
from tests.conftest import TODAY
from tests.dossiers import act

pytestmark = pytest.mark.usefixtures("app")


def settle(when: datetime) -> int:
    count = settle_due(when, raise_errors=True)["vetting_cases"]
    db.session.rollback()
    return count


def calendar_of(session) -> Calendar:
    return catalogue.calendar(session)


@pytest.mark.calendar
def test_the_due_days_are_counted_in_working_days(session):
    world, calendar = make_case(CaseState.RECEIVED), calendar_of(session)

    assert case_of(session, world).due_on == calendar.add_workdays(TODAY, 2)
    take(world)
    complete(world)
    assert case_of(session, world).due_on == calendar.add_workdays(TODAY, 5)


@pytest.mark.calendar
def test_a_return_without_an_answer_lapses_after_thirty_working_days(session):
    world = make_case(CaseState.RETURNED)
    last_day = calendar_of(session).add_workdays(TODAY, 30)
    assert case_of(session, world).due_on == last_day

    assert settle(end_of_day(last_day) - timedelta(seconds=1)) == 0
    assert settle(end_of_day(last_day)) == 1

    case = case_of(session, world)
    assert (case.state, case.ending) == (CaseState.WITHDRAWN, Ending.LAPSED)
    assert listing_of(session, world).state is ListingState.LAPSED
    assert kinds(session, world)[-1] == "vetting_case.lapsed"
    assert settle(end_of_day(last_day)) == 0


def test_a_lapsed_application_cannot_be_sent_in_again(session):
    world = make_case(CaseState.RETURNED)
    settle(end_of_day(case_of(session, world).due_on))

    assert (
        refused(world.agent, lambda uow: applying.resubmit(uow, case=world.case_id))
        == "vetting.not_returned"
    )


@pytest.mark.parametrize("state", [CaseState.RECEIVED, CaseState.SUBSTANCE, CaseState.PROPOSED])
def test_a_missed_day_is_escalated_once(session, state):
    world = make_case(state)
    missed = end_of_day(case_of(session, world).due_on)

    assert settle(missed - timedelta(seconds=1)) == 0
    assert [settle(missed), settle(missed + timedelta(days=1))] == [1, 0]

    assert kinds(session, world).count("vetting_case.overdue") == 1
    assert case_of(session, world).state is state
    later = missed.astimezone(SHANGHAI).date()
    assert lists.case_row(session, world.case_id, later).light == "red"


def test_the_next_clock_can_be_escalated_again(session):
    world = make_case(CaseState.COMPLETENESS)
    settle(end_of_day(case_of(session, world).due_on))
    complete(world)

    settle(end_of_day(case_of(session, world).due_on))

    assert kinds(session, world).count("vetting_case.overdue") == 2


def test_a_closed_case_needs_nothing(session):
    for state in (CaseState.DECIDED, CaseState.WITHDRAWN):
        assert case_of(session, make_case(state)).attention_at is None
    assert settle(datetime.now(SHANGHAI) + timedelta(days=400)) == 0


def test_a_new_calendar_moves_the_due_days_that_are_still_to_come(app, session, reached):
    world = make_case(CaseState.RETURNED)
    before = case_of(session, world).due_on
    year = before.year
    calendar = calendar_of(session)
    off = _some_workdays(calendar, year, before)

    def announce(uow):
        catalogue_services.import_calendar_year(
            uow, year=year, text=_calendar_text(calendar, year, off), notice="示例通知1号"
        )

    act(SYSTEM, announce)
    deliver_all(app.extensions["settings"], raise_errors=True)
    db.session.rollback()

    case = case_of(session, world)
    assert case.due_on == calendar_of(session).add_workdays(TODAY, 30)
    assert case.due_on > before
    moved = told(session, world)[0]
    assert moved.kind == "vetting_case.due_moved"
    assert "vetting_case.due_moved" in reached
    assert moved.payload["due_was"] == before.isoformat()
    assert case.attention_at == end_of_day(case.due_on)


def _some_workdays(calendar: Calendar, year: int, last: date) -> list[date]:
    """Three days before the last one that were working days and will not be."""
    first = max(date(year, 1, 1), TODAY + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    return [day for day in days if calendar.is_workday(day)][:3]


def _calendar_text(calendar: Calendar, year: int, off: list[date]) -> str:
    days = {day: works for day, works in calendar.special.items() if day.year == year}
    days.update(dict.fromkeys(off, False))
    lines = [f"{day.isoformat()},{int(works)}" for day, works in sorted(days.items())]
    return "\n".join(["date,is_workday", *lines]) + "\n"


@pytest.mark.parametrize(
    "state", [CaseState.RECEIVED, CaseState.COMPLETENESS, CaseState.SUBSTANCE, CaseState.PROPOSED]
)
def test_lists_tell_the_light_of_the_clock_that_the_page_draws(session, state):
    world = make_case(state)
    seen = set()
    for days in range(14):
        page = case_page(session, world.case_id, TODAY + timedelta(days=days))
        assert page.case.light == page.case.due_light == page.clock.light, days
        seen.add(page.case.light)
    assert seen == {"green", "yellow", "red"}


def test_the_clock_of_a_case_can_be_drawn_on_any_day(session):
    world = make_case(CaseState.RETURNED)
    for days in (0, 5, 40):
        page = case_page(session, world.case_id, TODAY + timedelta(days=days))
        assert page.clock.stands_since == TODAY
        assert page.case.light == "paused"
