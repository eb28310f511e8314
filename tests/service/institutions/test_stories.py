"""All that each act on a listing leaves behind, and who may do it when."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from marketplace.institutions import queries
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.dossier import PriceBasis
from marketplace.institutions.rules.market import Grade, GroundKind, ListingState, RemovalCause
from marketplace.institutions.services import (
    grounds,
    offering,
    papers,
    removal,
    settling,
    submitting,
)
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.times import SHANGHAI, end_of_day
from tests.cases import make_association
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_scan,
    act,
    certified_listing,
    complete_dossier,
    make_agent,
    start,
    submitted_listing,
    terms,
)
from tests.factories import make_member, make_organisation
from tests.stories import refusals

S = ListingState
# The first day back after a removal, by the rulebook.
BACK = TODAY + timedelta(days=90)


def noon(day):
    """Noon of a day."""
    return datetime.combine(day, time(12), SHANGHAI)


def on(who, service, listing, at=None, **said):
    """One act on a listing."""
    return act(who, lambda uow: service(uow, listing_id=listing, **said), at=at)


def house_of(listing):
    """The key of the institution."""
    return act(SYSTEM, lambda uow: queries.listing(uow.session, listing).institution_id)


def held_by(listing):
    """The key of the first certificate of the institution."""
    dossier = act(SYSTEM, lambda uow: queries.dossier(uow.session, house_of(listing)))
    return dossier.qualifications[0].id


def removed(agent, cause=RemovalCause.ASSESSMENT):
    """A listing that was taken out of the market."""
    listing = certified_listing(agent)
    on(SYSTEM, removal.remove_listing, listing, cause=cause)
    return listing


_SUBMIT = (submitting.submit_listing, {})
_REVIEWED = (_SUBMIT, (settling.take_under_review, {}))
_RETURNED = (*_REVIEWED, (settling.return_listing, {}))
_ADMITTED = (*_REVIEWED, (settling.admit_listing, {"case_id": 1}))
_INTERIM = {"kind": GroundKind.INTERIM, "reason": "核查中"}
_REMOVED = (*_ADMITTED, (removal.remove_listing, {"cause": RemovalCause.EXPIRED_CERTIFICATE}))
_RECTIFYING = (*_REMOVED, (removal.begin_rectification, {}))
# By which acts a complete dossier comes to each state.
WAYS = {
    S.DRAFT: (),
    S.WITHDRAWN: ((offering.leave_listing, {}),),
    S.SUBMITTED: (_SUBMIT,),
    S.UNDER_REVIEW: _REVIEWED,
    S.RETURNED: _RETURNED,
    S.LAPSED: (*_RETURNED, (settling.lapse_listing, {})),
    S.REJECTED: (*_REVIEWED, (settling.reject_listing, {})),
    S.ADMITTED: _ADMITTED,
    S.SUSPENDED: (*_ADMITTED, (grounds.open_ground, _INTERIM)),
    S.REMOVED: _REMOVED,
    S.RECTIFYING: _RECTIFYING,
    S.READMISSION_SUBMITTED: (*_RECTIFYING, (removal.submit_readmission, {})),
}


def listing_in(state, agent):
    """A listing of the agent in a state."""
    listing = complete_dossier(agent)
    for service, said in WAYS[state]:
        on(SYSTEM, service, listing, **said)
    return listing


def measure(listing, kind=GroundKind.INTERIM, at=None):
    """An authority suspends a listing."""
    on(SYSTEM, grounds.open_ground, listing, at=at, kind=kind, reason="核查中")


def acts(listing):
    """Every act on a listing."""
    key, cause = listing, RemovalCause.ASSESSMENT
    graded = {"year": 2026, "grade": Grade.B, "score": Decimal(80)}
    services = {
        "terms": (offering.save_terms, {"terms": terms(promised_days=9)}),
        "submit": (submitting.submit_listing, {}),
        "withdraw": (offering.withdraw_listing, {}),
        "leave": (offering.leave_listing, {}),
        "pause": (grounds.pause_listing, {"reason": "调整"}),
        "resume": (grounds.resume_listing, {}),
        "pick": (offering.require_admitted, {}),
        "review": (settling.take_under_review, {}),
        "return": (settling.return_listing, {}),
        "reject": (settling.reject_listing, {}),
        "lapse": (settling.lapse_listing, {}),
        "admit": (settling.admit_listing, {"case_id": 1}),
        "measure": (grounds.open_ground, _INTERIM),
        "end measure": (grounds.close_ground, _INTERIM),
        "remove": (removal.remove_listing, {"cause": cause}),
        "bar": (removal.bar_listing, {"cause": cause}),
        "rectify": (removal.begin_rectification, {}),
        "readmission": (removal.submit_readmission, {}),
        "send back": (removal.send_back_to_rectifying, {}),
        "readmit": (removal.readmit_listing, {"case_id": 1}),
        "grade": (removal.set_grade, graded),
    }
    return {
        name: lambda uow, service=service, said=said: service(uow, listing_id=key, **said)
        for name, (service, said) in services.items()
    }


def inspector():
    """A person of a supervising office."""
    return make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR)


@pytest.mark.parametrize("state", list(S))
def test_who_may_do_what_with_a_listing_in_each_state(story, state):
    agent, association = make_agent(), make_association()
    listing = listing_in(state, agent)
    everybody = {
        "the agent": agent,
        "a provisional": replace(agent, provisional=True, user_id=make_agent().user_id),
        "a stranger": make_agent(),
        "an examiner": association.examiner,
        "an approver": association.approver,
        "an inspector": inspector(),
    }
    with story(f"institutions/may/{state}", **everybody) as told:
        told.may(acts(listing), *everybody.values(), SYSTEM)


# ------------------------------------------------------------------ applying


def test_an_application_is_opened_promised_submitted_and_taken_back(story):
    agent = make_agent()
    house = start(agent)
    with story("institutions/offering", agent=agent) as told:

        def open_one(code="JL-Z01"):
            return lambda uow: offering.open_listing(uow, institution_id=house, item_code=code)

        told.may({"nothing": open_one("JL-Z99")}, agent)
        listing = act(agent, open_one())
        told.may({"again": open_one()}, agent)
        save = offering.save_terms
        wrong = {
            "no day": terms(promised_days=0),
            "one day": terms(promised_days=1),
            "thirty": terms(promised_days=30),
            "thirty one": terms(promised_days=31),
            "no amount": terms(amount_fen=0),
            "no unit": terms(price_basis=PriceBasis.PER_UNIT),
            "a unit": terms(price_basis=PriceBasis.PER_UNIT, unit="亩"),
            "no rate": terms(price_basis=PriceBasis.SHARE),
            "no note": terms(price_basis=PriceBasis.QUOTED),
            "a mobile": terms(price_note="电话13812345678"),
        }
        tries = {
            name: lambda uow, one=one: save(uow, listing_id=listing, terms=one)
            for name, one in wrong.items()
        }
        told.may(tries, agent)
        for basis in (PriceBasis.FIXED, *PriceBasis):
            said = {"unit": " 亩 ", "rate_millionths": 12_000, "price_note": " 面议 "}
            on(agent, save, listing, terms=terms(price_basis=basis, **said))
        refusals(lambda: on(agent, submitting.submit_listing, listing))
        on(agent, offering.leave_listing, listing)
        refusals(lambda: on(agent, save, listing, terms=terms()))
        act(agent, open_one())


def test_an_application_is_returned_mended_and_admitted(story):
    agent = make_agent()
    listing = complete_dossier(agent)
    with story("institutions/admitted", agent=agent):
        for _round in range(2):
            on(agent, submitting.submit_listing, listing)
            on(SYSTEM, settling.take_under_review, listing)
            on(SYSTEM, settling.return_listing, listing)
        on(agent, submitting.submit_listing, listing)
        on(SYSTEM, settling.take_under_review, listing)
        on(SYSTEM, settling.admit_listing, listing, case_id=7)
        key = held_by(listing)
        refusals(
            lambda: act(agent, lambda uow: papers.drop_qualification(uow, qualification_id=key))
        )


@pytest.mark.parametrize("end", ["rejected", "lapsed", "withdrawn"])
def test_an_application_that_ends_leaves_drafts(story, end):
    agent = make_agent()
    listing = submitted_listing(agent)
    with story(f"institutions/{end}", agent=agent):
        if end == "withdrawn":
            on(agent, offering.withdraw_listing, listing)
            return
        on(SYSTEM, settling.take_under_review, listing)
        if end == "rejected":
            on(SYSTEM, settling.reject_listing, listing)
            return
        on(SYSTEM, settling.return_listing, listing)
        on(SYSTEM, settling.lapse_listing, listing)


def test_a_provisional_agent_applies_for_one_item_first(story):
    agent = make_agent(provisional=True)
    first = complete_dossier(agent)
    house = house_of(first)
    second = act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=house, item_code="JL-Z03"),
    )
    with story("institutions/provisional", agent=agent):
        on(agent, offering.save_terms, second, terms=terms())
        on(agent, submitting.submit_listing, first)
        refusals(lambda: on(agent, submitting.submit_listing, second))


# ------------------------------------------------------------------ grounds


def test_a_listing_stands_still_while_any_ground_is_open(story):
    agent, association = make_agent(), make_association()
    listing = certified_listing(agent)
    approver = association.approver
    with story("institutions/grounds", agent=agent, approver=approver):
        said = {"kind": GroundKind.INTERIM, "reason": " 核查中 "}
        pausing = {"kind": GroundKind.OWN_PAUSE, "reason": "一"}
        expiring = {"kind": GroundKind.EXPIRY, "reason": "一"}
        refusals(
            lambda: on(approver, grounds.open_ground, listing, **said | {"reason": " "}),
            lambda: on(approver, grounds.open_ground, listing, **pausing),
            lambda: on(approver, grounds.open_ground, listing, **expiring),
            lambda: on(approver, grounds.close_ground, listing, **said),
            lambda: on(agent, grounds.pause_listing, listing, reason=" "),
        )
        on(approver, grounds.open_ground, listing, **said)
        on(agent, grounds.pause_listing, listing, reason=" 内部调整 ")
        refusals(
            lambda: on(approver, grounds.open_ground, listing, **said),
            lambda: on(approver, grounds.close_ground, listing, **pausing),
            lambda: on(approver, grounds.close_ground, listing, **said | {"reason": ""}),
            lambda: on(agent, grounds.pause_listing, listing, reason="再次"),
        )
        on(approver, grounds.close_ground, listing, **said | {"reason": " 已查清 "})
        on(agent, grounds.resume_listing, listing)


def test_a_measure_outlives_a_withdrawal_and_waits_for_the_next_admission(story):
    agent = make_agent()
    listing = certified_listing(agent)
    with story("institutions/outlived", agent=agent):
        on(agent, grounds.pause_listing, listing, reason="内部调整")
        measure(listing, GroundKind.BLACKLIST)
        on(agent, offering.withdraw_listing, listing)
        house = house_of(listing)
        act(
            agent,
            lambda uow: offering.open_listing(uow, institution_id=house, item_code="JL-Z01"),
        )
        on(agent, submitting.submit_listing, listing)
        on(SYSTEM, settling.take_under_review, listing)
        on(SYSTEM, settling.admit_listing, listing, case_id=8)


def test_a_certificate_is_warned_of_and_expires(story):
    agent = make_agent()
    end = TODAY + timedelta(days=100)
    listing = certified_listing(agent, certificate=a_certificate(TODAY, valid_to=end))
    key = held_by(listing)

    def settle(at):
        act(SYSTEM, lambda uow: grounds.settle_qualification(uow, qualification_id=key), at=at)

    with story("institutions/expired", agent=agent):
        for days in (60, 30, 7):
            due = end_of_day(end - timedelta(days=days + 1))
            settle(due - timedelta(seconds=1))
            settle(due)
            settle(due)
        settle(end_of_day(end) - timedelta(seconds=1))
        settle(end_of_day(end))
        settle(end_of_day(end))


def test_a_listing_is_looked_at_on_the_day_on_which_validity_ends(story):
    agent = make_agent()
    end = TODAY + timedelta(days=100)
    listing = certified_listing(agent, certificate=a_certificate(TODAY, valid_to=end))
    key, after = held_by(listing), end_of_day(end)
    with story("institutions/rechecked", agent=agent):
        on(SYSTEM, grounds.recheck_listing, listing, at=after - timedelta(seconds=1))
        on(SYSTEM, grounds.recheck_listing, listing, at=after)
        on(SYSTEM, grounds.recheck_listing, listing, at=after)
        renewed = a_certificate(TODAY, valid_to=end + timedelta(days=900))
        draft = act(
            agent,
            lambda uow: papers.renew_qualification(
                uow, qualification_id=key, certificate=renewed, scan=a_scan()
            ),
            at=after,
        )
        submit = submitting.submit_renewal
        act(agent, lambda uow: submit(uow, qualification_id=draft), at=after)
        put = settling.put_renewal_in_force
        act(SYSTEM, lambda uow: put(uow, qualification_id=draft, case_id=9), at=after)


def test_a_look_that_finds_nothing_is_told(story):
    listing = certified_listing(make_agent())
    due = noon(TODAY)
    act(SYSTEM, lambda uow: _look_at(uow, listing, due))
    with story("institutions/as_it_was"):
        on(SYSTEM, grounds.recheck_listing, listing, at=due)


def _look_at(uow, listing, due):
    uow.find(Listing, listing).recheck_at = due
    uow.record(grounds.events.ListingRechecked.of(uow.find(Listing, listing)))


# ------------------------------------------------------------------ out of the market and back


@pytest.mark.parametrize("cause", list(RemovalCause))
def test_a_removal_takes_the_place_of_grounds_and_sets_the_first_day_back(story, cause):
    agent = make_agent()
    listing = certified_listing(agent)
    on(agent, grounds.pause_listing, listing, reason="内部调整")
    for kind in (GroundKind.INTERIM, GroundKind.BLACKLIST):
        measure(listing, kind)
    with story(f"institutions/removed_{cause}", agent=agent):
        on(SYSTEM, removal.remove_listing, listing, cause=cause)
        refusals(
            lambda: on(SYSTEM, removal.remove_listing, listing, cause=cause),
            lambda: on(SYSTEM, removal.bar_listing, listing, cause=cause),
        )


@pytest.mark.parametrize("state", [S.DRAFT, S.UNDER_REVIEW, S.RETURNED, S.WITHDRAWN])
def test_who_left_before_is_barred_for_the_same_time(story, state):
    agent = make_agent()
    listing = listing_in(state, agent)
    with story(f"institutions/barred_{state}", agent=agent):
        on(SYSTEM, removal.bar_listing, listing, cause=RemovalCause.ASSESSMENT)
        if state is S.DRAFT:
            submit = submitting.submit_listing
            refusals(lambda: on(agent, submit, listing, at=noon(BACK - timedelta(days=1))))
            on(agent, submit, listing, at=noon(BACK))


def test_a_removed_listing_is_put_right_and_readmitted(story):
    agent = make_agent()
    listing = removed(agent)
    with story("institutions/readmitted", agent=agent):
        submit = removal.submit_readmission
        refusals(lambda: on(agent, submit, listing, at=noon(BACK)))
        on(agent, removal.begin_rectification, listing)
        refusals(lambda: on(agent, submit, listing, at=noon(BACK - timedelta(days=1))))
        on(agent, submit, listing, at=noon(BACK))
        on(SYSTEM, removal.send_back_to_rectifying, listing, at=noon(BACK), case_id=3)
        on(SYSTEM, removal.send_back_to_rectifying, listing, at=noon(BACK))
        on(agent, submit, listing, at=noon(BACK))
        on(SYSTEM, removal.readmit_listing, listing, at=noon(BACK), case_id=4)


def test_the_grade_of_an_older_year_replaces_none(story):
    listing = certified_listing(make_agent())
    with story("institutions/graded"):
        for year, grade, score in ((2026, "B", "80.55"), (2025, "A", "95"), (2026, "A", "91.25")):
            said = {"grade": Grade(grade), "score": Decimal(score)}
            on(SYSTEM, removal.set_grade, listing, year=year, **said)
