"""Work whose project is not active: its client says what becomes of it, or the rules do."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from marketplace.accounts import queries as accounts
from marketplace.continuations import queries, services
from marketplace.continuations.models import Continuation
from marketplace.continuations.rules import Answer, ContinuationState
from marketplace.engagements.rules import Side, State
from marketplace.engagements.services import beginning, doing, ending
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day
from marketplace.projects.queries import reading
from tests.engagements import (
    _WAYS,
    PAPER_OWED,
    accept,
    deliver,
    kinds,
    last_event,
    make_engagement,
    make_enterprise,
    on,
    refused,
    resume,
    row_of,
    start,
    terminate,
    work,
)
from tests.market import settle
from tests.service.continuations import acts
from tests.service.projects.test_changing_hands import holder, letters

C = ContinuationState
UNDER_WAY = (
    State.REQUESTED,
    State.TAKEN_ON,
    State.CONTRACTED,
    State.IN_PROGRESS,
    State.PAUSED,
    State.DELIVERED,
    State.RETURNED,
)


def becomes(session, world, state="cancelled", revision=2):
    """The platform's record says so, and everybody who listens has heard of it."""
    session.rollback()
    code = reading.project(session, world.project_id).code
    house = accounts.organisation(session, world.client.organisation_id).credit_code
    session.rollback()
    work(SYSTEM, lambda uow: acts.becomes(uow, code, house, revision, state))
    settle()


def asked(session, state=State.IN_PROGRESS, project="cancelled"):
    """Work in this state whose project is not active any more."""
    world = make_engagement(state)
    becomes(session, world, project)
    return world


def found(session, world):
    """The last thing asked about the work."""
    session.rollback()
    session.expire_all()
    query = queries.ROW.query().where(Continuation.engagement_id == world.engagement_id)
    rows = queries.ROW.all(session, query.order_by(Continuation.id))
    return rows[-1] if rows else None


def says(session, who, world, act, at=None):
    """What somebody says of it; the code of the refusal, if it is refused."""
    key = found(session, world).id
    return refused(who, lambda uow: act(uow, key), at)


def over(session, world):
    """The first instant after the day for an answer."""
    return end_of_day(found(session, world).due_on)


@pytest.mark.parametrize("project", ["cancelled", "excluded", "completed"])
def test_the_client_is_asked_for_ten_working_days_and_both_sides_are_told(session, app, project):
    world = asked(session, project=project)
    row = found(session, world)

    assert (row.state, row.project_state) == (C.ASKED, project)
    assert row.due_on.isoformat() == "2026-12-07"
    for each in (world.client, world.provider):
        assert "engagement.continuation_asked" in letters(session, each)
    assert queries.owed_by(session, world.client, row.due_on).total == 1
    assert queries.owed_by(session, world.provider, row.due_on).total == 0
    assert queries.owed_by(session, make_enterprise(), row.due_on).total == 0


@pytest.mark.parametrize("state", list(_WAYS))
def test_only_work_under_way_is_asked_about_and_once(session, app, state):
    world = asked(session, state)
    becomes(session, world, "completed", 3)
    work(SYSTEM, lambda uow: acts.follow(uow, world.project_id))
    settle_due(over(session, world) - timedelta(days=9)) if state in UNDER_WAY else None

    assert kinds(session, world).count("continuation_asked") == (state in UNDER_WAY)


# What each answer makes of the work in each state; a code where it is refused.
ANSWERS = [
    (State.REQUESTED, State.REQUESTED, "continuation.no_clock_runs", State.CANCELLED),
    (State.TAKEN_ON, State.TAKEN_ON, "continuation.no_clock_runs", State.CANCELLED),
    (State.CONTRACTED, State.CONTRACTED, "continuation.no_clock_runs", State.TERMINATED),
    (State.IN_PROGRESS, State.IN_PROGRESS, State.PAUSED, State.TERMINATED),
    (State.PAUSED, State.PAUSED, "continuation.no_clock_runs", State.TERMINATED),
    (State.DELIVERED, State.DELIVERED, "continuation.no_clock_runs", State.TERMINATED),
    (State.RETURNED, State.RETURNED, State.PAUSED, State.TERMINATED),
]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("row", ANSWERS)
def test_each_answer_does_to_each_work_what_the_table_says(session, app, row, which):
    state, *outcomes = row
    act, answer = (acts.keep, acts.pause, acts.end)[which], list(Answer)[which]
    world = asked(session, state)
    said = says(session, world.client, world, act)

    if isinstance(outcomes[which], State):
        assert said == ""
        assert row_of(session, world).state is outcomes[which]
        row = found(session, world)
        assert (row.state, row.answer) == (C.ANSWERED, answer)
        assert says(session, world.client, world, acts.keep) == "continuation.settled"
        settle()
        assert "engagement.continuation_answered" in letters(session, world.provider)
        gone = outcomes[which] in {State.CANCELLED, State.TERMINATED}
        assert (holder(session, world) is None) is gone
    else:
        assert said == outcomes[which]
        assert found(session, world).state is C.ASKED


