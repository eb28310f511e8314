"""All that each act of an assessment, a removal and a rectification leaves behind."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.assessments.models import Assessment, AssessmentCycle, RemovalCase
from marketplace.assessments.rules import ObjectionOutcome, RemovalOutcome, Step, Veto
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    objecting,
    rectifying,
    removing,
    scoring,
)
from marketplace.assessments.services.assessing import Inspection
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import describing, offering
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI, end_of_day
from tests import assessments as whole
from tests.assessments import cut_off, freeze
from tests.cases import make_association
from tests.dossiers import a_scan, act, admitted_listing, basic_facts, contact_facts, make_agent
from tests.engagements import World as Work
from tests.engagements import (
    accept,
    contract,
    deliver,
    make_enterprise,
    project_of,
    rate,
    request,
    start,
    take_on,
)
from tests.stories import refusals

REMOVE, DISMISS = RemovalOutcome.REMOVE, RemovalOutcome.DISMISS
MINUTE = timedelta(minutes=1)


class World:
    """An association and an institution with a listing; acts a minute apart."""

    def __init__(self):
        self.association = make_association()
        self.agent = make_agent()
        self.listing = admitted_listing(self.agent)
        self.stranger = make_agent()
        self.at = datetime(2026, 11, 23, 13, tzinfo=SHANGHAI)
        self.key = 0

    @property
    def people(self):
        """Whom the story names."""
        return {
            "the agent": self.agent,
            "the examiner": self.association.examiner,
            "the approver": self.association.approver,
            "the stranger": self.stranger,
        }

    def do(self, who, service, **said):
        """One act, a minute after the last."""
        self.at += MINUTE
        return act(who, lambda uow: service(uow, **said), at=self.at)


def case_acts(case):
    """Every act on a removal case."""
    said = {"case": case, "reason": "一"}
    return {
        "notify": lambda uow: removing.notify_removal(uow, case=case),
        "suspend": lambda uow: removing.take_interim(uow, **said),
        "reply": lambda uow: removing.reply_removal(uow, case=case, body="一"),
        "propose": lambda uow: removing.propose_removal(uow, outcome=REMOVE, **said),
        "send back": lambda uow: removing.send_back_removal(uow, **said),
        "decide": lambda uow: removing.decide_removal(uow, outcome=REMOVE, **said),
    }


def opening(world, **changes):
    """Open a removal case."""
    said = {"listing": world.listing, "cause": RemovalCause.OTHER, "facts": " 多次失实 "}
    return lambda uow: removing.open_removal_case(uow, **said | changes)


def open_case(world, **changes):
    """A removal case of the listing."""
    world.at += MINUTE
    world.key = act(world.association.examiner, opening(world, **changes), at=world.at).id


@pytest.mark.parametrize("outcome", [REMOVE, DISMISS])
def test_a_removal_is_heard_proposed_and_decided_by_two(story, outcome):
    world = World()
    examiner, approver = world.association.examiner, world.association.approver
    with story(f"assessments/case_{outcome}", **world.people) as told:

        def who_may():
            told.may(case_acts(world.key), *world.people.values(), at=world.at)

        told.may({"open": opening(world)}, *world.people.values(), at=world.at)
        told.may({"no facts": opening(world, facts=" ")}, examiner, at=world.at)
        open_case(world, evidence=a_scan())
        refusals(lambda: open_case(world))
        who_may()
        world.do(examiner, removing.notify_removal, case=world.key)
        who_may()
        interim = removing.take_interim
        refusals(lambda: world.do(approver, interim, case=world.key, reason=" "))
        world.do(approver, interim, case=world.key, reason=" 调查期间 ")
        reply = removing.reply_removal
        refusals(lambda: world.do(world.agent, reply, case=world.key, body=" "))
        world.do(world.agent, reply, case=world.key, body=" 已整改 ", evidence=a_scan())
        who_may()
        propose = removing.propose_removal
        refusals(
            lambda: world.do(examiner, propose, case=world.key, outcome="x", reason="一"),
            lambda: world.do(examiner, propose, case=world.key, outcome=outcome, reason=" "),
        )
        said = {"case": world.key, "outcome": outcome, "reason": " 事实清楚 "}
        world.do(examiner, propose, **said)
        who_may()
        back = removing.send_back_removal
        refusals(lambda: world.do(approver, back, case=world.key, reason=" "))
        world.do(approver, back, case=world.key, reason=" 再核 ")
        world.do(examiner, propose, **said)
        other = DISMISS if outcome is REMOVE else REMOVE
        decide = removing.decide_removal
        refusals(
            lambda: world.do(approver, decide, case=world.key, outcome=other, reason="一"),
            lambda: world.do(approver, decide, case=world.key, outcome=outcome, reason=" "),
        )
        world.do(approver, decide, **said)
        who_may()
        settle = removing.settle_removal
        world.at -= 2 * MINUTE
        assert not world.do(SYSTEM, settle, case=world.key)
        assert world.do(SYSTEM, settle, case=world.key)
        assert not world.do(SYSTEM, settle, case=world.key)


def test_a_hearing_that_is_not_used_ends_by_itself(story):
    world = World()
    open_case(world)
    world.do(world.association.examiner, removing.notify_removal, case=world.key)
    with story("assessments/case_unheard", **world.people):
        due = db.session().get_one(RemovalCase, world.key).reply_by
        db.session.rollback()
        world.at = end_of_day(due) - MINUTE - timedelta(seconds=1)
        assert not world.do(SYSTEM, removing.settle_removal, case=world.key)
        world.at = end_of_day(due) - MINUTE
        assert world.do(SYSTEM, removing.settle_removal, case=world.key)
        assert not world.do(SYSTEM, removing.settle_removal, case=world.key)


def removed(cause=RemovalCause.OTHER):
    """A listing that was removed."""
    world = World()
    open_case(world, cause=cause)
    examiner, approver = world.association.examiner, world.association.approver
    said = {"case": world.key, "outcome": REMOVE, "reason": "事实清楚。"}
    world.do(examiner, removing.notify_removal, case=world.key)
    world.do(world.agent, removing.reply_removal, case=world.key, body="一")
    world.do(examiner, removing.propose_removal, **said)
    world.do(approver, removing.decide_removal, **said)
    return world


def test_what_led_to_a_removal_is_put_right_step_by_step(story):
    world = removed()
    with story("assessments/rectified", **world.people) as told:
        steps = {
            "begin": lambda uow: rectifying.begin_plan(uow, listing=world.listing),
            "do": lambda uow: rectifying.do_step(
                uow, listing=world.listing, code=next(iter(Step)), words="一", evidence=a_scan()
            ),
            "apply": lambda uow: rectifying.apply_for_readmission(uow, listing=world.listing),
        }
        told.may(steps, *world.people.values(), at=world.at)
        world.do(world.agent, rectifying.begin_plan, listing=world.listing)
        told.may(steps, *world.people.values(), at=world.at)
        for code in Step:
            said = {"listing": world.listing, "code": code}
            refusals(
                lambda said=said: world.do(world.agent, rectifying.do_step, words="一", **said),
                lambda said=said: world.do(
                    world.agent, rectifying.do_step, words=" ", evidence=a_scan(), **said
                ),
            )
            world.do(world.agent, rectifying.do_step, words=" 已办 ", evidence=a_scan(), **said)
        world.do(world.agent, rectifying.do_step, listing=world.listing, code=code, words="补充")
        told.may(steps, *world.people.values(), at=world.at)
        world.at += timedelta(days=370)
        told.may(steps, world.agent, at=world.at)


def test_a_listing_that_left_meanwhile_stays_out(story):
    world = World()
    open_case(world)
    examiner, approver = world.association.examiner, world.association.approver
    said = {"case": world.key, "outcome": REMOVE, "reason": "事实清楚。"}
    world.do(examiner, removing.notify_removal, case=world.key)
    with story("assessments/case_left", **world.people):
        world.do(world.agent, offering.leave_listing, listing_id=world.listing)
        world.do(world.agent, removing.reply_removal, case=world.key, body="一")
        world.do(examiner, removing.propose_removal, **said)
        world.do(approver, removing.decide_removal, **said)


class Year(World):
    """The assessment of a year with one accepted piece of work."""

    def open(self, year=2026):
        """Open the year."""
        house = self.association.organisation_id
        said = {"association_id": house, "year": year}
        self.key = self.do(self.association.examiner, whole.open_cycle, **said).id

    def on_cycle(self, who, service):
        """One act on the cycle."""
        return self.do(who, service, cycle=self.key)

    def sheet(self):
        """The key of the listing's assessment."""
        query = db.session().query(Assessment).filter_by(cycle_id=self.key, listing_id=self.listing)
        key = query.one().id
        db.session.rollback()
        return key


