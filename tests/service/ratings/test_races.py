"""Ratings at the same instant, by real processes, on SQLite and on PostgreSQL."""

import pytest

from marketplace.engagements.rules import State
from marketplace.ratings import queries
from tests.engagements import kinds, make_engagement
from tests.racing import Call, app, at_once
from tests.service.ratings import acts

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_of_ratings_at_once_one_counts(app, session):
    world = make_engagement(State.ACCEPTED)
    calls = [
        Call(world.client, acts.rate, (world.engagement_id, score)) for score in (1, 2, 3, 4, 5)
    ]

    answers = at_once(app, calls)

    assert sorted(answers) == ["done", *["rating.already_rated"] * 4]
    assert kinds(session, world).count("rated") == 1
    won = answers.index("done") + 1
    assert queries.rating_of(session, world.engagement_id).mean == won