# What the worker makes of the work in each state when nobody has answered.
DEFAULTS = [
    (State.REQUESTED, State.CANCELLED, C.SETTLED),
    (State.TAKEN_ON, State.CANCELLED, C.SETTLED),
    (State.CONTRACTED, State.CONTRACTED, C.BLOCKED),
    (State.IN_PROGRESS, State.PAUSED, C.SETTLED),
    (State.PAUSED, State.PAUSED, C.SETTLED),
    (State.DELIVERED, State.DELIVERED, C.SETTLED),
    (State.RETURNED, State.PAUSED, C.SETTLED),
]


@pytest.mark.parametrize(("state", "then", "question"), DEFAULTS)
def test_without_an_answer_the_rules_say_what_becomes_of_it_once(
    session, app, state, then, question
):
    world = asked(session, state)
    key, last = found(session, world).id, over(session, world)
    tries = (last - timedelta(seconds=1), last, last + timedelta(days=1))
    done = [
        work(SYSTEM, lambda uow: services.settle_continuation(uow, continuation=key), at)
        for at in tries
    ]

    assert done == [False, True, False]
    row = row_of(session, world)
    assert (row.state, found(session, world).state) == (then, question)
    assert kinds(session, world).count("continuation_settled") == 1
    assert (holder(session, world) is None) is (then is State.CANCELLED)
    settle()
    for each in (world.client, world.provider):
        assert "engagement.continuation_settled" in letters(session, each)


def test_the_worker_pauses_for_the_client_who_then_resumes_as_usual(session, app):
    world = asked(session)
    last = over(session, world)
    settle_due(last)
    row = row_of(session, world)

    assert (row.state, row.paused_by, row.resumes_to) == (
        State.PAUSED,
        Side.CLIENT,
        State.IN_PROGRESS,
    )
    pause = row.pauses[-1]
    assert (pause.begun_by, pause.cause, pause.reason) == (None, "project.cancelled", "")
    assert pause.begins_at == last
    session.rollback()
    key = {"engagement": world.engagement_id}
    assert refused(world.provider, lambda uow: doing.resume_work(uow, **key), last) != ""
    work(world.client, lambda uow: doing.resume_work(uow, **key), last)
    assert row_of(session, world).state is State.IN_PROGRESS


# What is tried of the work after the day, before the worker came; no clock runs out meanwhile.
LATE = [
    (State.IN_PROGRESS, "client", lambda uow, key: doing.resume_work(uow, engagement=key)),
    (
        State.IN_PROGRESS,
        "provider",
        lambda uow, key: doing.deliver_version(uow, engagement=key, papers=[]),
    ),
    (
        State.IN_PROGRESS,
        "client",
        lambda uow, key: ending.terminate_engagement(uow, engagement=key, reason="一"),
    ),
    (
        State.TAKEN_ON,
        "provider",
        lambda uow, key: beginning.cancel_engagement(uow, engagement=key, reason="一"),
    ),
]


@pytest.mark.parametrize(("state", "who", "act"), LATE)
def test_after_the_day_nothing_else_happens_whether_or_not_the_worker_ran(
    session, app, state, who, act
):
    world = asked(session, state)
    key, last = world.engagement_id, over(session, world)
    for each in (acts.keep, acts.end):
        assert says(session, world.client, world, each, last) == "continuation.over"
    code = refused(getattr(world, who), lambda uow: act(uow, key), last)

    assert code == "continuation.over"
    assert row_of(session, world).state is state


def test_an_answer_on_the_last_day_counts(session, app):
    world = asked(session)
    last = over(session, world) - timedelta(seconds=1)

    assert says(session, world.client, world, acts.keep, last) == ""
    settle_due(over(session, world))
    assert row_of(session, world).state is State.IN_PROGRESS


def test_delivered_work_goes_on_after_the_day(session, app):
    world = asked(session, State.DELIVERED)
    assert says(session, world.client, world, acts.end, over(session, world)) != ""
    settle_due(over(session, world))
    accept(world)
    assert row_of(session, world).state is State.ACCEPTED


