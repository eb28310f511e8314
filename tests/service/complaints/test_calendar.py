"""A new working calendar moves the days of complaints, objections and hearings still to come."""

from datetime import datetime, timedelta

import pytest

from marketplace.assessments.queries import removals
from marketplace.assessments.services import removing
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.complaints import queries, services
from marketplace.complaints.queries import complaints
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import ANONYMOUS, SYSTEM
from marketplace.kernel.times import SHANGHAI
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing, make_agent

pytestmark = pytest.mark.usefixtures("app")


def next_workday_becomes_free(app, session):
    """The next working day is announced as a day off."""
    calendar = catalogue.calendar(session)
    off = calendar.add_workdays(TODAY, 1)
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
