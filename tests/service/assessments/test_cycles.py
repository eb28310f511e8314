"""A year's assessment: frozen facts, scores, objections, final grades by another person."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.assessments.queries import removals
from marketplace.assessments.rules import CycleState, Veto
from marketplace.assessments.services import assessing
from marketplace.assessments.services.assessing import Inspection
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules.market import GroundKind, RemovalCause
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.cases import make_association
from tests.conftest import NOON
from tests.dossiers import act
from tests.service.assessments.years import (
    AFTER,
    YEAR,
    cases,
    listing,
    make_world,
    refused,
    state,
    table,
    work_of,
)

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


@pytest.fixture
def world(app, monkeypatch):
    return make_world(monkeypatch)


def test_a_year_is_opened_once_and_takes_in_every_listing(session, world):
    world.open()

    assert state(session, world) is CycleState.OPEN
    assert [row.listing_id for row in table(session, world.cycle)] == [world.listing_id]
    code = refused(
        world.association.examiner,
        lambda uow: whole.open_cycle(
            uow, association_id=world.association.organisation_id, year=YEAR
        ),
    )
    assert code == "assessment.opened_already"


def test_a_listing_that_came_back_after_the_year_is_still_in_that_year(session, world):
    agent, key = world.agent, world.listing_id
    cause = RemovalCause.EXPIRED_CERTIFICATE
    for who, work in (
        (SYSTEM, lambda uow: institution_services.remove_listing(uow, listing_id=key, cause=cause)),
        (agent, lambda uow: institution_services.begin_rectification(uow, listing_id=key)),
        (agent, lambda uow: institution_services.submit_readmission(uow, listing_id=key)),
        (SYSTEM, lambda uow: institution_services.readmit_listing(uow, listing_id=key, case_id=9)),
    ):
        act(who, work, at=AFTER)
    world.open(at=AFTER)
    world.do(world.association.examiner, whole.cut_off)

    sheet = world.sheet(session)
    assert sheet.row.listing_id == key
    assert sheet.facts.days_looked_at > 0


def test_facts_are_not_frozen_before_the_year_is_over(world):
    world.open()

    code = refused(
        world.association.examiner,
        lambda uow: whole.cut_off(uow, cycle=world.cycle),
        at=datetime.combine(date(YEAR, 12, 31), NOON.time(), SHANGHAI),
    )
    assert code == "assessment.year_not_over"


def test_what_happens_after_the_cut_off_changes_no_score(session, world):
    world.work = work_of(0, 0, 0, 1)
    world.open()
    world.do(world.association.examiner, whole.cut_off)
    world.work = work_of(5, 5, 5, 5, late=4)
    world.do(world.association.examiner, whole.score_cycle)

    facts = world.sheet(session).facts
    assert (facts.accepted, facts.on_time, facts.first_pass, facts.ratings) == (4, 4, 3, 4)


def test_the_sheet_is_the_score_of_its_facts(session, world):
    world.work = work_of(0, 0, 0, 1)
    world.open()
    world.do(world.association.examiner, whole.cut_off)
    world.do(world.association.examiner, whole.score_cycle)

    sheet = world.sheet(session)
    # on time 25, first pass 15, rating 20 x ((4x4.5+5x4)/9 - 1)/4 = 16.1111, conduct 15,
    # credentials 10 of 10, no inspection: 81.1111 of 90 -> 90.12
    assert sheet.score.total == Decimal("90.12") == sheet.row.total
    assert sheet.row.grade == "A"
    assert sheet.score.counted == 90


def test_an_inspection_is_written_down_until_the_facts_are_frozen(session, world):
    world.open()
    seen = Inspection(Decimal("8.5"), "现场整洁，档案齐全。")

    def inspect(uow):
        assessing.record_inspection(uow, assessment=world.key(session), seen=seen)

    act(world.association.examiner, inspect)
    world.do(world.association.examiner, whole.cut_off)

    assert refused(world.association.examiner, inspect) == "assessment.facts_frozen"
    assert world.sheet(session).facts.inspection == Decimal("8.5")


@pytest.mark.parametrize("points", ["10.1", "-1", "8.55"])
def test_points_of_an_inspection_are_of_ten(session, world, points):
    world.open()
    seen = Inspection(Decimal(points), "说明")
    code = refused(
        world.association.examiner,
        lambda uow: assessing.record_inspection(uow, assessment=world.key(session), seen=seen),
        at=None,
    )
    assert code == "assessment.points_of_ten"


def test_the_grades_become_final_by_another_person_and_after_the_objections(session, world):
    world.work = work_of(0, 0, 0)
    world.open()
    for service in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
        world.do(world.association.approver, service)

    def final(uow):
        whole.make_final(uow, cycle=world.cycle)

    assert refused(world.association.approver, final) == "assessment.objections_running"
    after = world.end_objections(session)
    assert state(session, world) is CycleState.OBJECTIONS
    assert refused(world.association.approver, final, after) == "assessment.own_grades"
    assert refused(world.association.examiner, final, after) == "assessment.approvers_only"


def test_a_final_grade_stands_on_the_listing(session, world):
    world.work = work_of(0, 0, 0)
    world.open()
    world.publish()
    assert listing(session, world).grade == ""
    world.do(world.association.approver, whole.make_final, at=world.end_objections(session))

    row = listing(session, world)
    assert (row.grade, row.graded_year) == ("A", YEAR)
    grades = removals.public_record(session, row.organisation_id).grades
    assert [(one.year, one.grade) for one in grades] == [(YEAR, "A")]
    own = world.association.organisation_id
    assert cases(session, own) == ()


def test_too_little_work_keeps_the_last_grade(session, world):
    world.work = work_of(0, 0)
    world.open()
    world.publish()
    world.do(world.association.approver, whole.make_final, at=world.end_objections(session))

    assert listing(session, world).grade == ""
    assert world.sheet(session).row.grade == ""


def test_grade_c_is_a_notice_to_rectify(session, world, reached):
    make_grade(session, world, "C", work_of(1, 1, 1), Decimal("4.5"))
    assert "assessment.rectification_noticed" in reached


def make_grade(session, world, grade, work, mean):
    """Bring the listing's grade to its end; the work and its ratings are worth it."""
    world.work, world.mean = work, mean
    world.open()
    world.publish()
    assert world.sheet(session).row.grade == grade
    world.do(world.association.approver, whole.make_final, at=world.end_objections(session))