def test_work_under_contract_starts_only_when_its_client_keeps_it(session, app):
    world = asked(session, State.CONTRACTED)
    key = {"engagement": world.engagement_id, "handed_over": [PAPER_OWED]}
    starts = lambda at=None: refused(  # noqa: E731
        world.client, lambda uow: doing.start_work(uow, **key), at
    )
    assert starts() == "continuation.may_not_start"
    last = over(session, world)
    settle_due(last)
    assert starts(last) == "continuation.may_not_start"
    assert queries.owed_by(session, world.client, last.date()).rows[0].light == "red"
    session.rollback()

    # Late, but nothing has happened to it, so its client may still say what becomes of it.
    assert says(session, world.client, world, acts.keep, last) == ""
    assert starts(last) == ""


def test_whoever_pauses_or_ends_it_does_not_start_it(session, app):
    world = asked(session, State.CONTRACTED)
    assert says(session, world.client, world, acts.end) == ""
    assert row_of(session, world).state is State.TERMINATED


@pytest.mark.parametrize("state", ["cancelled", "excluded"])
def test_when_the_project_is_active_again_nothing_is_asked_and_paused_work_stays(
    session, app, state
):
    world, paused = asked(session, State.CONTRACTED, state), asked(session, project=state)
    assert says(session, paused.client, paused, acts.pause) == ""
    for each in (world, paused):
        becomes(session, each, "active", 3)

        assert found(session, each).state is C.FELL_AWAY
        for side in (each.client, each.provider):
            assert "engagement.continuation_fell_away" in letters(session, side)
    start(world)
    assert row_of(session, world).state is State.IN_PROGRESS
    assert row_of(session, paused).state is State.PAUSED
    on(paused, paused.client, doing.resume_work)
    assert row_of(session, paused).state is State.IN_PROGRESS


def test_a_project_that_ends_again_is_asked_about_anew(session, app):
    world = asked(session, State.CONTRACTED)
    assert says(session, world.client, world, acts.keep) == ""
    becomes(session, world, "active", 3)
    becomes(session, world, "cancelled", 4)

    assert found(session, world).state is C.ASKED
    start_again = refused(
        world.client,
        lambda uow: doing.start_work(uow, engagement=world.engagement_id, handed_over=[PAPER_OWED]),
    )
    assert start_again == "continuation.may_not_start"


def test_one_state_after_the_other_is_one_question(session, app):
    world = asked(session)
    assert says(session, world.client, world, acts.keep) == ""
    becomes(session, world, "excluded", 3)

    assert found(session, world).state is C.ANSWERED


def test_work_that_ends_by_itself_is_not_settled(session, app):
    world = asked(session)
    terminate(world)
    last = over(session, world)
    assert says(session, world.client, world, acts.keep) == "continuation.work_over"
    settle_due(last)

    assert found(session, world).state is C.FELL_AWAY
    assert row_of(session, world).state is State.TERMINATED


def test_work_goes_on_as_usual_until_the_day(session, app):
    world = asked(session)
    deliver(world)
    settle_due(over(session, world))

    assert row_of(session, world).state is State.DELIVERED
    assert last_event(session, world).payload["outcome"] == "goes_on"


def test_the_institution_and_strangers_say_nothing(session, app):
    world = asked(session)
    assert says(session, world.provider, world, acts.keep) == "engagement.only_client"
    with pytest.raises(NotFound):
        says(session, make_enterprise(), world, acts.keep)


def test_a_pause_of_the_institution_is_ended_by_it_while_the_client_is_asked(session, app):
    world = asked(session, State.PAUSED)
    resume(world)
    settle_due(over(session, world))

    assert row_of(session, world).state is State.PAUSED
    assert row_of(session, world).paused_by is Side.CLIENT


def test_work_nobody_was_asked_about_is_asked_about_at_the_next_tick(session, app):
    world = make_engagement(State.IN_PROGRESS)
    session.rollback()
    row = reading.project(session, world.project_id)
    house = accounts.organisation(session, world.client.organisation_id).credit_code
    session.rollback()
    work(SYSTEM, lambda uow: acts.becomes(uow, row.code, house, 2, "cancelled"))
    assert found(session, world) is None
    settle_due(end_of_day(row.changed_at.date()))

    assert found(session, world).state is C.ASKED


def test_the_day_follows_the_calendar_while_it_is_to_come(session, app):
    world = asked(session)
    row = found(session, world)
    moves = lambda at=None: work(  # noqa: E731
        SYSTEM, lambda uow: services.move_day(uow, continuation=row.id), at
    )
    assert moves() is False
    otherwise = update(Continuation).values(due_on=row.due_on + timedelta(days=3))
    session.execute(otherwise)
    session.commit()

    late = over(session, world)
    assert moves(late) is False
    assert moves() is True
    assert found(session, world).due_on == row.due_on
    assert last_event(session, world).kind == "engagement.continuation_day_moved"
