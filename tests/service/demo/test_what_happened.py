"""What happened in the demo world: by the rules, in order, in the past, and all of it told."""

from collections import defaultdict
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.commission_requests.models import CommissionRequest
from marketplace.continuations.models import Continuation
from marketplace.demo.almanac import Almanac
from marketplace.demo.parts import Story, Turn, all_parts
from marketplace.demo.queries import world
from marketplace.demo.script import whole_script
from marketplace.demo.timelines import APPLICATIONS, TURNS
from marketplace.discovery import services as index
from marketplace.engagements.models import WorkHandover
from marketplace.engagements.queries import engagement
from marketplace.incidents.models import Incident
from marketplace.infra.clock import business_now
from marketplace.infra.database import Base, UtcDateTime
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.queue import outbox_state
from marketplace.infra.readiness import ask_all
from marketplace.infra.tasks import run_task
from marketplace.institutions.models.market import Listing, SuspensionGround
from marketplace.institutions.rules.market import STEPS, ListingState
from marketplace.kernel.times import local_date
from marketplace.notifications.models import Notification
from marketplace.openness.models import Notice
from marketplace.projects import queries as projects
from marketplace.projects.models import Preparer
from marketplace.simulator.world import FIRST_TWO
from marketplace.vetting import queries as vetting
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseKind, CaseState

STATES_BY_EVENT = {
    "listing.drafted": "draft",
    "listing.submitted": "submitted",
    "listing.under_review": "under_review",
    "listing.returned": "returned",
    "listing.admitted": "admitted",
    "listing.rejected": "rejected",
    "listing.withdrawn": "withdrawn",
    "listing.lapsed": "lapsed",
    "listing.suspended": "suspended",
    "listing.reinstated": "admitted",
    "listing.removed": "removed",
    "listing.rectifying": "rectifying",
    "listing.readmission_submitted": "readmission_submitted",
    "listing.readmitted": "admitted",
}
# Rows that are made when something is delivered, which is after the world was told.
MADE_BY_DELIVERY = ("notification", "notice")


def cases(session):
    return session.scalars(select(Case)).all()


def test_every_state_a_listing_can_reach_is_there(session):
    assert set(session.scalars(select(Listing.state))) == set(ListingState)


def test_cases_of_every_kind_are_open_and_decided_in_every_state(session):
    rows = cases(session)
    open_kinds = {case.kind for case in rows if case.closed_at is None}
    decided_kinds = {case.kind for case in rows if case.state is CaseState.DECIDED}

    assert open_kinds == decided_kinds == set(CaseKind)
    assert {case.state for case in rows} == set(CaseState)


def test_listings_stand_still_for_an_expired_certificate_a_pause_and_a_measure(session):
    grounds = session.scalars(select(SuspensionGround)).all()

    assert {each.kind for each in grounds if each.closed_at is None} == {
        "expiry",
        "own_pause",
        "interim",
    }
    assert {each.kind for each in grounds if each.closed_at} >= {"expiry", "own_pause"}


def test_the_queues_show_every_light_and_late_cases_were_escalated(session):
    today = local_date(business_now(session))
    rows = [vetting.case_row(session, case.id, today) for case in cases(session)]
    late = {row.id for row in rows if row.light == "red"}
    told = set(
        session.scalars(
            select(EventRecord.subject_id).where(EventRecord.kind == "vetting_case.overdue")
        )
    )

    assert {row.light for row in rows} == {"green", "yellow", "red", "paused", "none"}
    assert late
    assert late <= told


def test_nobody_decided_what_they_had_proposed(session):
    decided = [case for case in cases(session) if case.state is CaseState.DECIDED]

    assert len(decided) > 80
    assert [case.number for case in decided if case.decider_id in {None, case.proposer_id}] == []
    assert {case.outcome for case in decided} == {"admit", "reject"}


def test_every_subject_has_one_event_after_another_without_a_gap(session):
    rows = session.execute(
        select(func.count(), func.min(EventRecord.sequence), func.max(EventRecord.sequence))
        .group_by(EventRecord.subject_kind, EventRecord.subject_id)
        .order_by(EventRecord.subject_kind)
    ).all()

    assert [row for row in rows if (row[1], row[2]) != (1, row[0])] == []


def test_events_tell_the_life_of_each_listing_step_by_step(session):
    lives = defaultdict(list)
    query = select(EventRecord).where(EventRecord.kind.in_(STATES_BY_EVENT))
    for event in session.scalars(query.order_by(EventRecord.id)):
        lives[event.subject_id].append(ListingState(STATES_BY_EVENT[event.kind]))
    states = {row.id: row.state for row in session.scalars(select(Listing))}

    assert {key: life[-1] for key, life in lives.items()} == states
    for life in lives.values():
        assert life[0] is ListingState.DRAFT
        assert all(after in STEPS[before] for before, after in pairwise(life))


def test_events_came_in_the_order_of_their_instants_and_none_lies_in_the_future(session):
    query = select(EventRecord).where(
        EventRecord.subject_kind.not_in(MADE_BY_DELIVERY), EventRecord.kind != "catalogue.seeded"
    )
    instants = [event.occurred_at for event in session.scalars(query.order_by(EventRecord.id))]

    assert instants == sorted(instants)
    assert instants[-1] <= world(session).told_at
    assert (instants[-1] - instants[0]).days > 365


