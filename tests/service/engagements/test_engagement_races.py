"""Acts at the same instant, by real processes, on SQLite and on PostgreSQL."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.engagements.models import Engagement, SettledDay
from marketplace.engagements.queries import page
from marketplace.engagements.rules import State
from marketplace.engagements.services import ending
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.times import SHANGHAI, end_of_day
from marketplace.projects import queries as projects
from tests.engagements import (
    ITEM,
    World,
    kinds,
    make_engagement,
    make_enterprise,
    make_world,
    project_of,
    row_of,
    work,
)
from tests.factories import make_member
from tests.people import crossed
from tests.racing import Call, app, at_once
from tests.service.engagements import acts

__all__ = ["app"]
pytestmark = pytest.mark.slow


def event_ids(session, kind: str) -> list[int]:
    """The events of a kind, in the order in which they were committed."""
    session.rollback()
    query = select(EventRecord.id).where(EventRecord.kind == kind).order_by(EventRecord.id)
    return list(session.scalars(query))


def about(world: World) -> tuple[int, ...]:
    return (world.engagement_id,)


def test_an_answer_and_a_cancellation_at_once_leave_one_of_the_two(app, session):
    world = make_engagement()

    taken, cancelled = at_once(
        app,
        [
            Call(world.provider, acts.take_on, about(world)),
            Call(world.client, acts.cancel, about(world)),
        ],
    )

    # Taken on first, it may still be cancelled; cancelled first, it cannot be taken on.
    assert (taken, cancelled) in {("done", "done"), ("engagement.ended", "done")}
    row = row_of(session, world)
    assert row.state is State.CANCELLED
    assert projects.claim_of(session, world.project_id, ITEM) is None
    assert ("taken_on" in kinds(session, world)) == (taken == "done")


def test_one_person_who_acts_for_both_sides_at_once_acts_for_one(app, session):
    world = make_engagement()
    person = make_member(world.client.organisation_id, Role.ENTERPRISE_AGENT)
    other = crossed(person, world.provider.organisation_id, Role.INSTITUTION_AGENT)

    taken, cancelled = at_once(
        app,
        [Call(other, acts.take_on, about(world)), Call(person, acts.cancel, about(world))],
    )

    assert (taken, cancelled) in {
        ("done", "account.other_side"),
        ("engagement.ended", "done"),
    }
    expected = State.TAKEN_ON if taken == "done" else State.CANCELLED
    assert row_of(session, world).state is expected


def test_of_an_acceptance_a_return_and_a_termination_at_once_the_steps_stay_in_the_table(
    app, session
):
    world = make_engagement(State.DELIVERED)

    accepted, returned, terminated = at_once(
        app,
        [
            Call(world.client, acts.accept, about(world)),
            Call(world.client, acts.give_back, about(world)),
            Call(world.provider, acts.terminate, about(world)),
        ],
    )

    row = row_of(session, world)
    told = kinds(session, world)
    assert told.count("accepted") + told.count("terminated") == 1
    if accepted == "done":
        assert row.state is State.ACCEPTED
        assert {returned, terminated} <= {"engagement.work_accepted"}
    else:
        assert row.state is State.TERMINATED
        assert terminated == "done"
        assert accepted in {"engagement.ended", "engagement.nothing_delivered"}


def test_the_tick_and_an_answer_at_once_leave_one_of_the_two(app, session):
    world = make_engagement()
    ends = end_of_day(row_of(session, world).turn_due_on)

    settled, taken = at_once(
        app,
        [Call(SYSTEM, acts.settle, about(world)), Call(world.provider, acts.take_on, about(world))],
        ends,
    )

    assert settled == "done"
    expected = State.TAKEN_ON if taken == "done" else State.LAPSED
    assert row_of(session, world).state is expected


@pytest.mark.parametrize("leaves", ["suspend", "withdraw"])
def test_no_pick_comes_after_the_listing_has_left_the_market(app, session, leaves):
    world = make_world()
    clients = [make_enterprise() for _ in range(5)]
    picks = [Call(one, acts.pick, (project_of(one), world.listing_id)) for one in clients]
    leaver = SYSTEM if leaves == "suspend" else world.provider
    end = Call(leaver, getattr(acts, leaves), (world.listing_id,))

    answers = at_once(app, [*picks[:3], end, *picks[3:]])

    done = event_ids(session, "engagement.requested")
    gone = event_ids(session, "listing.suspended" if leaves == "suspend" else "listing.withdrawn")
    assert len(gone) == 1
    assert all(picked < gone[0] for picked in done)
    assert answers.count("listing.not_admitted") == len(clients) - len(done)


def test_an_item_is_picked_once_however_many_institutions_are_asked(app, session):
    world = make_world()
    others = [make_world(client=world.client) for _ in range(3)]
    listings = [world.listing_id, *(one.listing_id for one in others)]

    answers = at_once(
        app, [Call(world.client, acts.pick, (world.project_id, key)) for key in listings]
    )

    assert sorted(answers) == ["done", *["project.item_taken"] * 3]
    assert session.query(Engagement).filter_by(project_id=world.project_id).count() == 1


def test_two_moves_to_each_others_institution_do_not_wait_for_each_other_for_ever(app, session):
    one, other = make_engagement(State.IN_PROGRESS), make_engagement(State.IN_PROGRESS)

    answers = at_once(
        app,
        [
            Call(one.client, acts.move, (one.engagement_id, other.listing_id)),
            Call(other.client, acts.move, (other.engagement_id, one.listing_id)),
        ],
    )

    assert answers == ["done", "done"]
    assert row_of(session, one).state is State.TERMINATED
    assert row_of(session, other).successor_id is not None


def test_days_settled_at_once_with_a_calendar_import_are_settled_once_and_never_recounted(
    app, session
):
    world = make_engagement(State.IN_PROGRESS)
    before, today = date(2027, 1, 5), date(2027, 1, 7)
    work(SYSTEM, lambda uow: ending.settle_days(uow, through=before))
    used = page.page(session, world.public_id, before).clock.used

    answers = at_once(
        app,
        [*[Call(SYSTEM, acts.settle_days, ())] * 3, Call(SYSTEM, acts.announce, (2027,))],
        datetime(2027, 1, 7, 2, tzinfo=SHANGHAI),
    )

    assert answers == ["done"] * 4
    session.rollback()
    settled = session.scalars(select(SettledDay.day).order_by(SettledDay.day)).all()
    assert settled == [settled[0] + timedelta(days=n) for n in range(len(settled))]
    assert settled[-1] == today
    # The announcement frees the 4th and 5th as well, but these had come and were counted.
    assert page.page(session, world.public_id, before).clock.used == used
    assert page.page(session, world.public_id, today).clock.used in {used, used + 2}
