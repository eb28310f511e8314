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
# What is made is not set up again after the supervisor was killed.
SETTING_UP = "Bringing the database up to date"


def test_no_acknowledged_write_is_lost_or_doubled_whatever_is_killed(market, association):
    found = outlive(market, CLIENTS, KILLS // (2 * len(VICTIMS)))
    trail.wait_until_quiet(market)

    for one in found.clients:
        assert one.applied
        assert one.kept() == (one.applied, one.withdrawn)
    # Whatever was killed, it served again; `benchmarks.outliving` says how soon.
    assert sum(map(len, found.answered.values())) == KILLS // 2
    assert sum(map(len, found.delivered.values())) == KILLS // 2
    assert market.product.output.read_text().count(SETTING_UP) == 1
    with reading_session() as session:
        assert trail.gaps(session) == []
        assert trail.uneven_counts(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
