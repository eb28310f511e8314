"""Listings are taken in, scored and graded in steps: as at one go, each once, whoever is killed."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from marketplace.assessments.models import Assessment, AssessmentCycle, RemovalCase
from marketplace.assessments.queries import cycles
from marketplace.assessments.rules import PASSING, CycleState, Veto
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    objecting,
    scoring,
)
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all, deliver_due
from marketplace.infra.outbox.listening import START
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.institutions.models.dossier import InstitutionFacts
from marketplace.institutions.models.market import Listing
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act
from tests.engagements import State, make_engagement
from tests.factories import make_member
from tests.multiplied import multiply_institution
from tests.service.assessments.test_cycles import AFTER

pytestmark = pytest.mark.usefixtures("app")
LISTINGS = 7
C = CycleState
LATER = AFTER + timedelta(days=30)


@pytest.fixture
def house():
    """An association with seven listings, one of them with work."""
    found = make_association()
    world = make_engagement(State.CLOSED)
    multiply_institution(world.provider.organisation_id, LISTINGS - 1)
    return found


def begin(house) -> int:
    said = {"association_id": house.organisation_id, "year": TODAY.year}
    return act(house.examiner, lambda uow: enrolling.open_cycle(uow, **said)).id


def do(who, service, cycle, at=AFTER) -> None:
    act(who, lambda uow: service(uow, cycle=cycle), at=at)


def cut_off(house) -> int:
    """A year whose facts are frozen, with a veto fact on one of its listings."""
    cycle = begin(house)
    whole.work_off(whole.take_in, cycle, NOON)
    with db.engine.begin() as connection:
        one = select(func.max(Assessment.id)).scalar_subquery()
        facts = {"veto": Veto.FORGERY, "veto_reason": "伪造"}
        connection.execute(update(Assessment).where(Assessment.id == one).values(**facts))
    do(house.examiner, whole.cut_off, cycle)
    return cycle


def objected(house) -> int:
    """A year whose grades can be made final."""
    cycle = cut_off(house)
    for service in (whole.score_cycle, assessing.publish_preliminary):
        do(house.examiner, service, cycle)
    settle_due(now=LATER, raise_errors=True)
    return cycle


def state(cycle) -> CycleState:
    db.session.rollback()
    return db.session().get_one(AssessmentCycle, cycle).state


def kept(*columns) -> list[tuple[object, ...]]:
    """What stands in every assessment now."""
    db.session.rollback()
    found = db.session().execute(select(Assessment.listing_id, *columns)).all()
    db.session.rollback()
    return sorted(tuple(map(str, row)) for row in found)


def kinds(cycle) -> list[str]:
    db.session.rollback()
    query = select(EventRecord.kind).where(EventRecord.subject_kind == "assessment_cycle")
    return [kind.split(".")[1] for kind in db.session().scalars(query.order_by(EventRecord.id))]


def at_one_go(who, service, cycle, at, *columns) -> list[tuple[object, ...]]:
    """What one transaction gives, which is then taken back."""
    found = []

    class TakenBack(Exception):
        pass

    def look(uow):
        service(uow, cycle=cycle)
        rows = uow.session.execute(select(Assessment.listing_id, *columns)).all()
        found.extend(tuple(map(str, row)) for row in rows)
        raise TakenBack

    with pytest.raises(TakenBack):
        act(who, look, at=at)
    return sorted(found)


@pytest.mark.parametrize("at_once", [2, 3, 7, 100])
def test_a_year_is_open_once_every_listing_is_taken_in_once(house, monkeypatch, at_once):
    monkeypatch.setattr(enrolling, "AT_ONCE", at_once)
    cycle = begin(house)
    assert (state(cycle), kept()) == (CycleState.PLANNED, [])

    steps = whole.work_off(whole.take_in, cycle, NOON)

    assert steps == LISTINGS // at_once + 1
    assert state(cycle) is CycleState.OPEN
    listings = db.session().scalars(select(Listing.id)).all()
    assert kept() == sorted((str(key),) for key in listings)
    assert kinds(cycle) == ["begun", *["listings_taken_in"] * (steps - 1), "opened"]


def test_what_was_admitted_meanwhile_is_taken_in_at_the_cut_off_in_steps(house, monkeypatch):
    cycle = begin(house)
    whole.work_off(whole.take_in, cycle, NOON)
    with db.engine.begin() as connection:
        connection.execute(Assessment.__table__.delete().where(Assessment.id % 2 == 0))
    assert len(kept()) < LISTINGS
    monkeypatch.setattr(enrolling, "AT_ONCE", 2)

    do(house.examiner, whole.cut_off, cycle)

    assert len(kept()) == LISTINGS
    assert cycles.done_of(db.session(), cycle, Assessment.frozen_at) == (LISTINGS, LISTINGS)


@pytest.mark.parametrize("at_once", [1, 3, 7, 100])
def test_scores_reckoned_in_steps_are_those_of_one_go(house, monkeypatch, at_once):
    cycle = cut_off(house)
    scores = (Assessment.total_hundredths, Assessment.grade)
    expected = at_one_go(house.examiner, whole.score_cycle, cycle, AFTER, *scores)
    monkeypatch.setattr(scoring, "AT_ONCE", at_once)
    do(house.examiner, scoring.score_cycle, cycle)
    assert state(cycle) is CycleState.SCORING

    steps = whole.work_off(whole.reckon_scores, cycle, AFTER)

    assert steps == -(-LISTINGS // at_once)
    assert kept(*scores) == expected
    assert {"D", ""} <= {grade for *_, grade in expected}
    assert state(cycle) is CycleState.SCORED
    assert kinds(cycle)[-steps - 1 :] == [
        "scoring_begun",
        *["scores_reckoned"] * (steps - 1),
        "scored",
    ]


def test_grades_written_in_steps_are_those_of_one_go_and_open_one_removal(house, monkeypatch):
    cycle = objected(house)
    monkeypatch.setattr(finishing, "AT_ONCE", 2)
    do(house.approver, finishing.make_final, cycle, LATER)
    assert state(cycle) is CycleState.FINISHING
    once, count = finishing._finish, []

    def killed_at_the_fourth(*facts):
        count.append(1)
        if len(count) == 4:
            raise KeyboardInterrupt
        once(*facts)

    monkeypatch.setattr(finishing, "_finish", killed_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        whole.work_off(whole.write_grades, cycle, LATER)
    assert cycles.done_of(db.session(), cycle, Assessment.final_at) == (2, LISTINGS)
    assert state(cycle) is CycleState.FINISHING

    whole.work_off(whole.write_grades, cycle, LATER)

    assert state(cycle) is CycleState.FINAL
    row = db.session().get_one(AssessmentCycle, cycle)
    assert (row.final_by, row.final_at.astimezone(SHANGHAI)) == (house.approver.user_id, LATER)
    assert db.session().scalar(select(func.count(RemovalCase.id))) == 1
    grades = dict(db.session().execute(select(Listing.id, Listing.grade)).all())
    assert {grade for grade in grades.values() if grade} == {"D"}
    final = select(func.count(EventRecord.id)).where(EventRecord.kind == "assessment.final")
    assert db.session().scalar(final) == LISTINGS


def test_the_worker_goes_on_by_itself(app, house, monkeypatch):
    for module in (enrolling, scoring, finishing):
        monkeypatch.setattr(module, "AT_ONCE", 3)
    settings = app.extensions["settings"]
    deliver_all(settings)
    cycle, seen = begin(house), []
    while state(cycle) is CycleState.PLANNED:
        seen.append(len(kept()))
        deliver_due(settings, "worker", raise_errors=True)

    assert seen == [0, 3, 6]
    assert state(cycle) is CycleState.OPEN


def passing(house, wanted) -> int:
    """A year with which the worker is busy, its first listings being done."""
    if wanted is C.PLANNED:
        cycle, step = begin(house), whole.take_in
    elif wanted is C.FREEZING:
        cycle, step = begin(house), whole.freeze_facts
        whole.work_off(whole.take_in, cycle, NOON)
        do(house.examiner, freezing.cut_off, cycle)
    elif wanted is C.SCORING:
        cycle, step = cut_off(house), whole.reckon_scores
        do(house.examiner, scoring.score_cycle, cycle)
    else:
        cycle, step = objected(house), whole.write_grades
        do(house.approver, finishing.make_final, cycle, LATER)
    act(SYSTEM, lambda uow: step(uow, cycle, START), at=LATER)
    return cycle


def acts_on(house, cycle):
    """Every act on a year and on one of its sheets, with who might do it at another time."""
    db.session.rollback()
    query = select(Assessment.id, Assessment.organisation_id).where(Assessment.cycle_id == cycle)
    sheet, owner = db.session().execute(query.order_by(Assessment.id)).first()
    db.session.rollback()
    agent = make_member(owner, Role.INSTITUTION_AGENT)
    seen = assessing.Inspection(Decimal(9), "现场整洁。")
    inspect, objects = assessing.record_inspection, objecting.file_objection
    return {
        "inspect": (house.colleague, lambda uow: inspect(uow, assessment=sheet, seen=seen)),
        "cut off": (house.colleague, lambda uow: freezing.cut_off(uow, cycle=cycle)),
        "score": (house.colleague, lambda uow: scoring.score_cycle(uow, cycle=cycle)),
        "publish": (
            house.colleague,
            lambda uow: assessing.publish_preliminary(uow, cycle=cycle),
        ),
        "final": (house.approver, lambda uow: finishing.make_final(uow, cycle=cycle)),
        "object": (agent, lambda uow: objects(uow, assessment=sheet, body="有误。")),
    }


@pytest.mark.parametrize("wanted", PASSING)
def test_nobody_acts_on_a_year_while_the_worker_is_busy_with_it(house, monkeypatch, wanted):
    for module in (enrolling, freezing, scoring, finishing):
        monkeypatch.setattr(module, "AT_ONCE", 3)
    cycle = passing(house, wanted)
    assert state(cycle) is wanted

    codes = {}
    for name, (who, work) in acts_on(house, cycle).items():
        with pytest.raises(Refused) as refusal:
            act(who, work, at=LATER)
        codes[name] = refusal.value.code

    steps = dict.fromkeys(("cut off", "score", "publish", "final"), "assessment.not_now")
    early = "assessment.being_taken_in"
    assert codes == steps | {
        "inspect": early if wanted is C.PLANNED else "assessment.facts_frozen",
        "object": "assessment.no_objections_now",
    }
    assert state(cycle) is wanted


def test_a_step_of_a_year_with_which_it_has_nothing_to_do_changes_nothing(house):
    cycle = cut_off(house)
    before = (kept(Assessment.scored_at, Assessment.final_at), kinds(cycle))
    for step in (whole.take_in, whole.freeze_facts, whole.reckon_scores, whole.write_grades):
        assert whole.work_off(step, cycle, datetime.now(SHANGHAI)) == 1

    assert (kept(Assessment.scored_at, Assessment.final_at), kinds(cycle)) == before


def test_an_association_takes_in_what_lies_where_it_is_competent_for_the_item(house):
    elsewhere = make_association("JL-Z05", region_code="220300")
    other_item = make_association("JL-Z02")
    said = {"year": TODAY.year}

    for other in (elsewhere, other_item):
        with pytest.raises(Refused, match=r"assessment\.nothing_to_assess"):
            act(
                other.examiner,
                lambda uow, key=other.organisation_id: enrolling.open_cycle(
                    uow, association_id=key, **said
                ),
            )
    with db.engine.begin() as connection:
        facts = InstitutionFacts.__table__
        some = select(func.max(facts.c.id)).scalar_subquery()
        connection.execute(facts.update().where(facts.c.id == some).values(region_code="220300"))

    taken = {}
    for name, one in (("here", house), ("there", elsewhere)):
        facts = said | {"association_id": one.organisation_id}
        ref = act(one.examiner, lambda uow, facts=facts: enrolling.open_cycle(uow, **facts))
        whole.work_off(whole.take_in, ref.id, NOON)
        db.session.rollback()
        taken[name] = cycles.cycle(db.session(), ref.id).listings
    assert taken == {"here": LISTINGS - 1, "there": 1}
