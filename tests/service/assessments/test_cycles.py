"""A year's assessment: frozen facts, scores, objections, final grades by another person."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from marketplace.assessments import models
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.rules import CycleState, ObjectionOutcome, Veto
from marketplace.assessments.services import assessing, freezing, objecting
from marketplace.assessments.services.assessing import Inspection
from marketplace.clocks.queries import light_days
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries.facts import AcceptedWork
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules.market import GroundKind, RemovalCause
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.ratings import queries as ratings
from tests import assessments as whole
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing, make_agent

pytestmark = pytest.mark.usefixtures("app")
YEAR = TODAY.year
DAY = timedelta(days=1)
AFTER = datetime.combine(date(YEAR + 1, 1, 11), NOON.time(), SHANGHAI)


def work_of(*returns, late=0):
    """So many accepted engagements with these returns, the first of them late."""
    return tuple(
        AcceptedWork(
            engagement_id=number,
            number=f"WT-{YEAR}-{number:06d}",
            accepted_at=NOON,
            listing_id=0,
            within_limit=number > late,
            returns=count,
        )
        for number, count in enumerate(returns, 1)
    )


def table(session, cycle):
    return sheets.TABLE.read(session, Asked(), {"cycle": cycle}).rows


def cases(session, association):
    days = light_days(session, TODAY, own=association)
    return removals.HANDLED.read(session, Asked(), days).rows


class World:
    """An association with one listing whose work is as the test says."""

    def __init__(self, monkeypatch) -> None:
        self.association = make_association()
        self.agent = make_agent()
        self.listing_id = admitted_listing(self.agent)
        self.work = ()
        monkeypatch.setattr(
            engagements, "accepted_work", lambda _, ids, *__: dict.fromkeys(ids, self.work)
        )
        self.mean = Decimal("4.5")
        monkeypatch.setattr(ratings, "means_of", lambda _, ids: dict.fromkeys(ids, self.mean))
        monkeypatch.setattr(ratings, "item_means", lambda *_: {"JL-Z01": Decimal(4)})

    def open(self, at=None):
        ref = act(
            self.association.examiner,
            lambda uow: whole.open_cycle(
                uow, association_id=self.association.organisation_id, year=YEAR
            ),
            at=at,
        )
        self.cycle = ref.id
        return ref

    def do(self, who, service, at=AFTER, **facts):
        return act(who, lambda uow: service(uow, cycle=self.cycle, **facts), at=at)

    def sheet(self, session):
        session.rollback()
        row = table(session, self.cycle)[0]
        return sheets.sheet(session, row.public_id, TODAY)

    def key(self, session):
        return self.sheet(session).row.id

    def publish(self):
        for service in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
            self.do(self.association.examiner, service)

    def end_objections(self, session):
        until = cycles.cycle(session, self.cycle).objection_until
        after = datetime.combine(until + timedelta(days=1), NOON.time(), SHANGHAI)
        settle_due(now=after, raise_errors=True)
        return after


@pytest.fixture
def world(app, monkeypatch):
    found = World(monkeypatch)
    # The work of the year belongs to engagements that these tests do not make.
    tables = SimpleNamespace(**vars(models) | {"AssessmentWork": _Unkept})
    monkeypatch.setattr(freezing, "models", tables)
    return found


class _Unkept:
    """Takes the place of a row that would need its engagement; writes an ordinary fact instead."""

    def __new__(cls, *, assessment_id, engagement_id, **_facts):
        name = f"work {engagement_id}"
        return models.AssessmentFact(assessment_id=assessment_id, name=name, value="")


def refused(who, work, at=AFTER):
    with pytest.raises(Refused) as refusal:
        act(who, work, at=at)
    return refusal.value.code


def state(session, world):
    session.rollback()
    return cycles.cycle(session, world.cycle).state


def listing(session, world):
    session.rollback()
    return institutions.listing(session, world.listing_id)


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


def test_grade_d_opens_a_removal_case(session, world):
    world.work, world.mean = work_of(2, 1, 3, late=3), Decimal(1)
    world.open()
    world.publish()
    assert world.sheet(session).row.grade == "D"
    world.do(world.association.approver, whole.make_final, at=world.end_objections(session))

    found = cases(session, world.association.organisation_id)
    assert [(one.cause, one.state) for one in found] == [("assessment", "opened")]
    assert listing(session, world).state == "admitted"


def test_grade_c_is_a_notice_to_rectify(session, world, reached):
    world.work = work_of(1, 1, 1)
    world.open()
    world.publish()
    assert world.sheet(session).row.grade == "C"
    world.do(world.association.approver, assessing.make_final, at=world.end_objections(session))

    assert "assessment.rectification_noticed" in reached


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


# ------------------------------------------------------------------ objections


def objected(world, session):
    act(
        world.agent,
        lambda uow: objecting.file_objection(
            uow, assessment=world.key(session), body="第三件并未退回。"
        ),
        at=AFTER,
    )


def test_an_upheld_objection_corrects_the_fact_and_both_values_stay(session, world):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    before = world.sheet(session).row.total
    objected(world, session)

    act(
        world.association.approver,
        lambda uow: objecting.decide_objection(
            uow,
            assessment=world.key(session),
            outcome=ObjectionOutcome.UPHELD,
            reason="记录有误。",
            corrections={"first_pass": Decimal(3)},
        ),
        at=AFTER,
    )

    sheet = world.sheet(session)
    assert sheet.row.total > before
    assert [(one.name, one.was, one.now) for one in sheet.corrections] == [("first_pass", "2", "3")]


def test_who_published_the_grades_decides_no_objection(session, world):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    objected(world, session)

    code = refused(
        world.association.examiner,
        lambda uow: objecting.decide_objection(
            uow,
            assessment=world.key(session),
            outcome=ObjectionOutcome.DISMISSED,
            reason="记录无误。",
        ),
    )
    assert code == "assessment.own_grades"


def test_an_open_objection_keeps_the_grades_from_becoming_final(session, world):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    objected(world, session)
    after = world.end_objections(session)

    code = refused(
        world.association.approver,
        lambda uow: whole.make_final(uow, cycle=world.cycle),
        at=after,
    )
    assert code == "assessment.objections_open"


def corrected(world, session, **facts):
    """The approver upholds the objection with these facts."""
    return lambda uow: objecting.decide_objection(
        uow,
        assessment=world.key(session),
        outcome=ObjectionOutcome.UPHELD,
        reason="记录有误。",
        corrections={name: Decimal(value) for name, value in facts.items()},
    )


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("on_time", "2.5"),
        ("first_pass", "2.9"),
        ("upheld", "0.5"),
        ("partly", "0.1"),
        ("days_valid", "20.5"),
        ("inspection", "8.55"),
        ("inspection", "10.1"),
        ("first_pass", "4"),
        ("inspection", "-1"),
        ("upheld", "-1"),
        ("accepted", "3"),
    ],
)
def test_a_correction_is_taken_as_it_was_said_or_refused_and_never_cut(session, world, fact, value):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    objected(world, session)

    code = refused(world.association.approver, corrected(world, session, **{fact: value}))

    assert code == "assessment.correction_wrong"
    assert world.sheet(session).corrections == ()


def test_the_points_of_an_inspection_are_corrected_with_their_decimal(session, world):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    objected(world, session)
    act(world.association.approver, corrected(world, session, inspection="8.5"), at=AFTER)

    sheet = world.sheet(session)
    assert [(one.was, one.now) for one in sheet.corrections] == [("", "8.5")]
    assert sheet.facts.inspection == Decimal("8.5")


def test_objections_are_taken_on_five_working_days_only(session, world):
    world.work = work_of(0, 0, 1)
    world.open()
    world.publish()
    until = cycles.cycle(session, world.cycle).objection_until
    late = datetime.combine(until + timedelta(days=1), NOON.time(), SHANGHAI)

    code = refused(
        world.agent,
        lambda uow: objecting.file_objection(uow, assessment=world.key(session), body="太迟"),
        at=late,
    )
    assert code == "assessment.no_objections_now"


def test_to_another_association_the_cycle_does_not_exist(world):
    world.open()
    stranger = make_association("JL-Z02").examiner

    with pytest.raises(NotFound):
        act(stranger, lambda uow: whole.cut_off(uow, cycle=world.cycle), at=AFTER)
