"""A question is answered, settled and withdrawn at once, by real processes, on both databases."""

from datetime import timedelta

import pytest

from marketplace.continuations.rules import ContinuationState
from marketplace.engagements.rules import State
from marketplace.kernel.actors import SYSTEM
from tests.engagements import kinds, make_engagement, row_of
from tests.racing import Call, app, at_once
from tests.service.continuations import acts
from tests.service.continuations.test_continuations import asked, found, over
from tests.service.engagements.test_engagement_races import event_ids

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_one_of_several_answers_counts(app, session):
    world = asked(session)
    key = (found(session, world).id,)
    calls = [Call(world.client, act, key) for act in (acts.keep, acts.pause, acts.end)]

    answers = at_once(app, [*calls, Call(SYSTEM, acts.settle, key)])

    assert answers.pop() == "done"
    assert sorted(answers) == ["continuation.settled", "continuation.settled", "done"]
    told = kinds(session, world)
    assert told.count("continuation_answered") == 1
    assert told.count("continuation_settled") == 0


def test_several_workers_settle_once_and_an_answer_comes_too_late(app, session):
    world = asked(session)
    key, last = (found(session, world).id,), over(session, world)
    calls = [Call(SYSTEM, acts.settle, key)] * 2 + [Call(world.client, acts.keep, key)]

    answers = at_once(app, calls, last)

    assert answers[:2] == ["done", "done"]
    assert answers[2] in {"continuation.over", "continuation.settled"}
    told = kinds(session, world)
    assert (told.count("continuation_settled"), told.count("paused")) == (1, 1)
    assert row_of(session, world).state is State.PAUSED


def test_work_under_contract_is_kept_late_whoever_comes_first(app, session):
    world = asked(session, State.CONTRACTED)
    key, last = (found(session, world).id,), over(session, world) + timedelta(hours=9)

    answers = at_once(
        app, [Call(world.client, acts.keep, key), Call(SYSTEM, acts.settle, key)], last
    )

    assert answers == ["done", "done"]
    assert found(session, world).state is ContinuationState.ANSWERED


def test_work_does_not_start_after_the_record_says_cancelled(app, session):
    world = make_engagement(State.CONTRACTED)
    begins = Call(world.client, acts.start, (world.engagement_id,))

    answers = at_once(app, [begins, Call(SYSTEM, acts.cancel, (world.project_id,)), begins])

    assert answers.pop(1) == "done"
    assert set(answers) <= {"done", "engagement.clock_runs", "continuation.may_not_start"}
    changed = event_ids(session, "project.changed")
    assert all(one < changed[0] for one in event_ids(session, "engagement.started"))
