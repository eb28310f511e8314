"""Certificates in time: warned once each, expired after the last day, suspended, reinstated."""

from datetime import datetime, time, timedelta

import pytest

from marketplace.infra.worker import settle_due
from marketplace.institutions.queries import dossiers, market, public
from marketplace.institutions.rules.market import GroundKind, ListingState
from marketplace.institutions.services import grounds, offering, papers, settling, submitting
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_scan,
    act,
    admitted_listing,
    certified_listing,
    complete_dossier,
    make_agent,
    submitted_listing,
)

pytestmark = pytest.mark.usefixtures("app")
END = TODAY + timedelta(days=100)
S = ListingState


@pytest.fixture
def agent(app):
    return make_agent()


@pytest.fixture
def listing_id(agent):
    return certified_listing(agent, certificate=a_certificate(valid_to=END))


def tick(day, hour=9):
    """What the worker does on a day."""
    settle_due(datetime.combine(day, time(hour), SHANGHAI), raise_errors=True)


def kinds(session, listing_id):
    """The events of the institution, oldest first."""
    session.rollback()
    row = market.listing(session, listing_id)
    return [entry.kind for entry in reversed(public.history(session, row.institution_id))]


def state_of(session, listing_id):
    session.rollback()
    return market.listing(session, listing_id).state


def warnings(session, listing_id):
    session.rollback()
    row = market.listing(session, listing_id)
    entries = reversed(public.history(session, row.institution_id))
    return [
        entry.payload["days"]
        for entry in entries
        if entry.kind == "institution.qualification_expiring"
    ]


def test_each_warning_comes_once_on_its_day(session, listing_id):
    given = []
    for days_left in (61, 60, 60, 31, 30, 29, 7, 6, 0):
        tick(END - timedelta(days=days_left))
        given.append(list(warnings(session, listing_id)))

    assert given == [
        [], [60], [60], [60], [60, 30], [60, 30], [60, 30, 7], [60, 30, 7], [60, 30, 7],
    ]  # fmt: skip
    assert state_of(session, listing_id) is S.ADMITTED


def test_a_worker_that_stood_still_gives_only_the_tightest_warning(session, listing_id):
    tick(END - timedelta(days=5))

    assert warnings(session, listing_id) == [7]


def test_after_the_last_day_the_listing_is_suspended_at_once(session, listing_id):
    tick(END, hour=23)
    assert state_of(session, listing_id) is S.ADMITTED
    tick(END + timedelta(days=1), hour=0)
    tick(END + timedelta(days=1), hour=1)

    session.rollback()
    row = market.listing(session, listing_id)
    assert row.state is S.SUSPENDED
    assert [ground.kind for ground in row.open_grounds] == [GroundKind.EXPIRY]
    found = kinds(session, listing_id)
    assert found.count("institution.qualification_expired") == 1
    assert found.count("listing.suspended") == 1
    assert market.admitted_listings(session) == ()


def test_an_item_that_asks_for_nothing_goes_on_when_a_certificate_expires(session, agent):
    listing_id = admitted_listing(agent, item="JL-Z02", certificate=a_certificate(valid_to=END))
    tick(END + timedelta(days=1))

    assert state_of(session, listing_id) is S.ADMITTED


def renewal(agent, session, listing_id, valid_from, at):
    """Draft, submit and approve a renewal."""
    institution_id = market.listing(session, listing_id).institution_id
    (old,) = dossiers.dossier(session, institution_id).qualifications
    new = a_certificate(valid_from=valid_from, valid_to=END + timedelta(days=900))
    public_id = act(
        agent,
        lambda uow: papers.renew_qualification(
            uow, qualification_id=old.public_id, certificate=new, scan=a_scan()
        ),
        at=at,
    )
    act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id), at=at)
    act(
        SYSTEM,
        lambda uow: settling.put_renewal_in_force(uow, qualification_id=public_id, case_id=5),
        at=at,
    )


def noon(day):
    return datetime.combine(day, time(12), SHANGHAI)


def test_a_vetted_renewal_reinstates_the_listing(agent, session, listing_id):
    tick(END + timedelta(days=1))
    later = END + timedelta(days=10)
    renewal(agent, session, listing_id, END + timedelta(days=2), noon(later))

    row = market.listing(session, listing_id)
    assert (row.state, row.open_grounds, row.suspended_at) == (S.ADMITTED, (), None)
    assert kinds(session, listing_id)[-2:] == ["listing.ground_closed", "listing.reinstated"]


def test_a_renewal_in_good_time_keeps_the_listing_in_the_market(agent, session, listing_id):
    renewal(agent, session, listing_id, END + timedelta(days=1), noon(END - timedelta(days=20)))
    for days in (0, 1, 2):
        tick(END + timedelta(days=days))

    assert state_of(session, listing_id) is S.ADMITTED
    assert "listing.suspended" not in kinds(session, listing_id)
    assert "institution.qualification_expired" not in kinds(session, listing_id)