def test_notices_and_messages_of_the_past_carry_its_time_not_that_of_the_load(session):
    late = select(Notice.number).where(Notice.published_at != Notice.decided_at)
    made = aliased(EventRecord)
    told = (
        select(made.kind)
        .join(
            Notification,
            (made.subject_kind == "notification") & (made.subject_id == Notification.id),
        )
        .where(made.occurred_at != Notification.created_at)
    )

    assert session.scalars(late).all() == []
    assert session.scalars(told).all() == []


# What is kept of the running itself, what the home was given before, and what is still to come.
OF_THE_RUNNING = {"delivery", "demo_world", "index_change", "sunk_mail"}
BEFORE_THE_WORLD = {"calendar_year.imported_at", "event.occurred_at", "rulebook_entry.added_at"}
TO_COME = {"attention_at", "closes_at", "recheck_at"}


def test_no_instant_of_any_row_lies_after_that_at_which_the_world_is_told(session):
    told_at = world(session).told_at
    instants = [
        column
        for table in Base.metadata.sorted_tables
        if table.name not in OF_THE_RUNNING
        for column in table.columns
        if isinstance(column.type, UtcDateTime)
        and column.name not in TO_COME
        and str(column) not in BEFORE_THE_WORLD
    ]
    last = {str(one): session.scalar(select(func.max(one))) for one in instants}

    assert {name: at for name, at in last.items() if at and at > told_at} == {}


def test_people_acted_on_working_days(session):
    calendar = catalogue.calendar(session)
    query = select(EventRecord.occurred_at).where(
        EventRecord.actor_user_id.is_not(None),
        EventRecord.occurred_at < world(session).told_at.replace(hour=0, minute=0),
    )
    days = {local_date(instant) for instant in session.scalars(query)}

    assert [day for day in sorted(days)[:-1] if not calendar.is_workday(day)] == []


def test_everything_was_told_published_and_indexed(app, session):
    admitted = session.scalar(select(func.count(Listing.id)).where(Listing.state == "admitted"))
    state = outbox_state(session)

    assert (state.pending, state.parked) == (0, 0)
    assert session.scalar(select(func.count(Notification.id))) > 300
    assert session.scalar(select(func.count(Notice.id))) >= admitted
    assert index.directory().size() == admitted


def test_the_demo_is_ready_once_the_world_is_complete(app, session):
    assert ask_all(session)["demo"].ok

    assert world(session).completed_at is not None


def test_a_second_load_changes_nothing(app, session):
    before = session.scalar(select(func.max(EventRecord.id)))
    session.rollback()

    assert run_task("demo_load") == "The demo world is complete."
    assert session.scalar(select(func.max(EventRecord.id))) == before


def test_the_same_day_gives_the_same_script(app, session):
    almanac = Almanac(catalogue.calendar(session), world(session).told_at)
    regions = catalogue.regions(session)
    items = tuple(catalogue.by_code(session).values())
    first, second = (whole_script(almanac, regions, items) for _ in range(2))

    assert [(act.at, act.by) for act in first] == [(act.at, act.by) for act in second]
    assert len(first) == world(session).position


def test_every_story_and_turn_has_its_timeline_and_somebody_who_plays_it():
    parts = all_parts()

    assert set(APPLICATIONS) == set(Story) == {s for part in parts for s in part.stories}
    assert set(TURNS) == set(Turn) == {turn for part in parts for turn in part.turns}


def test_accounts_are_printed_with_role_user_and_password(app):
    table = run_task("demo_accounts")

    assert "examiner1.consulting@demo.example" in table
    assert "operator: system administrator" in table


def test_requests_to_departments_stand_in_every_state_that_people_bring_about(session):
    states = set(session.scalars(select(CommissionRequest.state)))

    assert states >= {"asked", "taken_up", "published", "met", "refused"}
    with_operator = select(CommissionRequest.id).where(CommissionRequest.with_operator)
    assert session.scalars(with_operator).all()


def test_a_report_is_written_under_a_market_service_whose_author_does_not_review_it(session):
    (row,) = session.scalars(select(Preparer)).all()
    found = projects.conflicts(session, row.project_id, row.item_code, [row.organisation_id])
    assert found[row.organisation_id].reason == "project.prepared"


def test_two_enterprises_are_asked_about_work_for_a_project_that_changed_hands(session):
    (found,) = session.scalars(select(WorkHandover)).all()
    assert found.state == "asked"
    names = {accounts.organisation(session, key).name for key in (found.from_id, found.to_id)}
    assert names == {name for name, _region in FIRST_TWO}


def test_the_second_enterprise_is_asked_about_work_for_a_project_that_was_given_up(session):
    (found,) = session.scalars(select(Continuation)).all()
    assert (found.state, found.project_state) == ("asked", "cancelled")
    work = engagement(session, found.engagement_id)
    assert (work.state, work.client_name) == ("in_progress", FIRST_TWO[1][0])


def test_each_side_noted_an_incident_and_one_waits_for_an_answer(session):
    found = session.scalars(select(Incident).order_by(Incident.state)).all()
    told = {(one.noted_side, one.kind, one.state) for one in found}
    assert told == {
        ("provider", "late_documents", "answered"),
        ("client", "staff_changed", "noted"),
    }