def cycle_acts(world):
    """Every act on a cycle, and on its sheet."""
    key = world.key
    sheet = world.sheet() if key else 0
    seen, upheld = Inspection(Decimal("7.5"), "一"), ObjectionOutcome.UPHELD
    house = world.association.organisation_id
    return {
        "open": lambda uow: enrolling.open_cycle(uow, association_id=house, year=2025),
        "cut off": lambda uow: freezing.cut_off(uow, cycle=key),
        "inspect": lambda uow: assessing.record_inspection(uow, assessment=sheet, seen=seen),
        "score": lambda uow: scoring.score_cycle(uow, cycle=key),
        "publish": lambda uow: assessing.publish_preliminary(uow, cycle=key),
        "object": lambda uow: objecting.file_objection(uow, assessment=sheet, body="一"),
        "answer": lambda uow: objecting.decide_objection(
            uow,
            assessment=sheet,
            outcome=upheld,
            reason="一",
            corrections={"partly": Decimal(0)},
        ),
        "make final": lambda uow: finishing.make_final(uow, cycle=key),
    }


AFTER = datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI)


def test_a_year_is_assessed_from_its_opening_to_its_grades(story):
    world = Year()
    examiner, approver = world.association.examiner, world.association.approver
    with story("assessments/year", **world.people) as told:

        def who_may():
            told.may(cycle_acts(world), *world.people.values(), at=world.at)

        house = world.association.organisation_id
        years = {
            str(year): lambda uow, year=year: enrolling.open_cycle(
                uow, association_id=house, year=year
            )
            for year in (2025, 2026, 2027)
        }
        told.may(years, examiner, approver, world.agent, at=world.at)
        world.open()
        refusals(world.open)
        who_may()
        inspect = assessing.record_inspection
        seen = {
            "eleven": Inspection(Decimal(11), "一"),
            "ten": Inspection(Decimal(10), "一"),
            "ten and a bit": Inspection(Decimal("10.1"), "一"),
            "nought": Inspection(Decimal(0), "一"),
            "less": Inspection(Decimal("-0.1"), "一"),
            "two places": Inspection(Decimal("5.55"), "一"),
            "no words": Inspection(Decimal(5), " "),
            "not inspected": Inspection(None),
            "veto": Inspection(None, "", Veto.FORGERY, "伪造"),
            "veto without reason": Inspection(None, "", Veto.FORGERY, " "),
        }
        sheet = world.sheet()
        tries = {
            name: lambda uow, one=one: inspect(uow, assessment=sheet, seen=one)
            for name, one in seen.items()
        }
        told.may(tries, examiner, at=world.at)
        world.do(examiner, inspect, assessment=sheet, seen=Inspection(Decimal("7.5"), " 良 "))
        cut = {"cut off": cycle_acts(world)["cut off"]}
        for at in (AFTER - timedelta(seconds=1), AFTER):
            told.may(cut, examiner, at=at)
        world.at = AFTER
        for step in (freezing.cut_off, whole.score_cycle, assessing.publish_preliminary):
            world.on_cycle(examiner, step)
            who_may()
            if step is freezing.cut_off:
                freeze(world.key, world.at)
                who_may()
        file = objecting.file_objection
        refusals(lambda: world.do(world.agent, file, assessment=sheet, body=" "))
        world.do(world.agent, file, assessment=sheet, body=" 有误 ")
        who_may()
        decide_both(world, told, sheet)
        late = until(world)
        told.may({"object": cycle_acts(world)["object"]}, world.agent, at=late)
        told.may(
            {"object": cycle_acts(world)["object"]}, world.agent, at=late - timedelta(seconds=1)
        )
        for at, done in ((late - timedelta(seconds=1), False), (late, True), (late, False)):
            world.at = at - MINUTE
            assert world.do(SYSTEM, assessing.settle_cycle, cycle=world.key) is done
        who_may()
        world.on_cycle(approver, whole.make_final)
        who_may()


