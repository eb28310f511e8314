"""The enterprise is told once before the plan's days are used up, with the reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.critical_path.events import PlanDaysNearlyUsed
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.notifications import queries as notifications
from marketplace.notifications.wording import message_text, message_title
from marketplace.projects import services
from marketplace.projects.rules import ApprovalStatus, StandKind, StandRecord
from tests.calendars import next_workday_becomes_free
from tests.conftest import NOON, TODAY
from tests.engagements import make_enterprise
from tests.factories import system_work
from tests.market import settle
from tests.projects import approval_record, make_project, new_code, project_record
from tests.unit.shipped_calendar import SHIPPED

pytestmark = pytest.mark.usefixtures("app")
KIND = PlanDaysNearlyUsed.KIND


def ago(days):
    return SHIPPED.add_workdays(TODAY, -days)


def later(days):
    """Noon of the working day so many after today."""
    return NOON + timedelta(days=(SHIPPED.add_workdays(TODAY, days) - TODAY).days)


def approval(days, **changes):
    """An approval item that a department has had for so many working days."""
    made = approval_record("A03", accepted_on=ago(days), due_on=None, limit_value=20)
    return replace(made, **changes)


def project(*approvals, client=None, **changes):
    client = client or make_enterprise()
    key = make_project(client.organisation_id, approvals=approvals, **{"stands": ()} | changes)
    settle()
    return client, key


def told(session, key):
    """Every time that the enterprise of a project was told."""
    session.rollback()
    query = session.query(EventRecord).filter_by(kind=KIND, subject_id=key)
    return [one.payload for one in query.order_by(EventRecord.id)]


@pytest.mark.parametrize(("used", "when"), [(47, 0), (46, 1), (40, 7), (60, 0)])
def test_the_enterprise_is_told_on_the_day_on_which_the_light_turns_yellow(session, used, when):
    client, key = project(approval(used))
    if when:
        settle_due(later(when - 1), raise_errors=True)
        assert told(session, key) == []
    settle_due(later(when), raise_errors=True)
    (said,) = told(session, key)
    assert (said["enterprise_id"], said["plan_days"]) == (client.organisation_id, 50)
    assert said["used_days"] == used + when
    assert said["falls_on"] == SHIPPED.add_workdays(ago(used), 50).isoformat()


def test_it_is_told_once_and_reads_what_is_waited_for_and_whose_turn_it_is(session, app):
    client, key = project(approval(47))
    for when in (0, 1, 2, 5):
        settle_due(later(when), raise_errors=True)
    assert len(told(session, key)) == 1
    settle()
    (letter,) = [one for one in notifications.box(session, client).rows if one.kind == KIND]
    with app.test_request_context("/?lang=en"):
        title, text = message_title(KIND, letter.details), message_text(KIND, letter.details)
    assert "50 working days" in title
    assert "work of an institution (JL-Z03)" in text
    assert letter.address.endswith("/path")


def test_it_reaches_somebody_where_an_agent_has_left(session, reached):
    project(approval(47))
    settle_due(later(0), raise_errors=True)
    assert KIND in reached


def test_days_that_stand_put_it_off(session):
    stand = StandRecord(StandKind.SUPPLEMENT, ("A03",), ago(2))
    _client, key = project(approval(47, status=ApprovalStatus.PAUSED), stands=(stand,))
    for when in (0, 2, 4, 30):
        settle_due(later(when), raise_errors=True)
    assert told(session, key) == []


@pytest.mark.parametrize(
    ("approvals", "changes"),
    [
        ((), {}),
        ((approval_record("A03", status=ApprovalStatus.NOT_STARTED, accepted_on=None),), {}),
        ((approval(60, status=ApprovalStatus.GRANTED, decided_on=TODAY),), {}),
        ((approval(60, stage_code="S5"),), {}),
        ((approval(60),), {"completed": True}),
        ((approval(60),), {"classified": True}),
    ],
)
def test_nothing_is_told_of_what_has_not_begun_or_is_over(session, approvals, changes):
    client, key = project(approval(1))
    change(client, key, 2, session, approvals=approvals, **changes)
    settle_due(later(3), raise_errors=True)
    assert told(session, key) == []


def change(client, key, revision, session, **changes):
    """A newer record of a project of an enterprise arrives, and all hear of it."""
    from marketplace.projects import queries as projects

    session.rollback()
    owner = accounts.organisation(session, client.organisation_id)
    code = projects.project(session, key).code
    session.rollback()
    record = project_record(
        code,
        revision=revision,
        enterprise_name=owner.name,
        enterprise_credit_code=owner.credit_code,
        **{"stands": ()} | changes,
    )
    with system_work() as uow:
        services.record_project(uow, record=record)
    settle()


def test_a_new_record_is_looked_at_at_once_and_other_days_are_told_anew(session):
    client, key = project(approval(47))
    settle_due(later(0), raise_errors=True)
    wet = approval_record("C07", accepted_on=ago(78), due_on=None)
    change(client, key, 2, session, approvals=(approval(47), wet))
    settle_due(later(0), raise_errors=True)
    change(client, key, 3, session, approvals=(approval(47), wet))
    settle_due(later(1), raise_errors=True)
    assert [one["plan_days"] for one in told(session, key)] == [50, 80]


def test_another_enterprise_is_told_for_itself_once_it_is_registered(session):
    client, key = project(approval(47))
    settle_due(later(0), raise_errors=True)
    heir = make_enterprise()
    change(heir, key, 2, session, approvals=(approval(47),))
    settle_due(later(1), raise_errors=True)
    ids = [one["enterprise_id"] for one in told(session, key)]
    assert ids == [client.organisation_id, heir.organisation_id]


def test_a_project_whose_enterprise_is_not_here_waits_for_it(session):
    key = make_project(code=new_code(), approvals=(approval(47),), stands=())
    settle()
    settle_due(later(0), raise_errors=True)
    assert told(session, key) == []


def test_a_day_that_becomes_free_puts_it_off(session, app):
    _client, key = project(approval(46))
    settle_due(later(0), raise_errors=True)
    next_workday_becomes_free(app, session)
    settle_due(later(1), raise_errors=True)
    assert told(session, key) == []
    settle_due(later(2), raise_errors=True)
    assert len(told(session, key)) == 1
