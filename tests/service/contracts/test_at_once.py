"""A contract confirmed, taken back and given up at the same instant, by real processes."""

import pytest

from marketplace.contracts.queries.reading import versions_of
from marketplace.contracts.rules import VersionState
from marketplace.engagements.rules import State
from tests.engagements import make_engagement, put_forward, row_of
from tests.racing import Call, app, at_once
from tests.service.contracts import acts

__all__ = ["app"]
pytestmark = pytest.mark.slow
TIMES = 4


def test_confirming_taking_back_and_stepping_back_leave_one_outcome(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    about = (world.engagement_id,)
    confirms = [Call(world.provider, acts.confirm, about)] * TIMES
    takes_back = [Call(world.client, acts.take_back, about)] * TIMES
    steps_back = [Call(world.provider, acts.step_back, about)] * TIMES

    answers = at_once(app, [*confirms, *takes_back, *steps_back])

    done = [answers[at : at + TIMES].count("done") for at in range(0, 3 * TIMES, TIMES)]
    state = row_of(session, world).state
    session.rollback()
    (version,) = versions_of(session, world.engagement_id)
    if done[0]:
        assert (done, state) == ([1, 0, 0], State.CONTRACTED)
        assert version.state is VersionState.IN_FORCE
    else:
        # Taken back, and then given up: nothing binds anybody.
        assert done[1] <= 1 == done[2]
        assert state is State.CANCELLED
        assert version.state in {VersionState.DROPPED, VersionState.HALF_CONFIRMED}