def decide_both(world, told, sheet):
    """The objection is decided with corrections of every kind tried."""
    approver = world.association.approver
    decide, upheld = objecting.decide_objection, ObjectionOutcome.UPHELD

    def correct(**corrections):
        values = {name: Decimal(value) for name, value in corrections.items()}
        said = {"outcome": upheld, "reason": "一", "corrections": values}
        return lambda uow: decide(uow, assessment=sheet, **said)

    tries = {
        "nothing": correct(),
        "upheld": correct(upheld="1"),
        "upheld half": correct(upheld="0.5"),
        "less": correct(upheld="-1"),
        "inspection": correct(inspection="10"),
        "more": correct(inspection="10.1"),
        "two places": correct(inspection="5.55"),
        "on time": correct(on_time="0"),
        "more on time than work": correct(on_time="1"),
        "days": correct(days_valid="9999"),
        "unknown": correct(accepted="1"),
    }
    told.may(tries, approver, at=world.at)
    said = {"outcome": upheld, "assessment": sheet}
    corrections = {"inspection": Decimal("9.5"), "partly": Decimal(1)}
    refusals(lambda: world.do(approver, decide, reason=" ", corrections=corrections, **said))
    world.do(approver, decide, reason=" 属实 ", corrections=corrections, **said)


def until(world):
    """The first instant after the days of objection."""
    row = db.session().get_one(AssessmentCycle, world.key)
    db.session.rollback()
    return end_of_day(row.objection_until)


