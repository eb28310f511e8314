"""Pages of requests to departments: from the project to the notice, and what nobody else sees."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.commission_requests.rules import RequestState
from marketplace.infra.database import db
from marketplace.kernel.actors import Capacity
from marketplace.projects import queries as projects
from tests.commission_requests import ITEM, make_operator, make_request
from tests.factories import make_agent
from tests.projects import make_project
from tests.web.vetting.conftest import follow, person

__all__ = ["person"]
LIST = "/commission-requests"
_S = RequestState


@pytest.fixture
def enterprise(app, person):
    make_operator()
    return person(make_agent(Capacity.ENTERPRISE))


def project_key(who):
    """A project of the person's enterprise."""
    key = projects.project(db.session(), make_project(who.actor.organisation_id)).public_id
    db.session.rollback()
    return key


def test_a_projects_page_leads_to_the_request_and_back(enterprise):
    key = project_key(enterprise)
    page = enterprise.get(f"/projects/{key}")
    ask = f"{LIST}/new?project={key}&amp;item={ITEM}"
    assert ask in page.text

    asked = enterprise.get(ask.replace("&amp;", "&"))
    assert "不能由贵单位委托" in asked.text
    assert "平台运营方将请求转交负责部门" in asked.text
    shown = follow(enterprise, enterprise.send(ask.replace("&amp;", "&"), words="请尽快。"))

    assert "待部门答复" in shown.text
    assert "请尽快。" in shown.text
    again = enterprise.get(f"/projects/{key}")
    assert ask not in again.text
    assert "查看请求进展" in again.text


def test_what_an_enterprise_may_pick_itself_is_not_asked_of_a_department(enterprise):
    address = f"{LIST}/new?project={project_key(enterprise)}&item=JL-Z05"
    assert 'data-reason="commission_request.pick_yourself"' in enterprise.get(address).text


@pytest.mark.parametrize(
    "path", [f"{LIST}/new", f"{LIST}/new?project=nothing000&item={ITEM}", f"{LIST}/nothing000"]
)
def test_what_is_not_there_is_not_found(enterprise, path):
    assert enterprise.get(path).status_code == 404


def test_an_officer_is_told_takes_it_up_and_drafts_the_notice(app, person):
    found = make_request()
    officer = person(found.department.officer)
    desk = officer.get("/desk").text
    assert f"{LIST}/{found.key}" in desk
    assert "答复投资企业的请求" in desk

    shown = follow(officer, officer.send(f"{LIST}/{found.key}/take-up"))

    assert f"/competitions/manage/new?project={found.page().project.public_id}" in shown.text
    assert found.page().row.state is _S.TAKEN_UP
    assert found.key in officer.get(LIST).text
    enterprise = person(found.enterprise)
    assert "部门已受理" in enterprise.get(f"{LIST}/{found.key}").text


def test_a_refusal_needs_reasons_and_the_enterprise_reads_them(app, person):
    found = make_request()
    officer = person(found.department.officer)
    empty = officer.send(f"{LIST}/{found.key}/refuse", reason="")
    assert empty.status_code == 422
    assert "请写明理由。" in empty.text

    officer.send(f"{LIST}/{found.key}/refuse", reason="项目尚未满足条件。")

    assert "项目尚未满足条件。" in person(found.enterprise).get(f"{LIST}/{found.key}").text


def test_the_operator_hands_on_what_names_nobody_registered(app, person):
    found = make_request(registered=False)
    operator = person(found.operator)
    address = f"{LIST}/{found.key}/address"
    assert f"{LIST}/{found.key}" in operator.get("/desk").text
    assert operator.send(address, department="").status_code == 422
    department = accounts.organisation(db.session(), found.department.organisation_id).public_id
    db.session.rollback()

    gone = operator.send(address, department=department)

    assert gone.status_code == 303
    assert found.page().row.addressee_id == found.department.organisation_id


def test_an_approver_reads_and_is_told_who_answers(app, person):
    found = make_request()
    shown = person(found.department.approver).get(f"{LIST}/{found.key}")

    assert shown.status_code == 200
    assert f"{found.key}/take-up" not in shown.text


def test_others_do_not_see_it(app, person):
    found, other = make_request(), make_request()
    for stranger in (other.enterprise, other.department.officer, other.operator):
        who = person(stranger)
        assert who.get(f"{LIST}/{found.key}").status_code == 404
        assert found.key not in (who.get(LIST).text)
