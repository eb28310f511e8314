"""Objections to preliminary grades: decided by another person, corrections kept beside facts."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.assessments.queries import cycles
from marketplace.assessments.rules import ObjectionOutcome
from marketplace.assessments.services import objecting
from marketplace.kernel.times import SHANGHAI
from tests import assessments as whole
from tests.conftest import NOON
from tests.dossiers import act
from tests.service.assessments.years import AFTER, make_world, refused, work_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def world(app, monkeypatch):
    return make_world(monkeypatch)


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