def work_for(world):
    """An enterprise's work, done and rated."""
    client = make_enterprise()
    done = request(Work(client, world.agent, world.listing, project_of(client), 0, ""))
    for step in (take_on, contract, start, deliver, accept, rate):
        step(done)


@pytest.mark.parametrize("veto", [None, Veto.FORGERY])
def test_a_grade_is_written_on_the_listing_and_a_d_opens_a_case(story, veto):
    world = Year()
    examiner, approver = world.association.examiner, world.association.approver
    for _ in range(3):
        work_for(world)
    world.open()
    with story(f"assessments/graded_{veto}", **world.people):
        seen = Inspection(Decimal(9), "一", veto, "伪造" if veto else "")
        world.do(examiner, assessing.record_inspection, assessment=world.sheet(), seen=seen)
        world.at = AFTER
        for service in (cut_off, whole.score_cycle, assessing.publish_preliminary):
            world.on_cycle(examiner, service)
        world.at = until(world)
        world.on_cycle(SYSTEM, assessing.settle_cycle)
        world.on_cycle(approver, whole.make_final)


def test_a_dismissed_objection_leaves_the_grade(story):
    world = Year()
    examiner, approver = world.association.examiner, world.association.approver
    world.open()
    world.at = AFTER
    for service in (cut_off, whole.score_cycle, assessing.publish_preliminary):
        world.on_cycle(examiner, service)
    sheet = world.sheet()
    with story("assessments/objection_dismissed", **world.people):
        world.do(world.agent, objecting.file_objection, assessment=sheet, body="有误")
        said = {"assessment": sheet, "outcome": ObjectionOutcome.DISMISSED, "reason": " 无据 "}
        world.do(approver, objecting.decide_objection, **said)


def test_an_address_changed_in_rectification_is_judged_with_it(story):
    world = removed()
    world.do(world.agent, rectifying.begin_plan, listing=world.listing)
    with story("assessments/rectifying_profile", **world.people):

        def save(uow):
            row = institutions.listing(uow.session, world.listing)
            said = basic_facts(address="示例大街9号") | contact_facts()
            describing.save_profile(uow, institution_id=row.institution_id, said=said)

        world.at += MINUTE
        act(world.agent, save, at=world.at)
