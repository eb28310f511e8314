"""Processes killed in the middle of their work: nothing acknowledged is lost or done twice.

Five moments here and ten among the market's dealings make fifteen on each database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.vetting.models import Case
from tests.dossiers import complete_dossier, make_agent
from tests.journeys import trail
from tests.journeys.killing import insist, kill_while, think
from tests.journeys.servers import Browser, Market

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
APPLICANTS = 8
VICTIMS = ["web process", "worker", "web process", "worker", "web server"]


@dataclass
class Applicant:
    """Somebody who applies, withdraws and applies again, and insists on an answer."""

    browser: Browser
    listing_id: int
    path: str
    applied: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    def go_on(self, stopped: Callable[[], bool]) -> None:
        while not stopped():
            self.applied.append(insist(self.browser, self.path).location.rsplit("/", 1)[-1])
            case = self.applied[-1]
            insist(self.browser, f"/my/applications/{case}/withdraw", reason="另行安排")
            self.withdrawn.append(case)
            insist(self.browser, "/my/institution/listings/new", item="JL-Z01")
            think()


def applicant(market: Market, agent: Actor) -> Applicant:
    listing_id = complete_dossier(agent)
    with reading_session() as session:
        public_id = institutions.listing(session, listing_id).public_id
    return Applicant(market.browser(agent), listing_id, f"/my/applications/check/{public_id}")


def test_what_was_acknowledged_outlives_kill_9_and_is_done_and_told_once(market, association):
    applicants = [applicant(market, make_agent(provisional=True)) for _ in range(APPLICANTS)]

    kill_while(market, [one.go_on for one in applicants], VICTIMS)
    trail.wait_until_quiet(market)

    for one in applicants:
        with reading_session() as session:
            query = select(Case).where(Case.listing_id == one.listing_id).order_by(Case.id)
            cases = session.scalars(query).all()
        assert one.applied
        assert [case.public_id for case in cases] == one.applied
        assert [case.public_id for case in cases if case.ending] == one.withdrawn
    with reading_session() as session:
        assert trail.gaps(session) == []
        assert trail.illegal_lives(session) == []
        assert trail.uneven_counts(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
        assert trail.untold(session, "vetting_case.withdrawn", association.examiner.user_id) == []
