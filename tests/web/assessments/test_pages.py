"""Removal, rectification and re-admission through the pages; a year's grades for everybody."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from flask import render_template_string

from marketplace.assessments.queries import cycles, sheets
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    objecting,
    removing,
    scoring,
)
from marketplace.assessments.services.assessing import Inspection
from marketplace.catalogue.services.editing import add_rulebook_entry
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.assessments import cut_off
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.documents import pdf
from tests.dossiers import act, admitted_listing, make_agent
from tests.web.vetting.conftest import filled, follow

AFTER = datetime.combine(date(TODAY.year + 1, 1, 11), NOON.time(), SHANGHAI)


class Market:
    """An admitted listing, its agent and its association, each at a browser."""

    def __init__(self, client, person) -> None:
        self.association, self.agent_actor = make_association(), make_agent()
        self.listing_id = admitted_listing(self.agent_actor)
        self.visitor = client
        self.agent = person(self.agent_actor)
        self.examiner = person(self.association.examiner)
        self.approver = person(self.association.approver)

    def listing(self):
        db.session.rollback()
        return institutions.listing(db.session(), self.listing_id)

    def cycle(self, *steps):
        """The year's assessment, brought on by services."""
        examiner = self.association.examiner
        ref = act(
            examiner,
            lambda uow: whole.open_cycle(
                uow, association_id=self.association.organisation_id, year=TODAY.year
            ),
        )
        for step in steps:
            act(examiner, lambda uow, step=step: step(uow, cycle=ref.id), at=AFTER)
        return ref


@pytest.fixture
def market(client, person):
    return Market(client, person)


def linked(person, path, pattern):
    """The first address on a page that begins like this."""
    return re.findall(rf'href="({pattern}/[a-z2-7]{{10}})"', person.get(path).text)[0]


def upload(person, path, to, **fields):
    """Send a form of a page with a file."""
    values = filled(person.get(path), to)
    for name, value in fields.items():
        values[name] = value
    return person.browser.post(to, data=values)


def test_a_listing_is_removed_and_comes_back_through_the_pages(market):
    row = market.listing()
    new = f"/removals/new?listing={row.public_id}"
    case = market.examiner.send(new, cause="expired_certificate", facts="证书已失效。").location
    follow(market.examiner, market.examiner.send(case, to=f"{case}/notify"))
    mine = linked(market.agent, "/my/assessments", "/my/removals")
    follow(market.agent, market.agent.send(mine, body="正在办理延续。"))
    said = {"propose__outcome": "remove", "propose__reason": "证书失效，事实清楚。"}
    follow(market.examiner, market.examiner.send(case, to=f"{case}/propose", **said))
    follow(market.approver, market.approver.send(case, to=f"{case}/decide"))

    assert market.listing().state == "removed"
    public = market.visitor.get(f"/institutions/{row.institution_public_id}").text
    assert "证书失效，事实清楚。" in public
    assert "QT-" in public

    plan = f"/my/rectification/{row.public_id}"
    follow(market.agent, market.agent.send(plan, to=f"{plan}/begin"))
    for step in ("cause", "harm", "prevention"):
        fields = {f"{step}-words": "已完成。", f"{step}-evidence": (BytesIO(pdf()), "整改.pdf")}
        follow(market.agent, upload(market.agent, plan, f"{plan}/{step}", **fields))
    application = follow(market.agent, market.agent.send(plan, to=f"{plan}/apply"))
    assert market.listing().state == "readmission_submitted"
    assert "SH-" in application.text

    vetting = linked(market.examiner, "/vetting", "/vetting")
    shown = linked(market.examiner, vetting, "/assessments/plans")
    assert "整改.pdf" in market.examiner.get(shown).text


def test_the_reason_stands_where_the_button_would_be(market):
    case = act(
        market.association.approver,
        lambda uow: removing.open_removal_case(
            uow, listing=market.listing_id, cause=RemovalCause.OTHER, facts="多次失实。"
        ),
    )
    path = f"/removals/{case.public_id}"
    act(market.association.approver, lambda uow: removing.notify_removal(uow, case=case.id))
    act(
        market.agent_actor,
        lambda uow: removing.reply_removal(uow, case=case.id, body="已着手整改。"),
    )
    said = {"propose__outcome": "dismiss", "propose__reason": "情节轻微。"}
    market.approver.send(path, to=f"{path}/propose", **said)

    page = market.approver.get(path)

    assert f'action="{path}/decide"' not in page.text
    assert "removal.own_proposal" in page.text


