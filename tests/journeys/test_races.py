"""The same thing done at the same moment, over HTTP against four web processes."""

from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from tests.cases import Association, World, add_staff, make_case
from tests.dossiers import act, complete_dossier, make_agent, open_with_terms, start
from tests.journeys.servers import Browser, Market, Sent, at_once, new_key

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
AT_ONCE = 32


def public_id(listing_id: int) -> str:
    with reading_session() as session:
        return institutions.listing(session, listing_id).public_id


def cases_about(listing_id: int) -> list[Case]:
    with reading_session() as session:
        return list(session.scalars(select(Case).where(Case.listing_id == listing_id)))


def ends_of(world: World) -> tuple[CaseState, str, int]:
    """How a case and its listing stand, and how many endings the trail tells of."""
    endings = ("vetting_case.decided", "vetting_case.withdrawn")
    with reading_session() as session:
        case = session.get_one(Case, world.case_id)
        told = session.scalar(
            select(func.count(EventRecord.id)).where(
                EventRecord.subject_kind == "vetting_case",
                EventRecord.subject_id == world.case_id,
                EventRecord.kind.in_(endings),
            )
        )
        return case.state, session.get_one(Listing, world.listing_id).state, told


def statuses(answers: list[Sent]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for answer in answers:
        counted[answer.status] = counted.get(answer.status, 0) + 1
    return counted


def decide(browser: Browser, world: World, key: str = "") -> Sent:
    path = f"/vetting/{world.public_id}/decide"
    return browser.send(path, prefix="decide-", key=key, outcome="admit", reason="同意。")


def withdraw(browser: Browser, world: World, reason: str = "另行安排", key: str = "") -> Sent:
    path = f"/my/applications/{world.public_id}/withdraw"
    return browser.send(path, key=key, reason=reason)


# ------------------------------------------------------------------ one form, one act


def test_one_form_sent_32_times_at_once_is_one_application_and_one_answer(market, association):
    agent = make_agent(provisional=True)
    listing_id = complete_dossier(agent)
    path, key = f"/my/applications/check/{public_id(listing_id)}", new_key()
    browser = market.browser(agent)

    answers = at_once([partial(browser.send, path, key=key)] * AT_ONCE)

    assert statuses(answers) == {303: AT_ONCE}
    (case,) = cases_about(listing_id)
    assert {answer.location for answer in answers} == {f"/my/applications/{case.public_id}"}
    assert browser.send(path, key=key).location == f"/my/applications/{case.public_id}"


def test_one_form_that_creates_something_answers_alike_when_what_it_offers_has_gone(market):
    agent = make_agent()
    start(agent)
    browser, key = market.browser(agent), new_key()
    path = "/my/institution/listings/new"

    answers = at_once([partial(browser.send, path, key=key, item="JL-Z03")] * AT_ONCE)
    answers.append(browser.send(path, key=key, item="JL-Z03"))

    assert statuses(answers) == {303: AT_ONCE + 1}
    assert len({answer.location for answer in answers}) == 1


def test_one_key_with_another_body_is_refused(market, association):
    world = make_case(CaseState.RECEIVED, association=association)
    browser, key = market.browser(world.agent), new_key()
    bodies = ["另行安排", "不再经营"] * (AT_ONCE // 2)

    answers = at_once([partial(withdraw, browser, world, body, key) for body in bodies])

    accepted = {body for body, answer in zip(bodies, answers, strict=True) if answer.status == 303}
    assert len(accepted) == 1
    assert statuses(answers) == {303: AT_ONCE // 2, 422: AT_ONCE // 2}
    assert ends_of(world) == (CaseState.WITHDRAWN, ListingState.WITHDRAWN, 1)


def test_32_different_submissions_of_one_listing_are_one_application(market, association):
    agent = make_agent(provisional=True)
    listing_id = complete_dossier(agent)
    path, browser = f"/my/applications/check/{public_id(listing_id)}", market.browser(agent)

    answers = at_once([partial(browser.send, path)] * AT_ONCE)

    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert len(cases_about(listing_id)) == 1


def test_a_provisional_agent_who_applies_for_two_items_at_once_applies_for_one(market, association):
    agent = make_agent(provisional=True)
    first = complete_dossier(agent)
    second = act(agent, lambda uow: open_with_terms(uow, start_of(uow, first), "JL-Z02"))
    browser = market.browser(agent)
    paths = [f"/my/applications/check/{public_id(key)}" for key in (first, second)]

    answers = at_once([partial(browser.send, path) for path in paths * (AT_ONCE // 2)])

    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert len(cases_about(first)) + len(cases_about(second)) == 1


def start_of(uow, listing_id: int) -> int:
    return institutions.listing(uow.session, listing_id).institution_id


# ------------------------------------------------------------------ decisions


def test_of_two_approvers_who_decide_at_once_one_decides(market, association):
    worlds = [make_case(CaseState.PROPOSED, association=association) for _ in range(4)]
    other = add_staff(association.organisation_id, Role.ASSOCIATION_APPROVER)
    browsers = [market.browser(association.approver), market.browser(other)]

    calls = [partial(decide, one, world) for world in worlds for one in browsers * 4]
    answers = at_once(calls)

    assert statuses(answers) == {303: 4, 409: AT_ONCE - 4}
    ended = {ends_of(world) for world in worlds}
    assert ended == {(CaseState.DECIDED, ListingState.ADMITTED, 1)}


def test_of_a_decision_and_a_withdrawal_at_once_one_happens(market, association):
    worlds = [make_case(CaseState.PROPOSED, association=association) for _ in range(4)]
    approver = market.browser(association.approver)

    calls = []
    for world in worlds:
        agent = market.browser(world.agent)
        calls += [partial(decide, approver, world), partial(withdraw, agent, world)] * 4
    answers = at_once(calls)

    assert statuses(answers) == {303: 4, 409: AT_ONCE - 4}
    for number, world in enumerate(worlds):
        decided = any(one.status == 303 for one in answers[8 * number : 8 * number + 8 : 2])
        ending = (
            (CaseState.DECIDED, ListingState.ADMITTED, 1)
            if decided
            else (CaseState.WITHDRAWN, ListingState.WITHDRAWN, 1)
        )
        assert ends_of(world) == ending


def proposed_by_an_approver(association: Association) -> tuple[World, Actor]:
    """A case whose examiner is an approver too."""
    both = add_staff(
        association.organisation_id, Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER
    )
    own = Association(association.organisation_id, both, association.colleague, both)
    return make_case(CaseState.PROPOSED, association=own), both


def test_a_proposer_never_decides_however_often_and_whoever_else_does(market, association):
    world, proposer = proposed_by_an_approver(association)
    browser = market.browser(proposer)

    alone = at_once([partial(decide, browser, world)] * AT_ONCE)
    assert statuses(alone) == {409: AT_ONCE}
    assert ends_of(world)[0] is CaseState.PROPOSED

    other = market.browser(association.approver)
    answers = at_once([partial(decide, one, world) for one in [browser, other] * (AT_ONCE // 2)])
    assert statuses(answers[0::2]) == {409: AT_ONCE // 2}
    assert statuses(answers[1::2]) == {303: 1, 409: AT_ONCE // 2 - 1}
    with reading_session() as session:
        case = session.get_one(Case, world.case_id)
        assert (case.proposer_id, case.decider_id) == (
            proposer.user_id,
            association.approver.user_id,
        )


def test_of_32_who_take_cases_at_once_each_case_has_one_examiner(market: Market, association):
    worlds = [make_case(association=association) for _ in range(2)]
    browsers = [market.browser(association.examiner), market.browser(association.colleague)]

    calls = [
        partial(one.send, f"/vetting/{world.public_id}/take", prefix="take-")
        for world in worlds
        for one in browsers * 8
    ]
    answers = at_once(calls)

    assert statuses(answers) == {303: 2, 409: AT_ONCE - 2}
