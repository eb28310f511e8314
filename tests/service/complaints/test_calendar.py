"""A new working calendar moves the days of complaints, objections and hearings still to come."""

from datetime import datetime, timedelta

import pytest

from marketplace.assessments.queries import removals
from marketplace.assessments.services import removing
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import queries, services
from marketplace.complaints.models import Objection
from marketplace.complaints.queries import complaints
from marketplace.complaints.rules import About
from marketplace.complaints.services import objections
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.times import SHANGHAI, local_date
from tests.cases import make_association
from tests.competitions import make_competition
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing, make_agent
from tests.factories import make_member, make_organisation

pytestmark = pytest.mark.usefixtures("app")


def next_workday_becomes_free(app, session, after=TODAY):
    """The next working day is announced as a day off."""
    calendar = catalogue.calendar(session)
    off = calendar.add_workdays(after, 1)
    days = {day: works for day, works in calendar.special.items() if day.year == off.year}
    days[off] = False
    lines = [f"{day.isoformat()},{int(works)}" for day, works in sorted(days.items())]
    text = "\n".join(["date,is_workday", *lines]) + "\n"
    act(
        SYSTEM,
        lambda uow: catalogue_services.import_calendar_year(
            uow, year=off.year, text=text, notice="示例通知1号"
        ),
    )
    deliver_all(app.extensions["settings"], raise_errors=True)
    session.rollback()


def test_days_move_and_the_history_says_so(app, session):
    association, agent = make_association(), make_agent()
    listing_id = admitted_listing(agent)
    complaint = act(
        ANONYMOUS,
        lambda uow: services.file_complaint(
            uow,
            about=About.LISTING,
            record=listing_id,
            headline="逾期",
            body="逾期交付。",
            contact=Contact("张某", "a@b.cn"),
        ),
    )
    case = act(
        association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=listing_id, cause=RemovalCause.OTHER, facts="多次失实。"
        ),
    )
    act(
        association.examiner,
        lambda uow: removing.notify_removal(uow, case=case.id),
    )
    due = queries.complaint(session, complaint.id, TODAY).due_on
    reply = removals.removal_page(session, case.id, TODAY).reply_by

    next_workday_becomes_free(app, session)

    calendar = catalogue.calendar(session)
    page = complaints.page(session, complaint.id, TODAY)
    assert page.row.due_on == calendar.add_workdays(due, 1)
    assert page.history[0].kind == "complaint.due_moved"
    removal = removals.removal_page(session, case.id, TODAY)
    assert removal.reply_by == calendar.add_workdays(reply, 1)
    assert removal.history[0].kind == "removal_case.reply_day_moved"


def test_a_day_that_is_past_is_not_touched(app, session):
    association, agent = make_association(), make_agent()
    listing_id = admitted_listing(agent)
    long_ago = datetime.combine(TODAY - timedelta(days=30), NOON.time(), SHANGHAI)
    complaint = act(
        ANONYMOUS,
        lambda uow: services.file_complaint(
            uow,
            about=About.LISTING,
            record=listing_id,
            headline="逾期",
            body="逾期交付。",
            contact=Contact("张某", "a@b.cn"),
        ),
        at=long_ago,
    )
    assert association
    due = queries.complaint(session, complaint.id, TODAY).due_on

    next_workday_becomes_free(app, session)

    assert queries.complaint(session, complaint.id, TODAY).due_on == due


def objected():
    """An objection to a published award, which an office decides; its id."""
    make_member(make_organisation(Capacity.SUPERVISOR, region_code="220000"), Role.SUPERVISOR)
    competition = make_competition(CompetitionState.AWARD_PUBLISHED)
    return act(
        competition.offers[-1].agent,
        lambda uow: services.file_objection(
            uow, competition=competition.competition_id, body="报价计算有误。"
        ),
        at=competition.now,
    ).id


def test_the_day_of_an_objection_moves_once_and_its_alarm_with_it(app, session):
    key = objected()
    row = session.get_one(Objection, key)
    was, filed_on = row.due_on, local_date(row.filed_at)
    session.rollback()
    calendar = catalogue.calendar(session)
    next_workday_becomes_free(app, session, after=filed_on)

    row = session.get_one(Objection, key)
    assert row.due_on == calendar.add_workdays(was, 1)
    assert local_date(row.attention_at) == row.due_on + timedelta(days=1)
    moved = act(SYSTEM, lambda uow: objections.move_objection_day(uow, objection=key))
    assert not moved


def test_the_day_of_an_objection_that_is_over_stays(session):
    key = objected()
    due = session.get_one(Objection, key).due_on
    after = datetime.combine(due + timedelta(days=1), NOON.time(), SHANGHAI)
    session.rollback()

    moved = act(SYSTEM, lambda uow: objections.move_objection_day(uow, objection=key), at=after)
    assert not moved
    assert session.get_one(Objection, key).due_on == due