def test_the_desk_of_whoever_has_the_turn_leads_to_the_case(market):
    case = act(
        market.association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=market.listing_id, cause=RemovalCause.OTHER, facts="多次失实。"
        ),
    )
    assert f'href="/removals/{case.public_id}"' in market.examiner.get("/desk").text
    act(market.association.examiner, lambda uow: removing.notify_removal(uow, case=case.id))

    assert f'href="/removals/{case.public_id}"' not in market.examiner.get("/desk").text
    assert f'href="/my/removals/{case.public_id}"' in market.agent.get("/desk").text


def test_pages_name_the_times_that_the_rulebook_gives(market):
    for key, days in (("removal.reply_days", 8), ("assessment.objection_days", 9)):
        change = {"key": key, "value": days, "valid_from": TODAY}
        act(SYSTEM, lambda uow, change=change: add_rulebook_entry(uow, **change))
    market.cycle(cut_off, whole.score_cycle)
    market.examiner.get("/desk?lang=en")
    cycle = linked(market.examiner, "/assessments", "/assessments")
    new = f"/removals/new?listing={market.listing().public_id}"

    assert "can object for 9 working days" in market.examiner.get(cycle).text
    assert "it has 8 working days to reply" in market.examiner.get(new).text
    case = market.examiner.send(new, cause="other", facts="多次失实。").location
    assert "has 8 working days to reply" in market.examiner.get(case).text


@pytest.mark.parametrize(
    ("begun", "steps", "begin", "step", "says"),
    [
        ("planned", (), None, whole.take_in, "Listings taken in so far: 0"),
        ("freezing", (), freezing.cut_off, whole.freeze_facts, "Facts being frozen"),
        ("scoring", (cut_off,), scoring.score_cycle, whole.reckon_scores, "Scores being reckoned"),
        (
            "finishing",
            (cut_off, whole.score_cycle, assessing.publish_preliminary),
            finishing.make_final,
            whole.write_grades,
            "Grades being written",
        ),
    ],
)
def test_the_page_of_a_year_tells_how_far_the_worker_is(market, begun, steps, begin, step, says):
    house, approver = market.association.organisation_id, market.association.approver
    late = AFTER + timedelta(days=30)
    if begin is None:
        opening = enrolling.open_cycle
        said = {"association_id": house, "year": TODAY.year}
        ref = act(market.association.examiner, lambda uow: opening(uow, **said))
    else:
        ref = market.cycle(*steps)
        settle_due(now=late, raise_errors=True)
        act(approver, lambda uow: begin(uow, cycle=ref.id), at=late)
    market.examiner.get("/desk?lang=en")
    address = f"/assessments/{ref.public_id}"

    page = market.examiner.get(address).text
    assert cycles.cycle(db.session(), ref.id).state == begun
    assert says in page
    assert "data-follow" in page
    if begin is not None:
        assert '<progress value="0" max="1">' in page

    whole.work_off(step, ref.id, late)
    assert "data-follow" not in market.examiner.get(address).text


def test_an_objection_to_a_grade_waits_for_those_who_may_decide_it(market):
    steps = (cut_off, whole.score_cycle, assessing.publish_preliminary)
    ref = market.cycle(*steps)
    (row,) = sheets.TABLE.read(db.session(), Asked(), {"cycle": ref.id}).rows
    step = f'href="/assessments/sheets/{row.public_id}"'
    assert step not in market.approver.get("/desk").text

    filing = objecting.file_objection
    act(market.agent_actor, lambda uow: filing(uow, assessment=row.id, body="不符。"), at=AFTER)

    assert step in market.approver.get("/desk").text
    assert step not in market.examiner.get("/desk").text, "the grades are the examiner's own"


