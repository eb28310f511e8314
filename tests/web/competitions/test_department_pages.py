"""The department's pages: from the draft to the award."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.budgets.services import ledger
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import bidding
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.models import Project
from marketplace.projects.rules import ApprovalStatus, Claimant
from tests.competitions import (
    PRICES,
    WEIGHTS,
    Department,
    enter,
    make_competition,
    make_department,
)
from tests.conftest import TODAY
from tests.dossiers import a_scan, act
from tests.market import PLAIN_ITEM
from tests.projects import approval_record, make_project
from tests.web.vetting.conftest import Person, follow, person

__all__ = ["person"]
_S = CompetitionState
ACTS = (
    "propose",
    "send-back",
    "publish",
    "cancel",
    "request-opening",
    "withdraw-opening",
    "confirm-opening",
    "evaluate",
    "publish-award",
    "fail",
    "rerun",
)
ON_THE_WAY = [state for state in _S if state not in {_S.CONCLUDED, _S.FAILED, _S.CANCELLED}]

NEW = "/competitions/manage/new"


def offered(page: str, name: str) -> str:
    """The first choice of a select."""
    found = re.search(rf'<select[^>]*name="{name}".*?value="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def hidden(page: str, name: str) -> str:
    """What a form carries without asking."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def drafting() -> str:
    """Where a notice is drafted for the project there is."""
    found = db.session().scalars(select(Project.public_id)).one()
    db.session.rollback()
    return f"{NEW}?project={found}"


def filled_in(officer: Person, **changes: str) -> dict[str, str]:
    """What an officer writes into the notice."""
    page = officer.get(drafting()).text
    said = {
        "project": hidden(page, "project"),
        "item": PLAIN_ITEM,
        "title": "评估服务竞争选取",
        "scope": "编制评估报告。",
        "method": "lowest_price",
        "ceiling": "10万",
        "line": offered(page, "line"),
        "closes_on": str(TODAY + timedelta(days=14)),
        "closes_hour": "17:00",
    }
    return said | changes


@pytest.fixture
def department(app) -> Department:
    made = make_department()
    make_project()
    return made


@pytest.mark.parametrize("state", ON_THE_WAY)
def test_every_page_of_every_state_shows_in_both_languages(app, person, state):
    world = make_competition(state)
    base = f"/competitions/manage/{world.public_id}"
    for actor in (world.department.officer, world.department.approver):
        someone = person(actor)
        for path in (base, f"{base}/edit", *(f"{base}/{name}" for name in ACTS)):
            assert someone.get(path).status_code == 200, path
            assert someone.get(f"{path}?lang=en").status_code == 200, path
        opened = world.row().opened_at is not None
        assert someone.get(f"{base}/evaluation").status_code == (200 if opened else 302)
    public = app.test_client().get(f"/competitions/{world.public_id}")
    assert public.status_code == (404 if state in {_S.DRAFT, _S.PROPOSED} else 200)


def test_an_officer_drafts_and_an_approver_publishes(person, department):
    officer, approver = person(department.officer), person(department.approver)

    sent = officer.send(drafting(), **filled_in(officer))
    page = follow(officer, sent)
    assert "评估服务竞争选取" in page.text
    base = sent.location
    assert officer.send(f"{base}/propose").status_code == 303
    assert officer.get(f"{base}/publish").text.count("account.not_your_role") == 1
    confirm = approver.get(f"{base}/publish").text
    assert "100,000.00" in confirm
    assert approver.send(f"{base}/publish").status_code == 303
    assert approver.get("/competitions").text.count("评估服务竞争选取") == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"title": ""}, "title"),
        ({"ceiling": "0"}, "ceiling"),
        ({"ceiling": "很多"}, "ceiling"),
        ({"closes_on": "2026-11-20"}, "closes_on"),
        ({"closes_on": "2026-13-40"}, "closes_on"),
        ({"item": "JL-Z99"}, "item"),
        ({"line": "aaaaaaaaaa"}, "line"),
        ({"method": "comprehensive"}, "price_weight"),
        (
            {
                "method": "comprehensive",
                "price_weight": "40",
                "name_1": "方案",
                "weight_1": "50",
            },
            "price_weight",
        ),
        ({"method": "comprehensive", "price_weight": "x"}, "price_weight"),
        ({"merit": "y"}, "merit"),
    ],
)
def test_what_is_wrong_in_a_notice_is_said_beside_its_field(person, department, changes, named):
    officer = person(department.officer)
    page = officer.send(drafting(), **filled_in(officer, **changes))

    assert page.status_code in {409, 422}
    assert f'id="{named}-error"' in page.text or named == "merit"


def test_a_sign_up_that_is_too_short_is_refused_when_it_is_proposed(person, department):
    officer = person(department.officer)
    soon = filled_in(officer, closes_on=str(TODAY + timedelta(days=2)))
    base = officer.send(drafting(), **soon).location

    refused = officer.send(f"{base}/propose")

    assert refused.status_code == 409
    assert "competition.signup_too_short" in refused.text
    later = filled_in(officer, closes_on=str(TODAY + timedelta(days=9)))
    changed = officer.send(f"{base}/edit", **later)
    assert changed.status_code == 303
    assert officer.send(f"{base}/propose").status_code == 303


