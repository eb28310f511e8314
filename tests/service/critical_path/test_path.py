"""The path of a project as it is gathered: the platform's record, the work, the promises."""

from datetime import date, timedelta

import pytest

from marketplace.catalogue.services.editing import add_rulebook_entry
from marketplace.critical_path.queries import critical_path
from marketplace.critical_path.rules.counting import Owner
from marketplace.critical_path.rules.schedule import Why
from marketplace.engagements.rules import State
from marketplace.kernel.actors import SYSTEM
from marketplace.projects import queries as projects
from marketplace.projects.rules import ApprovalStatus, StandKind, StandRecord
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing
from tests.engagements import make_engagement, make_enterprise, make_provider, pause
from tests.projects import approval_record, make_project
from tests.unit.shipped_calendar import SHIPPED

pytestmark = pytest.mark.usefixtures("app")
S = ApprovalStatus


def accepted(code, ago, **changes):
    """An approval item accepted so many working days ago."""
    day = SHIPPED.add_workdays(TODAY, -ago)
    return approval_record(code, accepted_on=day, due_on=None, limit_value=20, **changes)


def path_of(session, key, day=TODAY):
    session.rollback()
    return critical_path(session, projects.project(session, key), day)


def make(*approvals, stands=(), **changes):
    client = make_enterprise()
    return make_project(client.organisation_id, approvals=approvals, stands=stands, **changes)


def test_a_project_with_special_conditions_has_eighty_days_and_says_which(session):
    ordinary, wet = make(accepted("A03", 5)), make(accepted("A03", 5), approval_record("C07"))
    plain, special = path_of(session, ordinary), path_of(session, wet)

    assert (plain.count.plan.days, plain.count.plan.special) == (50, ())
    assert (special.count.plan.days, special.count.plan.special) == (80, ("C07",))
    assert plain.rule.source == special.rule.source == "吉政办发〔2018〕16号 二(二)"
    assert (plain.count.used, plain.count.left) == (5, 45)


def test_the_days_are_those_of_the_rulebook_when_the_first_was_accepted(session):
    session.rollback()
    act(
        SYSTEM,
        lambda uow: add_rulebook_entry(
            uow,
            key="approval.before_construction_general",
            value=40,
            valid_from=TODAY + timedelta(days=1),
            source="示例文号",
        ),
    )
    before = make(accepted("A03", 5))
    after = make(approval_record("A03", accepted_on=TODAY + timedelta(days=3), due_on=None))

    assert path_of(session, before).count.plan.days == 50
    later = path_of(session, after, TODAY + timedelta(days=9))
    assert (later.count.plan.days, later.rule.source) == (40, "示例文号")


def test_what_stood_is_not_counted_and_a_case_shows_its_minutes(session):
    def ago(days):
        return SHIPPED.add_workdays(TODAY, -days)

    case = StandRecord(
        StandKind.COORDINATION, ("A03",), ago(8), ago(6), "1X-2026-7", "示例部门", "会议纪要。"
    )
    more = StandRecord(StandKind.SUPPLEMENT, ("A03",), ago(2))
    key = make(accepted("A03", 10, status=S.PAUSED), stands=(case, more))
    path = path_of(session, key)

    assert path.count.exact
    assert path.count.by == {Owner.DEPARTMENT: 6, Owner.COORDINATION: 2, Owner.SUPPLEMENT: 2}
    assert path.first.why is Why.SUPPLEMENT
    assert [one.minutes for one in path.stands] == ["会议纪要。", ""]


@pytest.mark.parametrize(
    ("changes", "exact"),
    [
        ({}, True),
        ({"stands": None}, False),
        ({"status": S.PAUSED}, False),
    ],
)
def test_what_the_platform_does_not_tell_is_said_to_be_unknown(session, changes, exact):
    stands = changes.pop("stands", ())
    key = make(accepted("A03", 5, **changes), stands=stands)
    path = path_of(session, key)
    assert (path.count.exact, path.count.used) == (exact, 5)


def test_a_day_waits_for_whoever_has_the_work_in_hand(session):
    world = make_engagement(State.IN_PROGRESS)
    path = path_of(session, world.project_id, TODAY + timedelta(days=3))

    (held,) = path.record.works
    assert held.holder(TODAY + timedelta(days=2)) is Owner.INSTITUTION
    assert held.approvals == {"C06", "C07"} & held.approvals
    job = next(one for one in path.jobs if one.item == "JL-Z05")
    assert (job.owner, job.commissioned) == (Owner.INSTITUTION, True)
    wait = next(one for one in path.waits if one.about == ("JL-Z05",))
    assert (wait.why, wait.owner) == (Why.ITEM, Owner.INSTITUTION)


@pytest.mark.parametrize(
    ("state", "holder"),
    [
        (State.REQUESTED, Owner.INSTITUTION),
        (State.TAKEN_ON, Owner.ENTERPRISE),
        (State.CONTRACTED, Owner.ENTERPRISE),
        (State.DELIVERED, Owner.ENTERPRISE),
        (State.RETURNED, Owner.INSTITUTION),
        *((ended, None) for ended in (State.DECLINED, State.CANCELLED)),
    ],
)
def test_work_has_a_holder_in_every_state(session, state, holder):
    world = make_engagement(state)
    path = path_of(session, world.project_id, TODAY + timedelta(days=60))

    (held,) = path.record.works
    assert held.holder(TODAY + timedelta(days=59)) is holder


def test_a_pause_of_the_work_passes_the_turn_to_the_side_that_asked_for_it(session):
    world = make_engagement(State.IN_PROGRESS)
    pause(world, world.client)
    path = path_of(session, world.project_id, TODAY + timedelta(days=4))
    (held,) = path.record.works
    assert held.holder(TODAY + timedelta(days=3)) is Owner.ENTERPRISE
    assert [len(one.stands) for one in path.works] == [1]


def test_promises_of_admitted_institutions_are_compared_with_what_is_left(session):
    world = make_engagement(State.IN_PROGRESS)
    admitted_listing(make_provider())
    path = path_of(session, world.project_id)
    one = next(found for found in path.savings if found.item == "JL-Z05")
    assert one.offers == 2
    assert one.left == next(job.left for job in path.jobs if job.item == "JL-Z05")


def test_work_that_was_accepted_is_waited_for_no_more_and_uncommissioned_items_are(session):
    world = make_engagement(State.ACCEPTED)
    path = path_of(session, world.project_id)
    items = {job.item: job.commissioned for job in path.jobs}
    assert "JL-Z05" not in items
    assert items["JL-Z01"] is False


def test_what_is_over_waits_for_nothing(session):
    key = make(accepted("A03", 5), completed=True, changed_at=NOON)
    path = path_of(session, key, date(2027, 3, 1))
    assert (path.count.over, path.count.used, path.waits, path.jobs) == (True, 5, (), ())