def test_a_year_is_opened_and_its_table_exported(market):
    page = follow(market.examiner, market.examiner.send("/assessments", year=str(TODAY.year)))
    cycle = re.search(r"/assessments/[a-z2-7]{10}", page.text)[0]
    whole.work_off(whole.take_in, cycles.cycle(db.session(), cycle[-10:]).id, NOON)

    assert market.listing().name in market.examiner.get(cycle).text
    book = market.examiner.get(f"{cycle}/export.xlsx")
    assert book.data[:2] == b"PK"
    filtered = market.examiner.get(f"{cycle}?grade=A")
    assert market.listing().name not in filtered.text.split("<main", 1)[1]


@pytest.mark.parametrize("year", ["", "abc", "1999", "20261", "２０２６年", "9" * 30])
def test_a_year_that_makes_no_sense_is_said_beside_its_field(market, year):
    assert market.examiner.send("/assessments", year=year).status_code in {409, 422}


@pytest.mark.parametrize("points", ["11", "-1", "8.55", "八", "1e3", "NaN", "9" * 20])
def test_points_that_make_no_sense_are_refused(market, points):
    market.cycle()
    cycle = linked(market.examiner, "/assessments", "/assessments")
    sheet = linked(market.examiner, cycle, "/assessments/sheets")

    said = {"inspection__points": points, "inspection__words": "说明"}
    answer = market.examiner.send(sheet, to=f"{sheet}/inspection", **said)

    assert answer.status_code in {409, 422}


def test_an_inspection_is_shown_as_it_was_written(market):
    market.cycle()
    cycle = linked(market.examiner, "/assessments", "/assessments")
    sheet = linked(market.examiner, cycle, "/assessments/sheets")

    said = {"inspection__points": "８.5", "inspection__words": "档案齐全。"}
    shown = follow(market.examiner, market.examiner.send(sheet, to=f"{sheet}/inspection", **said))

    assert 'value="8.5"' in shown.text
    assert "档案齐全。" in shown.text


def test_everybody_reads_how_a_score_was_reckoned(market):
    examiner = market.association.examiner
    ref = market.cycle()
    row = sheets.TABLE.read(db.session(), Asked(), {"cycle": ref.id}).rows[0]
    seen = Inspection(Decimal(9), "现场整洁。")
    act(examiner, lambda uow: assessing.record_inspection(uow, assessment=row.id, seen=seen))
    assert market.visitor.get(f"/grades/{ref.public_id}").status_code == 404
    for step in (cut_off, whole.score_cycle, assessing.publish_preliminary):
        act(examiner, lambda uow, step=step: step(uow, cycle=ref.id), at=AFTER)

    listed = market.visitor.get(f"/grades/{ref.public_id}")
    sheet = market.visitor.get(f"/grades/sheets/{row.public_id}")

    assert market.listing().name in listed.text
    assert "10 × 9 ÷ 10 = 9" in sheet.text
    assert "现场整洁。" not in sheet.text
    mine = market.agent.get(f"/my/assessments/{row.public_id}")
    assert "15 − 5 × 0 − 2 × 0 → 15" in mine.text


def test_a_sheet_prints_no_decimals_that_say_nothing(app):
    points = {"reached": Decimal("57.5000"), "counted": 90, "total": Decimal("63.89")}
    row = SimpleNamespace(grade="C", veto=None)
    sheet = SimpleNamespace(score=SimpleNamespace(**points), row=row)
    macro = '{% from "assessments/_sheet.html" import score_of with context %}'
    with app.test_request_context("/?lang=en"):
        text = render_template_string(macro + "{{ score_of(sheet, []) }}", sheet=sheet)

    assert "57.5 × 100 ÷ 90 = 63.89" in text
    assert "57.50" not in text


def test_a_sheet_of_too_little_work_shows_no_points_of_100(app):
    points = {"reached": Decimal(10), "counted": 10, "total": Decimal(100)}
    row = SimpleNamespace(grade="", veto=None)
    sheet = SimpleNamespace(score=SimpleNamespace(**points), row=row)
    macro = '{% from "assessments/_sheet.html" import score_of with context %}'
    with app.test_request_context("/?lang=en"):
        text = render_template_string(macro + "{{ score_of(sheet, []) }}", sheet=sheet)

    assert "Not graded: too little work" in text
    assert "points of 100" not in text
    assert "× 100 ÷" not in text
