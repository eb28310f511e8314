"""A removal at the same moment as picks: nothing is picked once the listing is out."""

from functools import partial

import pytest
from sqlalchemy import select

from marketplace.assessments.rules import RemovalOutcome
from marketplace.assessments.services import removing
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import Actor, Role
from marketplace.projects import queries as projects
from tests.cases import add_staff
from tests.dossiers import act, admitted_listing, make_agent
from tests.engagements import make_enterprise, project_of
from tests.journeys.servers import Browser, Sent, at_once

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
PICKS = 24
READERS = 7
WHY = "事实清楚，予以清退。"


def proposed_case(association, agent: Actor, listing_id: int) -> removing.Ref:
    """A removal case that waits for its decision."""
    case = act(
        association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=listing_id, cause=RemovalCause.OTHER, facts="多次失实。"
        ),
    )
    act(association.examiner, lambda uow: removing.notify_removal(uow, case=case.id))
    act(agent, lambda uow: removing.reply_removal(uow, case=case.id, body="已着手整改。"))
    act(
        association.examiner,
        lambda uow: removing.propose_removal(
            uow, case=case.id, outcome=RemovalOutcome.REMOVE, reason=WHY
        ),
    )
    return case


def decide(browser: Browser, case: removing.Ref) -> Sent:
    path = f"/removals/{case.public_id}/decide"
    return browser.send(path, prefix="decide-", outcome="remove", reason=WHY)


def pick(browser: Browser, project: str, listing: str) -> Sent:
    path = f"/engagements/new?listing={listing}&project={project}"
    return browser.send(path, limit_days="10")


def trail(listing_id: int) -> list[str]:
    """What happened to the listing and with it, in the order of the acts."""
    with reading_session() as session:
        rows = session.scalars(select(EventRecord).order_by(EventRecord.id)).all()
    return [
        row.kind
        for row in rows
        if (row.kind == "listing.removed" and row.subject_id == listing_id)
        or (row.kind == "engagement.requested" and row.payload["listing_id"] == listing_id)
    ]


def test_nothing_is_picked_after_the_listing_was_removed(market, association):
    agent = make_agent()
    listing_id = admitted_listing(agent)
    case = proposed_case(association, agent, listing_id)
    with reading_session() as session:
        row = institutions.listing(session, listing_id)
    listing, public = row.public_id, f"/institutions/{row.institution_public_id}"
    clients = [make_enterprise() for _ in range(PICKS + 1)]
    calls = []
    for client in clients:
        project_id = project_of(client)
        with reading_session() as session:
            project = projects.project(session, project_id).public_id
        calls.append(partial(pick, market.browser(client), project, listing))
    assert calls.pop()().status == 303
    calls.insert(PICKS // 2, partial(decide, market.browser(association.approver), case))
    calls += [partial(market.visitor().read, public)] * READERS

    answers = at_once(calls)

    assert {answer.status for answer in answers[-READERS:]} == {200}
    del answers[-READERS:]
    assert answers[PICKS // 2].status == 303
    happened = trail(listing_id)
    assert happened[-1] == "listing.removed"
    assert happened.count("engagement.requested") == (
        sum(answer.status == 303 for answer in answers)
    )
    assert pick(calls[0].args[0], calls[0].args[1], listing).status in {409, 422}
    # I10: who is removed never vanishes; the reasons stay public.
    seen = market.visitor().read(public)
    assert seen.status == 200
    assert WHY in seen.text


def test_two_approvers_who_decide_at_once_remove_once(market, association):
    agent = make_agent()
    listing_id = admitted_listing(agent)
    case = proposed_case(association, agent, listing_id)
    other = add_staff(association.organisation_id, Role.ASSOCIATION_APPROVER)
    browsers = [market.browser(association.approver), market.browser(other)]

    answers = at_once([partial(decide, browsers[n % 2], case) for n in range(16)])

    assert sorted({answer.status for answer in answers}) == [303, 409]
    assert sum(answer.status == 303 for answer in answers) == 1
    assert trail(listing_id) == ["listing.removed"]
