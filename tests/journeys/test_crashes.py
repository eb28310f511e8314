"""Processes killed in the middle of their work: nothing acknowledged is lost or done twice.

Five moments here and ten among the market's dealings make fifteen on each database.
"""

import pytest

from marketplace.infra.database import reading_session
from tests.dossiers import make_agent
from tests.journeys import trail
from tests.journeys.killing import kill_while
from tests.journeys.outliving import applicant

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
APPLICANTS = 8
VICTIMS = ["web process", "worker", "web process", "worker", "web server"]


def test_what_was_acknowledged_outlives_kill_9_and_is_done_and_told_once(market, association):
    applicants = [applicant(market, make_agent(provisional=True)) for _ in range(APPLICANTS)]

    kill_while(market, [one.go_on for one in applicants], VICTIMS)
    trail.wait_until_quiet(market)

    for one in applicants:
        assert one.applied
        assert one.kept() == (one.applied, one.withdrawn)
    with reading_session() as session:
        assert trail.gaps(session) == []
        assert trail.illegal_lives(session) == []
        assert trail.uneven_counts(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
        assert trail.untold(session, "vetting_case.withdrawn", association.examiner.user_id) == []
