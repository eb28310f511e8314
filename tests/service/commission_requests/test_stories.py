"""All that each act on a request to a department leaves behind, and who may do what when."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.commission_requests import services
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import awarding, notices
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.projects import services as projects
from marketplace.projects.rules import ApprovalStatus
from tests.commission_requests import ITEM, TODAY, make_request
from tests.dossiers import act
from tests.market import offer
from tests.projects import CALLING, approval_record, project_record


def people(found):
    """Whom a story names."""
    return {
        "the enterprise": found.enterprise,
        "the officer": found.department.officer,
        "the approver": found.department.approver,
        "the operator": found.operator,
    }


def acts(found, department="nothing000"):
    """Every act on a request."""
    key = found.id
    return {
        "ask": lambda uow: services.ask_department(uow, project=found.project_id, item_code=ITEM),
        "take up": lambda uow: services.take_up_request(uow, request=key),
        "refuse": lambda uow: services.refuse_request(uow, request=key, reason="一"),
        "refuse in silence": lambda uow: services.refuse_request(uow, request=key, reason=" "),
        "withdraw": lambda uow: services.withdraw_request(uow, request=key, reason="一"),
        "hand on": lambda uow: services.address_request(uow, request=key, department=department),
        "follow": lambda uow: services.follow_project(uow, request=key),
    }


def test_the_department_is_asked(story):
    found = make_request()
    found.withdraw()
    with story("commission_requests/asked", **people(found)):
        act(found.enterprise, acts(found)["ask"])


def test_it_is_taken_up_published_and_put_back(story):
    found = make_request()
    cast = people(found)
    with story("commission_requests/taken_up", **cast) as told:
        told.may(acts(found), *cast.values(), SYSTEM)
        found.take_up()
        told.may(acts(found), *cast.values())
        world = found.competition()
        told.may(acts(found), *cast.values())
        world.do(found.department.approver, notices.cancel_competition, reason="公告有误。")


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_it_ends_without_a_notice(story, end):
    found = make_request()
    cast = people(found)
    with story(f"commission_requests/{end}", **cast) as told:
        getattr(found, end)()
        told.may(acts(found), *cast.values())


def test_the_operator_hands_it_on(story):
    found = make_request(registered=False)
    cast = people(found)
    house = accounts.organisation(db.session(), found.department.organisation_id).public_id
    db.session.rollback()
    with story("commission_requests/handed_on", **cast) as told:
        told.may(acts(found, house), *cast.values())
        act(found.operator, acts(found, house)["hand on"])
        told.may(acts(found, house), *cast.values())


def test_the_decision_overtakes_it(story):
    found = make_request()
    project = found.page().project
    owner = accounts.organisation(db.session(), found.enterprise.organisation_id)
    db.session.rollback()
    granted = tuple(
        approval_record(one, status=ApprovalStatus.GRANTED, decided_on=TODAY) for one in CALLING
    )
    record = project_record(
        project.code, revision=2, enterprise_credit_code=owner.credit_code, approvals=granted
    )
    with story("commission_requests/overtaken", **people(found)):
        act(SYSTEM, lambda uow: projects.record_project(uow, record=record))
        act(SYSTEM, acts(found)["follow"])


def test_the_contract_meets_it(story):
    found = make_request()
    world = found.competition(CompetitionState.AWARDED, offers=[offer(item=ITEM) for _ in range(3)])
    with story("commission_requests/met", **people(found)):
        act(
            SYSTEM,
            lambda uow: awarding.conclude(
                uow, competition_id=world.competition_id, engagement_id=1, contract_fen=7_500_000
            ),
            at=world.now,
        )