def test_grade_d_opens_a_removal_case(session, world):
    make_grade(session, world, "D", work_of(2, 1, 3, late=3), Decimal(1))

    found = cases(session, world.association.organisation_id)
    assert [(one.cause, one.state) for one in found] == [("assessment", "opened")]
    assert listing(session, world).state == "admitted"


def test_a_veto_fact_gives_d_with_no_work_at_all(session, world):
    world.open()
    act(
        world.association.examiner,
        lambda uow: assessing.record_inspection(
            uow,
            assessment=world.key(session),
            seen=Inspection(None, "", Veto.FORGERY, "提交伪造的检测报告。"),
        ),
    )
    world.publish()

    assert world.sheet(session).row.grade == "D"


def suspended_for(world, kind):
    """The listing is suspended on this ground before the facts are frozen."""
    act(
        SYSTEM,
        lambda uow: institution_services.open_ground(
            uow, listing_id=world.listing_id, kind=kind, reason="列入失信名单。"
        ),
    )


@pytest.mark.parametrize(
    ("kind", "veto", "grade"),
    [(GroundKind.BLACKLIST, "blacklist", "D"), (GroundKind.INTERIM, None, "A")],
)
def test_the_blacklist_at_the_cut_off_is_a_veto_and_a_mere_measure_is_none(
    session, world, kind, veto, grade
):
    world.work = work_of(0, 0, 0)
    world.open()
    suspended_for(world, kind)
    world.publish()

    sheet = world.sheet(session)
    assert (sheet.facts.veto, sheet.row.grade) == (veto, grade)


def test_who_left_the_blacklist_before_the_cut_off_has_no_veto(session, world):
    world.work = work_of(0, 0, 0)
    world.open()
    suspended_for(world, GroundKind.BLACKLIST)
    act(
        SYSTEM,
        lambda uow: institution_services.close_ground(
            uow, listing_id=world.listing_id, kind=GroundKind.BLACKLIST, reason="已移出名单。"
        ),
    )
    world.publish()

    assert world.sheet(session).row.grade == "A"


def test_a_veto_of_the_inspection_keeps_its_reasons_beside_the_blacklist(session, world):
    world.open()
    found = Inspection(None, "", Veto.FORGERY, "提交伪造的检测报告。")
    act(
        world.association.examiner,
        lambda uow: assessing.record_inspection(uow, assessment=world.key(session), seen=found),
    )
    suspended_for(world, GroundKind.BLACKLIST)
    world.publish()

    sheet = world.sheet(session)
    assert (sheet.facts.veto, sheet.veto_reason) == ("forgery", "提交伪造的检测报告。")


def test_to_another_association_the_cycle_does_not_exist(world):
    world.open()
    stranger = make_association("JL-Z02").examiner

    with pytest.raises(NotFound):
        act(stranger, lambda uow: whole.cut_off(uow, cycle=world.cycle), at=AFTER)
