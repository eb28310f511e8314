"""An incident is answered, withdrawn and settled at once, by real processes, on both databases."""

import pytest

from marketplace.engagements.rules import State
from marketplace.incidents.rules import IncidentState
from marketplace.kernel.actors import SYSTEM
from tests.engagements import kinds, make_engagement
from tests.racing import Call, app, at_once
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import found, noted, over

__all__ = ["app"]
pytestmark = pytest.mark.slow

_S = IncidentState


def test_an_answer_and_a_withdrawal_exclude_each_other(app, session):
    world = make_engagement(State.IN_PROGRESS)
    key = (found(session, noted(world)).id,)
    answers, withdraws = (
        Call(world.client, acts.answer, key),
        Call(world.provider, acts.withdraw, key),
    )

    said = at_once(app, [answers, withdraws, answers, withdraws])

    assert said.count("done") == 1
    told = kinds(session, world)
    assert told.count("incident_answered") + told.count("incident_withdrawn") == 1
    row = found(session, key[0])
    if row.state is _S.ANSWERED:
        assert set(said) == {"done", "incident.answered"}
    else:
        assert row.state is _S.WITHDRAWN
        assert set(said) == {"done", "incident.withdrawn"}


def test_after_the_day_it_is_settled_once_whoever_comes_first(app, session):
    world = make_engagement(State.IN_PROGRESS)
    key = (found(session, noted(world)).id,)
    last = over(session, key[0])
    calls = [Call(SYSTEM, acts.settle, key)] * 2 + [Call(world.client, acts.answer, key)] * 2

    said = at_once(app, [*calls, Call(world.provider, acts.withdraw, key)], last)

    assert said[:2] == ["done", "done"]
    assert sorted(said[2:4]) == ["done", "incident.answered"]
    assert said[4] in {"incident.unanswered", "incident.answered"}
    told = kinds(session, world)
    assert (told.count("incident_unanswered"), told.count("incident_answered")) == (1, 1)
    row = found(session, key[0])
    assert (row.state, row.late) == (_S.ANSWERED, True)


def test_at_most_so_many_are_noted_at_once(app, session):
    world = make_engagement(State.IN_PROGRESS)
    for _each in range(4):
        noted(world)
    notes = Call(world.provider, acts.note, (world.engagement_id,))

    said = at_once(app, [notes] * 3)

    assert sorted(said) == ["done", "incident.too_many", "incident.too_many"]