def test_a_gap_between_the_certificates_suspends_until_the_new_one_begins(
    agent, session, listing_id
):
    begins = END + timedelta(days=4)
    renewal(agent, session, listing_id, begins, noon(END - timedelta(days=20)))
    seen = []
    for day in (END, END + timedelta(days=1), begins - timedelta(days=1), begins):
        tick(day)
        seen.append(state_of(session, listing_id))

    assert seen == [S.ADMITTED, S.SUSPENDED, S.SUSPENDED, S.ADMITTED]


def test_the_listing_stays_suspended_until_its_last_ground_is_closed(agent, session, listing_id):
    def pause(uow):
        grounds.pause_listing(uow, listing_id=listing_id, reason="办公地点搬迁")

    act(agent, pause)
    with pytest.raises(Refused, match="already_paused"):
        act(agent, pause)
    tick(END + timedelta(days=1))
    later = noon(END + timedelta(days=9))
    act(agent, lambda uow: grounds.resume_listing(uow, listing_id=listing_id), at=later)
    assert state_of(session, listing_id) is S.SUSPENDED
    renewal(agent, session, listing_id, END + timedelta(days=2), later)

    assert state_of(session, listing_id) is S.ADMITTED
    assert kinds(session, listing_id).count("listing.reinstated") == 1


def test_a_certificate_that_ran_out_in_vetting_suspends_on_admission(agent, session):
    listing_id = submitted_listing(agent, certificate=a_certificate(valid_to=TODAY))
    late = noon(TODAY + timedelta(days=3))
    for work in (
        lambda uow: settling.take_under_review(uow, listing_id=listing_id),
        lambda uow: settling.admit_listing(uow, listing_id=listing_id, case_id=1),
    ):
        act(SYSTEM, work, at=late)

    assert state_of(session, listing_id) is S.SUSPENDED
    assert kinds(session, listing_id).count("listing.admitted") == 1


def test_a_pause_is_the_institutions_own_and_only_in_the_market(agent, session):
    listing_id = complete_dossier(agent)
    with pytest.raises(Refused, match="not_in_market"):
        act(
            agent,
            lambda uow: grounds.pause_listing(uow, listing_id=listing_id, reason="休整"),
        )


def test_a_measure_outlives_a_withdrawal_and_an_own_pause_does_not(agent, session, listing_id):
    def measure(uow):
        grounds.open_ground(
            uow, listing_id=listing_id, kind=GroundKind.BLACKLIST, reason="信用平台通报"
        )

    act(SYSTEM, measure)
    act(agent, lambda uow: grounds.pause_listing(uow, listing_id=listing_id, reason="休整"))
    act(agent, lambda uow: offering.leave_listing(uow, listing_id=listing_id))

    row = market.listing(session, listing_id)
    assert row.state is S.WITHDRAWN
    assert [ground.kind for ground in row.open_grounds] == [GroundKind.BLACKLIST]
    assert "listing.reinstated" not in kinds(session, listing_id)


def test_measures_are_not_the_institutions_to_take(agent, listing_id):
    for work in (grounds.open_ground, grounds.close_ground):
        with pytest.raises(Refused, match="authority_only"):
            act(
                agent,
                lambda uow, work=work: work(
                    uow, listing_id=listing_id, kind=GroundKind.INTERIM, reason="x"
                ),
            )


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        (GroundKind.EXPIRY, "x", "ground.not_a_measure"),
        (GroundKind.INTERIM, " ", "request.words_needed"),
        (GroundKind.INTERIM, "x", "ground.not_open"),
    ],
)
def test_a_measure_that_cannot_be_closed_says_why(listing_id, kind, reason, code):
    with pytest.raises(Refused) as refusal:
        act(
            SYSTEM,
            lambda uow: grounds.close_ground(uow, listing_id=listing_id, kind=kind, reason=reason),
        )
    assert refusal.value.code == code


def test_an_interim_measure_is_opened_once_and_its_end_reinstates(session, listing_id):
    def measure(work):
        return lambda uow: work(
            uow, listing_id=listing_id, kind=GroundKind.INTERIM, reason="核查投诉"
        )

    act(SYSTEM, measure(grounds.open_ground))
    with pytest.raises(Refused, match="already_open"):
        act(SYSTEM, measure(grounds.open_ground))
    assert state_of(session, listing_id) is S.SUSPENDED
    act(SYSTEM, measure(grounds.close_ground))

    assert state_of(session, listing_id) is S.ADMITTED
    institution_id = market.listing(session, listing_id).institution_id
    assert [
        entry.why
        for entry in public.history(session, institution_id)
        if entry.kind == "listing.ground_opened"
    ] == ["核查投诉"]