def test_a_score_is_marked_and_its_arithmetic_shown(person):
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    enter(world, PRICES, proposal=a_scan())
    world.settle(timedelta(days=15))
    world.do(world.department.officer, bidding.request_opening)
    world.do(world.department.colleague, bidding.confirm_opening)
    officer = person(world.department.officer)
    base = f"/competitions/manage/{world.public_id}"

    early = officer.send(f"{base}/evaluate", reason="排序。")
    assert (early.status_code, "competition.marks_missing" in early.text) == (409, True)
    page = officer.get(f"{base}/evaluation").text
    names = re.findall(r'name="(mark_[^"]+)"', page)
    assert len(names) == 6
    bad = officer.send(f"{base}/evaluation", **{names[0]: "101"})
    assert bad.status_code == 422
    marks = dict(zip(names, ("80", "90", "70", "60.5", "75", "85"), strict=True))
    assert officer.send(f"{base}/evaluation", **marks).status_code == 303
    assert officer.send(f"{base}/evaluate", reason="排序。").location == base
    public = officer.browser.get(f"/competitions/{world.public_id}").text
    assert "40 × 75,000.00 ÷ 90,000.00" in public
    assert "33.33" in public


def test_a_bid_is_excluded_with_public_reasons(person):
    world = make_competition(_S.OPENED)
    officer = person(world.department.officer)
    bid = world.bids()[0]
    base = f"/competitions/manage/{world.public_id}"

    assert officer.send(f"{base}/bids/{bid.public_id}/exclude").status_code == 422
    sent = officer.send(f"{base}/bids/{bid.public_id}/exclude", reason="未响应实质要求。")
    assert sent.status_code == 303
    assert "未响应实质要求。" in officer.get(f"/competitions/{world.public_id}").text
    assert officer.get(f"{base}/bids/aaaaaaaaaa/exclude").status_code == 404


def test_a_question_is_answered_for_everybody(person):
    world = make_competition()
    enter(world, PRICES[:1])
    agent, officer = person(world.offers[0].agent), person(world.department.officer)
    base = f"/competitions/{world.public_id}"

    assert agent.send(f"{base}/ask", body="报告需要几份?").status_code == 303
    page = officer.get(f"/competitions/manage/{world.public_id}").text
    address = re.search(r'href="(/competitions/manage/[^"]+/questions/[^"]+)"', page)[1]
    assert officer.send(address, answer="三份。").status_code == 303
    public = agent.get(base).text
    assert "三份。" in public
    assert (
        world.offers[0].name not in public.partition('id="questions"')[2].partition("</section>")[0]
    )


def test_the_list_filters_by_state_and_words(person):
    world = make_competition(_S.CLOSED)
    officer = person(world.department.officer)

    assert world.public_id in officer.get("/competitions/manage?state=closed").text
    assert world.public_id not in officer.get("/competitions/manage?state=draft&page=9").text
    assert world.public_id in officer.get("/competitions/manage?q=ZJ-2026").text
    assert officer.get("/competitions/manage?page=x&item=nothing").status_code == 200


def test_a_notice_starts_from_the_project_and_offers_what_it_needs(person, department):
    officer = person(department.officer)
    assert officer.get(NEW).location == "/projects"
    assert officer.get(f"{NEW}?project=aaaaaaaaaa").status_code == 404
    granted = approval_record("A05", status=ApprovalStatus.GRANTED, decided_on=TODAY)
    key = make_project(approvals=(approval_record("A03"), approval_record("C06"), granted))
    row = projects.project(db.session(), key)
    act(SYSTEM, lambda uow: _claim(uow, key, "JL-Z05"))
    text = officer.get(f"{NEW}?project={row.public_id}").text

    assert 'value="JL-Z03"' in text
    for code in ("JL-Z02", "JL-Z05", "JL-Z01"):
        assert f'value="{code}"' not in text


def test_lines_of_other_items_are_not_offered(person, department):
    officer = person(department.officer)
    key = make_project(approvals=(approval_record("A03"),))
    for name, item in (("合适的指标", "JL-Z03"), ("别的指标", "JL-Z02")):
        act(
            department.budget,
            lambda uow, name=name, item=item: ledger.open_line(
                uow,
                department_id=department.organisation_id,
                fiscal_year=TODAY.year,
                name=name,
                item_code=item,
                appropriation_fen=1_000_000,
            ),
        )
    row = projects.project(db.session(), key)
    text = officer.get(f"{NEW}?project={row.public_id}").text

    assert "合适的指标" in text
    assert "别的指标" not in text


def _claim(uow, project_id, item):
    project_services.claim_item(
        uow,
        project_id=project_id,
        item_code=item,
        claimed_by=Claimant.ENTERPRISE,
        record_kind="engagement",
        record_id=1,
    )
