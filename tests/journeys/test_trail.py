"""After everything the other journeys did: the trail is whole, and everybody was told once."""

import pytest
from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from tests.cases import make_case
from tests.journeys import dealings, trail

pytestmark = [pytest.mark.real_time, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def _something_happened(market, association):
    with market.app.app_context():
        make_case(CaseState.DECIDED, association=association)
        make_case(CaseState.WITHDRAWN, association=association)
        trail.wait_until_quiet(market)


def test_the_events_of_every_subject_are_numbered_without_gaps(market):
    with reading_session() as session:
        assert trail.gaps(session) == []


def test_no_listing_and_no_case_left_its_table_of_steps(market):
    with reading_session() as session:
        assert trail.illegal_lives(session) == []


def test_money_claims_and_choices_are_what_their_events_say(market):
    with reading_session() as session:
        assert dealings.faults(session) == []


def test_every_change_has_one_event(market):
    with reading_session() as session:
        assert trail.uneven_counts(session) == []


def test_every_change_was_committed_together_with_an_event(market):
    with reading_session() as session:
        assert trail.changed_without_event(session) == []


def test_nobody_decided_what_they_proposed(market):
    with reading_session() as session:
        pairs = session.execute(
            select(Case.proposer_id, Case.decider_id).where(Case.state == CaseState.DECIDED)
        ).all()
    assert pairs
    assert all(proposer != decider for proposer, decider in pairs)


def test_everything_told_was_mailed_and_nothing_else(market):
    with reading_session() as session:
        owed = trail.letters_owed(session, market)

    assert set(trail.letters_of(market)) == owed
    assert owed


def test_every_new_case_was_told_to_the_examiner(market, association):
    with reading_session() as session:
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
