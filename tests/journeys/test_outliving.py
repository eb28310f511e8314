"""Web, worker and supervisor killed under writing clients: no acknowledged write lost or doubled.

Three kills on each database in every run; bin/test --long makes ten times as many.
"""

import os

import pytest

from marketplace.infra.database import reading_session
from tests.journeys import trail
from tests.journeys.outliving import VICTIMS, outlive

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
# Of all kills half are made on each database.
KILLS = int(os.environ.get("MARKETPLACE_KILLS") or 6)
CLIENTS = 4
# A start takes a few seconds, many on a busy machine; `benchmarks.outliving` measures it.
BACK_WITHIN_SECONDS = 60.0


def test_no_acknowledged_write_is_lost_or_doubled_whatever_is_killed(market, association):
    found = outlive(market, CLIENTS, KILLS // (2 * len(VICTIMS)))
    trail.wait_until_quiet(market)

    for one in found.clients:
        assert one.applied
        assert one.kept() == (one.applied, one.withdrawn)
    seconds = [
        each for one in (found.answered, found.delivered) for took in one.values() for each in took
    ]
    assert len(seconds) == KILLS
    assert max(seconds) < BACK_WITHIN_SECONDS
    with reading_session() as session:
        assert trail.gaps(session) == []
        assert trail.uneven_counts(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
