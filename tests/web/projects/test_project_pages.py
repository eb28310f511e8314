"""The pages of projects: adding by code, waiting, the list of a region, the project itself."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from marketplace.infra.database import db
from marketplace.projects import queries, services
from marketplace.projects.rules import ApprovalStatus, Claimant
from tests.conftest import NOON
from tests.dossiers import admitted_listing
from tests.engagements import make_provider
from tests.factories import system_work
from tests.personas import Persona, actor, sign_in
from tests.projects import approval_record, make_project, new_code, project_record
from tests.quotations import listing_key

CODE = "2106-220102-04-01-123455"


@pytest.fixture
def agent(client):
    return sign_in(client, Persona.ENTERPRISE_AGENT)


def add(client, code: str = CODE):
    return client.post("/my/projects/add", data={"code": code, "once": f"once-{code}"})


@pytest.fixture(autouse=True)
def _no_csrf(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def wanted(client, code: str = CODE) -> str:
    answer = add(client, code)
    assert answer.status_code == 303, answer.text
    return answer.location


def arrive(agent, code: str = CODE, **changes) -> int | None:
    from marketplace.accounts import queries as accounts

    credit = accounts.organisation(db.session(), agent.organisation_id).credit_code
    db.session.rollback()
    with system_work() as uow:
        record = project_record(code, **{"enterprise_credit_code": credit} | changes)
        return services.record_project(uow, record=record)


def test_a_code_is_added_waited_for_and_becomes_a_project(client, agent):
    page = wanted(client)
    waiting = client.get(page)
    assert 'data-state="waiting"' in waiting.text
    assert '<noscript><meta http-equiv="refresh"' in waiting.text
    assert client.get(f"{page}/state").json == {"state": "waiting"}

    arrive(agent)
    assert client.get(f"{page}/state").json == {"state": "recorded"}
    done = client.get(page, follow_redirects=True)
    assert CODE in done.text
    assert done.request.path.startswith("/projects/")
    assert CODE in client.get("/my/projects").text


def test_after_ten_seconds_the_page_says_that_it_takes_longer(client, agent):
    page = wanted(client)
    assert CODE in client.get("/my/projects").text
    with time_machine.travel(NOON + timedelta(seconds=12), tick=True):
        late = client.get(page)
    assert 'data-state="late"' in late.text


def test_a_platform_that_is_down_is_said_at_once(client, agent):
    page = wanted(client)
    with system_work() as uow:
        services.delay_wanted(uow, code=CODE)
    assert 'data-state="late"' in client.get(page).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"foreign_invested": True}, "二(五)"),
        ({"classified": True}, "二(五)"),
        ({"enterprise_credit_code": "91229900MA00990018"}, "审批平台"),
    ],
)
def test_a_refusal_is_shown_with_its_reason(client, agent, changes, words):
    page = wanted(client)
    arrive(agent, **changes)
    shown = client.get(page)
    assert 'data-state="refused"' in shown.text
    assert 'data-ask=""' in shown.text
    assert "http-equiv" not in shown.text


@pytest.mark.parametrize(
    "code",
    ["", "abc", "2106-220102", "2205-610721-04-01-262897", "9" * 20, "9" * 300, "💥", "2106\x00"],
)
def test_a_bad_code_stands_beside_its_field(client, agent, code):
    answer = add(client, code)
    assert answer.status_code in {409, 422}
    assert 'id="code' in answer.text


def test_a_failed_check_digit_warns_and_is_looked_up(client, agent):
    page = client.get(wanted(client, "2106-220102-04-01-123456")).text
    good = client.get(wanted(client)).text
    assert page.count("notice") > good.count("notice")


def test_adding_a_known_project_leads_to_it(client, agent):
    make_project(agent.organisation_id, code=CODE)
    assert add(client).location.startswith("/projects/")


def test_nobody_else_sees_the_waiting_page(client, agent):
    page = wanted(client)
    sign_in(client, Persona.ENTERPRISE_AGENT_OTHER)
    assert client.get(page).status_code == 404
    assert client.get(f"{page}/state").status_code == 404
    assert CODE not in client.get("/my/projects").text


def test_a_department_finds_the_projects_of_its_region(client, app):
    make_project(code=new_code("220102"), name="南关示例厂", stage_code="S2")
    make_project(code=new_code("220202"), region_code="220202", name="昌邑示例厂")
    make_project(code=new_code("220103"), region_code="220103", name="宽城示例厂", completed=True)
    sign_in(client, Persona.DEPARTMENT_OFFICER)

    everything = client.get("/projects").text
    assert "南关示例厂" in everything
    assert "宽城示例厂" in everything
    assert "昌邑示例厂" not in everything
    for query, found in (
        ("q=南关", {"南关示例厂"}),
        ("region=220103", {"宽城示例厂"}),
        ("stage=S2", {"南关示例厂"}),
        ("state=completed", {"宽城示例厂"}),
        ("q=%25", set()),
        ("region=220202", set()),
        ("page=99999999999999999999", {"南关示例厂", "宽城示例厂"}),
        ("stage=S9&sort=zz&state=x&page=-1&region=22%27", {"南关示例厂", "宽城示例厂"}),
    ):
        text = client.get(f"/projects?{query}").text
        assert {name for name in ("南关示例厂", "宽城示例厂") if name in text} == found, query


def test_an_enterprise_searches_its_own_projects_and_takes_them_with_it(client, agent):
    own = agent.organisation_id
    make_project(own, code="2106-220102-04-01-123455", name="南关示例厂", stage_code="S2")
    make_project(own, code=new_code("220202"), name="昌邑示例厂", completed=True)
    make_project(code=new_code("220103"), name="宽城示例厂")

    for query, found in (
        ("", {"南关示例厂", "昌邑示例厂"}),
        ("q=南关", {"南关示例厂"}),
        ("q=2106220102", {"南关示例厂"}),
        ("q=2106 220102 0401 123455", {"南关示例厂"}),
        ("stage=S2", {"南关示例厂"}),
        ("state=completed&sort=name", {"昌邑示例厂"}),
        ("q=没有", set()),
        ("q=%25&stage=S9&page=99", set()),
    ):
        text = client.get(f"/my/projects?{query}").text
        names = ("南关示例厂", "昌邑示例厂", "宽城示例厂")
        assert {name for name in names if name in text} == found, query
    book = client.get("/my/projects/export.xlsx?state=completed")
    assert book.data.startswith(b"PK")
    sign_in(client, Persona.DEPARTMENT_OFFICER)
    assert client.get("/projects/export.xlsx?q=南关").data.startswith(b"PK")


def claim(project_id: int, item_code: str) -> None:
    """A department commissions an item of the project."""
    officer = actor(Persona.DEPARTMENT_APPROVER)
    with system_work() as uow:
        services.claim_item(
            uow,
            project_id=project_id,
            item_code=item_code,
            claimed_by=Claimant.DEPARTMENT,
            record_kind="competition",
            record_id=1,
            organisation_id=officer.organisation_id,
        )


@pytest.mark.parametrize(
    ("persona", "seen"),
    [(Persona.ENTERPRISE_AGENT, True), (Persona.ENTERPRISE_AGENT_PROVISIONAL, False)],
)
def test_an_agent_reads_of_the_enterprises_projects_once_confirmed(client, persona, seen):
    own = sign_in(client, persona).organisation_id
    make_project(own, name="南关示例厂")
    claim(make_project(own, name="昌邑示例厂"), "JL-Z05")
    listing = listing_key(admitted_listing(make_provider()))

    for path in ("/my/projects", "/quotations/new", f"/engagements/new?listing={listing}"):
        text = client.get(path).text
        for name in ("南关示例厂", "昌邑示例厂"):
            assert (name in text) is seen, (path, name)


def test_the_project_says_who_commissions_each_item_and_who_pays(client, agent):
    project_id = make_project(agent.organisation_id)
    row = queries.project(db.session(), project_id)
    db.session.rollback()
    claim(project_id, "JL-Z03")
    text = client.get(f"/projects/{row.public_id}").text
    assert "第7号单位" in text
    assert "JL-Z05" in text
    assert f"/institutions/for/{row.public_id}/JL-Z05?way=ask" in text
    assert 'aria-current="step"' in text
    english = client.get(f"/projects/{row.public_id}?lang=en").text
    assert english.count("Open to both: if the enterprise picks, it pays") == 1
    assert english.count("Nobody yet; open to both") > 1

    sign_in(client, Persona.DEPARTMENT_OFFICER)
    theirs = client.get(f"/projects/{row.public_id}").text
    assert "/competitions/manage/new" in theirs
    assert "/institutions/for/" not in theirs


def test_the_clock_of_a_paused_approval_item_stands_still_and_counts_no_days(client, agent):
    accepted = {"accepted_on": date(2026, 9, 1), "limit_value": 10}
    # The platform moved the due day by a pause: in November four days of ten are left.
    paused = approval_record("A01", status=ApprovalStatus.PAUSED, due_on=None, **accepted)
    resumed = approval_record("A03", due_on=NOON.date() + timedelta(days=6), **accepted)
    made = arrive(agent, new_code(), approvals=(paused, resumed))
    row = queries.project(db.session(), made)
    with time_machine.travel(NOON):
        text = client.get(f"/projects/{row.public_id}?lang=en").text

    assert "the clock stands still" in text
    used = re.findall(r"working day (\d+) of 10", text)
    assert len(used) == 1
    assert 5 <= int(used[0]) <= 7


def test_an_excluded_project_offers_nothing(client, agent):
    code = new_code()
    made = arrive(agent, code)
    arrive(agent, code, revision=2, classified=True)
    row = queries.project(db.session(), made)
    text = client.get(f"/projects/{row.public_id}").text
    assert "/institutions/for/" not in text
    sign_in(client, Persona.DEPARTMENT_OFFICER)
    assert client.get(f"/projects/{row.public_id}").status_code == 404
