"""Out of the market and back: removal, rectification, re-admission, and the final grade."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.discovery import services as index
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.institutions.queries import dossiers, market, public, seen
from marketplace.institutions.rules.market import Grade, GroundKind, RemovalCause
from marketplace.institutions.services import grounds, offering, removal
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI, local_date
from search import Query
from tests.dossiers import act, certified_listing, make_agent, terms

NOW = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def removed(cause=RemovalCause.ASSESSMENT):
    agent = make_agent()
    listing_id = certified_listing(agent)
    act(SYSTEM, lambda uow: removal.remove_listing(uow, listing_id=listing_id, cause=cause))
    return agent, listing_id


def state_of(session, listing_id):
    session.expire_all()
    return market.listing(session, listing_id).state


def refused(actor, work, at=None):
    with pytest.raises(Refused) as refusal:
        act(actor, work, at=at)
    return refusal.value.code


def test_a_removed_listing_is_not_picked_and_no_document_of_it_is_made(session):
    _agent, listing_id = removed()

    assert state_of(session, listing_id) == "removed"
    code = refused(SYSTEM, lambda uow: offering.require_admitted(uow, listing_id=listing_id))
    assert code == "listing.not_admitted"
    assert public.admitted_offers(session, [listing_id]) == ()


def test_a_removed_institution_keeps_its_page_and_the_reason_in_its_history(session):
    _agent, listing_id = removed()
    row = market.listing(session, listing_id)

    page = public.institution_page(session, row.institution_public_id)

    assert [one.row.id for one in page.listings] == [listing_id]
    assert page.history[0].kind == "listing.removed"
    assert page.history[0].payload["cause"] == "assessment"


def test_open_grounds_end_with_the_removal_and_do_not_reinstate(session):
    agent = make_agent()
    listing_id = certified_listing(agent)
    act(
        SYSTEM,
        lambda uow: grounds.open_ground(
            uow, listing_id=listing_id, kind=GroundKind.INTERIM, reason="调查期间暂停"
        ),
    )

    act(
        SYSTEM,
        lambda uow: removal.remove_listing(
            uow, listing_id=listing_id, cause=RemovalCause.COMPLAINTS
        ),
    )

    row = market.listing(session, listing_id)
    assert (row.state, row.open_grounds) == ("removed", ())


LEAVING = {
    "withdrawn": lambda agent, listing_id: act(
        agent, lambda uow: offering.withdraw_listing(uow, listing_id=listing_id)
    ),
    "removed": lambda _agent, listing_id: act(
        SYSTEM,
        lambda uow: removal.remove_listing(uow, listing_id=listing_id, cause=RemovalCause.OTHER),
    ),
}


@pytest.mark.parametrize("way", LEAVING)
def test_who_left_the_market_promises_nothing_and_the_terms_go_on_as_a_draft(session, way):
    agent = make_agent()
    listing_id = certified_listing(agent)
    row = market.listing(session, listing_id)
    said = seen.terms_in_force(session, listing_id)
    session.rollback()

    LEAVING[way](agent, listing_id)

    session.expire_all()
    assert market.listing(session, listing_id).state == way
    assert seen.terms_in_force(session, listing_id) is None
    page = public.institution_page(session, row.institution_public_id)
    assert [one.terms for one in page.listings] == [None]
    draft = dossiers.dossier(session, row.institution_id).terms_of(listing_id)
    assert (draft.state, draft.promised_days) == ("draft", said.promised_days)


def test_terms_that_were_drafted_before_the_removal_are_the_ones_that_go_on(session):
    agent = make_agent()
    listing_id = certified_listing(agent)
    act(
        agent,
        lambda uow: offering.save_terms(uow, listing_id=listing_id, terms=terms(promised_days=7)),
    )
    LEAVING["removed"](agent, listing_id)

    institution_id = market.listing(session, listing_id).institution_id
    assert dossiers.dossier(session, institution_id).terms_of(listing_id).promised_days == 7
    assert seen.terms_in_force(session, listing_id) is None


@pytest.mark.parametrize(
    ("cause", "days"), [(RemovalCause.ASSESSMENT, 90), (RemovalCause.EXPIRED_CERTIFICATE, 0)]
)
def test_the_minimum_period_follows_the_cause(session, cause, days):
    _agent, listing_id = removed(cause)

    row = market.listing(session, listing_id)

    assert row.readmission_from == local_date(row.removed_at) + timedelta(days=days)


def test_nobody_applies_for_readmission_before_the_period_is_over(session):
    agent, listing_id = removed()
    act(agent, lambda uow: removal.begin_rectification(uow, listing_id=listing_id))
    first = market.listing(session, listing_id).readmission_from
    eve = datetime.combine(first - timedelta(days=1), NOW.time(), SHANGHAI)

    def apply(uow):
        return removal.submit_readmission(uow, listing_id=listing_id)

    assert refused(agent, apply, at=eve) == "readmission.too_early"
    act(agent, apply, at=eve + timedelta(days=1))
    assert state_of(session, listing_id) == "readmission_submitted"


def test_a_recertified_listing_is_in_the_market_with_its_history(session):
    agent, listing_id = removed(RemovalCause.EXPIRED_CERTIFICATE)
    act(agent, lambda uow: removal.begin_rectification(uow, listing_id=listing_id))
    act(agent, lambda uow: removal.submit_readmission(uow, listing_id=listing_id))

    act(SYSTEM, lambda uow: removal.readmit_listing(uow, listing_id=listing_id, case_id=9))

    row = market.listing(session, listing_id)
    assert (row.state, row.case_id, row.removal_cause) == ("admitted", 9, None)
    assert len(public.admitted_offers(session, [listing_id])) == 1
    assert seen.terms_in_force(session, listing_id).promised_days == 10
    kinds = [one.kind for one in public.public_history(session, row.institution_id)]
    assert kinds[:5] == [
        "listing.terms_changed",
        "listing.readmitted",
        "listing.readmission_submitted",
        "listing.rectifying",
        "listing.removed",
    ]


def test_a_refused_readmission_goes_on_rectifying_and_may_be_tried_again(session):
    agent, listing_id = removed(RemovalCause.EXPIRED_CERTIFICATE)
    act(agent, lambda uow: removal.begin_rectification(uow, listing_id=listing_id))
    act(agent, lambda uow: removal.submit_readmission(uow, listing_id=listing_id))

    act(SYSTEM, lambda uow: removal.send_back_to_rectifying(uow, listing_id=listing_id))

    assert state_of(session, listing_id) == "rectifying"
    act(agent, lambda uow: removal.submit_readmission(uow, listing_id=listing_id))
    assert state_of(session, listing_id) == "readmission_submitted"


def test_a_grade_stands_in_the_document_and_an_older_year_does_not_replace_it(session):
    listing_id = certified_listing(make_agent())

    def grade(year, letter, score):
        return lambda uow: removal.set_grade(
            uow, listing_id=listing_id, year=year, grade=letter, score=Decimal(score)
        )

    act(SYSTEM, grade(2025, Grade.A, "93.47"))
    act(SYSTEM, grade(2024, Grade.C, "61.00"))

    document = public.admitted_offers(session, [listing_id])[0]
    assert (document.grade, document.score_hundredths) == ("A", 9347)


def test_the_removed_listing_leaves_the_index_with_the_next_look(app, session):

    listing_id = certified_listing(make_agent())
    deliver_all(app.extensions["settings"], raise_errors=True)
    index.take_over_changes()
    assert index.directory().search(Query()).total == 1

    act(
        SYSTEM,
        lambda uow: removal.remove_listing(uow, listing_id=listing_id, cause=RemovalCause.FORGERY),
    )
    deliver_all(app.extensions["settings"], raise_errors=True)
    index.take_over_changes()

    assert index.directory().search(Query()).total == 0
