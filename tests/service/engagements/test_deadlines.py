"""What time does: reminders, lapses, red lights, closing; days settle and stay counted."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.clocks import handlers as following
from marketplace.engagements.models import SettledDay
from marketplace.engagements.queries import facts, lists, page
from marketplace.engagements.rules import OPEN, State
from marketplace.engagements.services import doing, ending
from marketplace.infra.database import db, writing_session
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import Delivery, EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI, end_of_day
from marketplace.projects import queries as projects
from tests.calendars import next_workday_becomes_free
from tests.conftest import TODAY
from tests.engagements import (
    CHECK,
    ITEM,
    accept,
    kinds,
    last_event,
    make_engagement,
    paper,
    rate,
    row_of,
    work,
)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def settle(now: datetime) -> None:
    db.session.rollback()
    settle_due(now=now, raise_errors=True)


def attention(session, world) -> datetime:
    return row_of(session, world).attention_at


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (State.REQUESTED, "answer"),
        (State.TAKEN_ON, "contract"),
        (State.IN_PROGRESS, "work"),
        (State.DELIVERED, "acceptance"),
        (State.ACCEPTED, "rating"),
    ],
)
def test_whoever_has_the_turn_is_reminded_once_before_the_day(app, session, state, what):
    world = make_engagement(state)
    remind = attention(session, world)

    settle(remind - timedelta(seconds=1))
    assert kinds(session, world).count("due_soon") == 0
    settle(remind)
    settle(remind + timedelta(minutes=1))

    assert kinds(session, world).count("due_soon") == 1
    assert last_event(session, world).payload["what"] == what


@pytest.mark.parametrize("state", [State.REQUESTED, State.TAKEN_ON])
def test_what_nobody_answers_lapses_at_the_end_of_its_day(app, session, state):
    world = make_engagement(state)
    ends = end_of_day(row_of(session, world).turn_due_on)

    settle(ends - timedelta(seconds=1))
    assert row_of(session, world).state is state
    settle(ends)

    assert row_of(session, world).state is State.LAPSED
    assert projects.claim_of(session, world.project_id, ITEM) is None
    assert last_event(session, world).payload["was"] == state


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.RETURNED, State.DELIVERED])
def test_a_missed_day_of_work_or_acceptance_is_told_once_and_never_an_acceptance(
    app, session, state
):
    world = make_engagement(state)
    ends = end_of_day(row_of(session, world).turn_due_on)

    settle(ends)
    settle(ends + timedelta(days=40))

    assert row_of(session, world).state is state
    assert kinds(session, world).count("overdue") == 1
    today = TODAY + timedelta(days=90)
    assert lists.engagement(session, world.public_id, today).light == "red"


def test_an_accepted_engagement_closes_when_it_is_rated(app, session):
    world = make_engagement(State.ACCEPTED)
    rate(world)

    assert row_of(session, world).state is State.CLOSED
    assert last_event(session, world).payload["rated"] is True


def test_an_accepted_engagement_closes_without_a_rating_when_its_days_are_over(app, session):
    world = make_engagement(State.ACCEPTED)
    ends = end_of_day(row_of(session, world).turn_due_on)

    settle(ends - timedelta(seconds=1))
    assert row_of(session, world).state is State.ACCEPTED
    settle(ends)

    assert row_of(session, world).state is State.CLOSED
    assert last_event(session, world).payload["rated"] is False


def test_the_clock_stands_in_pauses_and_while_the_client_looks(app, session):
    world = make_engagement(State.IN_PROGRESS)
    due = row_of(session, world).due_on
    calendar = catalogue.calendar(session)

    monday = TODAY + timedelta(days=7)
    work(world.provider, lambda uow: _pause(uow, world), at(monday))
    work(
        world.provider,
        lambda uow: doing.resume_work(uow, engagement=world.engagement_id),
        at(monday + timedelta(days=2)),
    )
    assert row_of(session, world).due_on == calendar.add_workdays(due, 2)

    work(world.provider, lambda uow: _deliver(uow, world), at(monday + timedelta(days=3)))
    work(
        world.client,
        lambda uow: doing.return_delivery(
            uow, engagement=world.engagement_id, reason="请补充。", points=[CHECK]
        ),
        at(monday + timedelta(days=4)),
    )
    assert row_of(session, world).due_on == calendar.add_workdays(due, 3)


def _pause(uow, world) -> None:
    doing.pause_work(uow, engagement=world.engagement_id, reason="等待数据。", papers=[paper()])


def _deliver(uow, world) -> None:
    doing.deliver_version(uow, engagement=world.engagement_id, papers=[paper()])


def test_a_version_after_the_due_day_is_late_and_its_facts_say_so(app, session):
    world = make_engagement(State.IN_PROGRESS)
    due = row_of(session, world).due_on

    work(world.provider, lambda uow: _deliver(uow, world), at(due + timedelta(days=1)))
    work(
        world.client,
        lambda uow: doing.accept_delivery(uow, engagement=world.engagement_id),
        at(due + timedelta(days=2)),
    )

    key, accepted = world.listing_id, due + timedelta(days=2)
    (work_,) = facts.accepted_work(session, [key], TODAY, accepted)[key]
    assert (work_.within_limit, work_.returns) == (False, 0)
    (fact,) = facts.latest_work(session, [key], 1)[key]
    assert fact.days_used > fact.days_allowed
    assert facts.accepted_work(session, [key], TODAY, due) == {}
    (row,) = facts.kept_promises(session, TODAY)
    assert row == facts.KeptPromise(
        row_of(session, world).limit_unit, 1, fact.days_promised, fact.days_used
    )
    assert facts.kept_promises(session, accepted + timedelta(days=1)) == ()


def test_a_version_on_the_due_day_is_in_time(app, session):
    world = make_engagement(State.IN_PROGRESS)
    due = row_of(session, world).due_on

    work(world.provider, lambda uow: _deliver(uow, world), at(due, 23))
    accept(world)

    assert row_of(session, world).within_limit is True


def test_the_light_stands_while_the_clock_stands(app, session):
    world = make_engagement(State.PAUSED)

    assert lists.engagement(session, world.public_id, TODAY).light == "paused"
    assert attention(session, world) is None
    shown = page.page(session, world.public_id, TODAY + timedelta(days=200))
    assert shown.clock.stands_since == TODAY
    assert shown.clock.used == 0


@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_clock_that_was_started_and_runs_for_nobody_is_shown_to_stand(app, session, state):
    row = lists.engagement(session, make_engagement(state).public_id, TODAY)

    stands = row.started_at is not None and row.turn_due_on is None
    assert (row.light == "paused") == stands


# ------------------------------------------------------------------ days that settle

YEAR_END = datetime(2026, 12, 28, 12, tzinfo=SHANGHAI)
FIXED = ("2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03")
# The first full week of January is made free, which no real year does.
FREE = [date(2027, 1, day) for day in range(4, 9)]


@pytest.fixture
def at_year_end():
    with time_machine.travel(YEAR_END, tick=True):
        yield


def import_2027(app, now: datetime) -> None:
    """The announcement of the year, carried to everybody who listens."""
    lines = ["date,is_workday,name", *(f"{day},0,x" for day in FIXED)]
    text = "\n".join([*lines, *(f"{day},0,x" for day in FREE)])
    work(
        SYSTEM,
        lambda uow: catalogue_services.import_calendar_year(
            uow, year=2027, text=text, notice="示例通知"
        ),
        now,
    )
    with time_machine.travel(now, tick=True):
        deliver_all(app.extensions["settings"], raise_errors=True)


def test_every_day_that_has_come_is_settled_once(app, session):
    make_engagement(State.IN_PROGRESS)

    for day in (0, 0, 3, 2):
        settle(at(TODAY + timedelta(days=day)))

    assert session.scalar(select(func.count(SettledDay.day))) == 4
    assert session.scalar(select(func.max(SettledDay.day))) == TODAY + timedelta(days=3)


def test_a_day_that_stays_keeps_its_reminder_and_holds_up_no_calendar(app, session):
    world = make_engagement(State.TAKEN_ON)

    def days():
        row = row_of(session, world)
        return row.turn_due_on, row.remind_on, row.attention_at

    before = days()
    next_workday_becomes_free(app, session)

    assert days() == before
    failed = select(func.count(Delivery.id)).where(Delivery.last_error != "")
    assert session.scalar(failed) == 0


def test_the_days_follow_a_calendar_in_small_transactions_and_only_once(
    app, session, at_year_end, monkeypatch
):
    monkeypatch.setattr(following, "AT_ONCE", 2)
    worlds = [make_engagement(State.IN_PROGRESS) for _number in range(5)]
    due = row_of(session, worlds[0]).due_on
    recorded, commit = [], UnitOfWork._commit

    def counted(uow):
        recorded.append(uow.recorded)
        commit(uow)

    monkeypatch.setattr(UnitOfWork, "_commit", counted)

    import_2027(app, YEAR_END + timedelta(days=1))

    moved = [row_of(session, world).due_on for world in worlds]
    assert len(set(moved)) == 1
    assert moved[0] > due
    told = select(EventRecord.subject_id).where(EventRecord.kind == "engagement.due_moved")
    assert sorted(session.scalars(told)) == sorted(world.engagement_id for world in worlds)
    assert max(recorded) == following.AT_ONCE
    assert following.recounting(session) is None

    with writing_session() as again, again.begin():
        again.execute(update(Delivery).values(state="pending", progress=None))
    deliver_all(app.extensions["settings"], raise_errors=True)

    session.rollback()
    assert len(session.scalars(told).all()) == len(worlds), "gone through anew, nothing moves"


def test_a_calendar_import_moves_the_days_to_come_and_names_what_moved(
    app, session, at_year_end, reached
):
    world = make_engagement(State.IN_PROGRESS)
    due = row_of(session, world).due_on

    import_2027(app, YEAR_END + timedelta(days=1))

    row = row_of(session, world)
    assert row.due_on == catalogue.calendar(session).add_workdays(YEAR_END.date(), row.limit_value)
    assert row.due_on != due
    told = last_event(session, world)
    assert told.kind == "engagement.due_moved"
    assert "engagement.due_moved" in reached
    assert (told.payload["due_was"], told.payload["due_on"]) == (
        due.isoformat(),
        row.due_on.isoformat(),
    )
    assert row.attention_at is not None


def test_elapsed_days_never_decrease_whatever_is_imported(app, session, at_year_end):
    world = make_engagement(State.IN_PROGRESS)
    days = [YEAR_END.date() + timedelta(days=n) for n in range(16)]
    used = []
    for day in days:
        settle(at(day))
        if day == date(2027, 1, 6):
            import_2027(app, at(day, 13))
        used.append(page.page(session, world.public_id, day).clock.used)
        session.rollback()

    assert used == sorted(used)
    counted = dict(zip(days, used, strict=True))
    # What had been counted when the announcement came stays counted; the rest of the week is free.
    assert counted[date(2027, 1, 6)] == counted[date(2027, 1, 8)] == 6
    assert counted[date(2027, 1, 11)] == 7


def test_a_day_is_counted_as_it_was_settled_whatever_the_calendar_says_later(app, session):
    world = make_engagement(State.IN_PROGRESS)
    row = row_of(session, world)
    tomorrow, due = TODAY + timedelta(days=1), row.due_on
    work(SYSTEM, lambda uow: ending.settle_days(uow, through=TODAY))
    day = SettledDay(day=tomorrow, is_workday=False, settled_at=at(tomorrow))
    work(SYSTEM, lambda uow: uow.session.add(day))

    clock = page.page(session, world.public_id, tomorrow).clock

    assert clock.used == 0
    assert clock.due > due
