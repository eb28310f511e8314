"""Three complaints upheld within twelve months open a removal case."""

from datetime import timedelta

import pytest

from marketplace.assessments.queries import removals
from marketplace.clocks.queries import light_days
from marketplace.complaints import services
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import ANONYMOUS
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, certified_listing, make_agent

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def people(app):
    return make_association(), make_agent()


def uphold(people, listing_id, outcome="upheld", at=NOON):
    """One complaint about a listing from filing to its decision."""
    association, agent = people
    ref = act(
        ANONYMOUS,
        lambda uow: services.file_complaint(
            uow,
            about=About.LISTING,
            record=listing_id,
            headline="逾期",
            body="逾期交付。",
            contact=Contact("张某", "a@b.cn"),
        ),
        at=at,
    )
    said = {"outcome": outcome, "reason": "属实。"}
    for who, service, facts in (
        (association.examiner, services.accept_complaint, {}),
        (agent, services.answer_complaint, {"body": "已说明。"}),
        (association.examiner, services.propose_decision, said),
        (association.approver, services.decide_complaint, said),
    ):
        act(
            who,
            lambda uow, service=service, facts=facts: service(uow, complaint=ref.id, **facts),
            at=at,
        )


def cases(app, session, people):
    deliver_all(app.extensions["settings"], raise_errors=True)
    session.rollback()
    days = light_days(session, TODAY, own=people[0].organisation_id)
    return removals.HANDLED.read(session, Asked(), days).rows


def test_the_third_upheld_complaint_opens_the_case_and_only_one(app, session, people):
    listing_id = certified_listing(people[1])
    for _ in range(2):
        uphold(people, listing_id)
    assert cases(app, session, people) == ()

    for _ in range(2):
        uphold(people, listing_id)

    found = cases(app, session, people)
    assert [(one.cause, one.listing_id) for one in found] == [("complaints", listing_id)]


def test_partly_upheld_and_old_complaints_do_not_count(app, session, people):
    listing_id = certified_listing(people[1])
    uphold(people, listing_id, at=NOON - timedelta(days=366))
    uphold(people, listing_id, "partly_upheld")
    for _ in range(2):
        uphold(people, listing_id)

    assert cases(app, session, people) == ()
