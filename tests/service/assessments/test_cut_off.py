"""The facts of a year are frozen in steps: as at one go, each listing once, whoever is killed."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.assessments.models import (
    Assessment,
    AssessmentCycle,
    AssessmentFact,
    AssessmentItemMean,
    AssessmentWork,
)
from marketplace.assessments.queries import cycles
from marketplace.assessments.rules import CycleState
from marketplace.assessments.services import freezing, scoring
from marketplace.infra.database import db, writing_session
from marketplace.infra.outbox.delivery import deliver_all, deliver_due
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from tests import assessments as whole
from tests.assessments import cut_off, freeze
from tests.cases import make_association
from tests.conftest import TODAY
from tests.dossiers import act
from tests.engagements import State, make_engagement
from tests.multiplied import multiply_institution
from tests.service.assessments.test_cycles import AFTER
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("app")
LISTINGS = 7


@pytest.fixture
def house():
    """An association with seven listings, each with one work that was rated."""
    found = make_association()
    world = make_engagement(State.CLOSED)
    multiply_institution(world.provider.organisation_id, LISTINGS - 1)
    # One of them was returned and is late, so that the listings differ.
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE engagement SET returns = 1, within_limit = false"
            " WHERE id = (SELECT max(id) FROM engagement)"
        )
    return found


def opened(house):
    said = {"association_id": house.organisation_id, "year": TODAY.year}
    return act(house.examiner, lambda uow: whole.open_cycle(uow, **said)).id


def frozen(cycle):
    """What is frozen of each listing, its work included."""
    db.session.rollback()
    session = db.session()
    listings = dict(
        session.execute(
            select(Assessment.id, Assessment.listing_id).where(Assessment.cycle_id == cycle)
        ).all()
    )
    facts = session.execute(
        select(AssessmentFact.assessment_id, AssessmentFact.name, AssessmentFact.value)
    )
    work = session.execute(
        select(
            AssessmentWork.assessment_id,
            AssessmentWork.engagement_id,
            AssessmentWork.within_limit,
            AssessmentWork.returns,
            AssessmentWork.rating_mean,
        )
    )
    found = sorted((listings[key], *map(str, rest)) for key, *rest in (*facts, *work))
    db.session.rollback()
    return found


def at_one_go(house, cycle):
    """What one transaction gives, which is then taken back."""
    found = []

    class TakenBack(Exception):
        pass

    def look(uow):
        cut_off(uow, cycle=cycle)
        rows = uow.session.execute(
            select(Assessment.listing_id, AssessmentFact.name, AssessmentFact.value).join(
                Assessment, Assessment.id == AssessmentFact.assessment_id
            )
        )
        found.extend(tuple(row) for row in rows)
        raise TakenBack

    with pytest.raises(TakenBack):
        act(house.examiner, look, at=AFTER)
    return sorted(found)


def begin(house, cycle):
    act(house.examiner, lambda uow: freezing.cut_off(uow, cycle=cycle), at=AFTER)


def step(cycle):
    return act(SYSTEM, lambda uow: freezing.freeze_facts(uow, cycle=cycle), at=AFTER)


def state(cycle):
    db.session.rollback()
    return db.session().get_one(AssessmentCycle, cycle).state


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 100])
def test_steps_give_what_one_go_gives(house, monkeypatch, at_once):
    cycle = opened(house)
    whole = at_one_go(house, cycle)
    monkeypatch.setattr(freezing, "AT_ONCE", at_once)
    begin(house, cycle)

    steps = freeze(cycle, AFTER)

    facts = [row for row in frozen(cycle) if len(row) == 3]
    assert facts == whole
    assert len(facts) == 11 * LISTINGS
    assert steps == 1 + -(-LISTINGS // at_once)
    assert state(cycle) is CycleState.CUT_OFF


def test_the_act_only_begins_and_the_worker_goes_on_by_itself(app, house, monkeypatch):
    monkeypatch.setattr(freezing, "AT_ONCE", 3)
    cycle = opened(house)
    deliver_all(app.extensions["settings"])
    begin(house, cycle)

    assert (state(cycle), frozen(cycle)) == (CycleState.FREEZING, [])
    seen = []
    while state(cycle) is CycleState.FREEZING:
        deliver_due(app.extensions["settings"], "worker", raise_errors=True)
        db.session.rollback()
        seen.append(cycles.done_of(db.session(), cycle, Assessment.frozen_at))

    assert seen[0] == (0, LISTINGS)
    assert seen == sorted(seen)
    assert seen[-1] == (LISTINGS, LISTINGS)
    kinds = select(EventRecord.kind).where(EventRecord.subject_kind == "assessment_cycle")
    assert db.session().scalars(kinds.order_by(EventRecord.id)).all() == [
        "assessment_cycle.begun",
        "assessment_cycle.opened",
        "assessment_cycle.cut_off_begun",
        *["assessment_cycle.facts_taken"] * 3,
        "assessment_cycle.cut_off",
    ]


def test_a_worker_that_is_killed_in_a_step_leaves_none_out_and_takes_none_twice(
    app, house, monkeypatch
):
    monkeypatch.setattr(freezing, "AT_ONCE", 2)
    cycle = opened(house)
    whole = at_one_go(house, cycle)
    begin(house, cycle)
    once, count = freezing._freeze, []

    def killed_at_the_fourth(*facts):
        count.append(1)
        if len(count) == 4:
            raise KeyboardInterrupt
        return once(*facts)

    monkeypatch.setattr(freezing, "_freeze", killed_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        freeze(cycle, AFTER)
    db.session.rollback()
    assert cycles.done_of(db.session(), cycle, Assessment.frozen_at) == (2, LISTINGS)

    freeze(cycle, AFTER)
    assert step(cycle).over

    assert [row for row in frozen(cycle) if len(row) == 3] == whole


def test_a_fact_is_frozen_once_and_no_score_rests_on_what_is_not(house):
    cycle = opened(house)
    begin(house, cycle)
    for act_on in (freezing.cut_off, scoring.score_cycle):
        with pytest.raises(Refused) as refused:
            act(house.examiner, lambda uow, do=act_on: do(uow, cycle=cycle), at=AFTER)
        assert refused.value.code == "assessment.not_now"
    key = db.session().scalars(select(Assessment.id)).first()
    with pytest.raises(IntegrityError), writing_session() as session, session.begin():
        session.get_one(Assessment, key).total_hundredths = 100
    freeze(cycle, AFTER)

    with pytest.raises(IntegrityError), writing_session() as session, session.begin():
        session.add(AssessmentFact(assessment_id=key, name="accepted", value="9"))


def test_every_listing_of_an_item_is_measured_against_the_same_mean(house, monkeypatch):
    monkeypatch.setattr(freezing, "AT_ONCE", 2)
    cycle = opened(house)
    begin(house, cycle)
    step(cycle)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE client_rating SET quality = 1, fees = 1")

    freeze(cycle, AFTER)

    db.session.rollback()
    means = select(AssessmentFact.value).where(AssessmentFact.name == "item_mean")
    assert len(set(db.session().scalars(means))) == 1
    assert db.session().scalars(select(func.count(AssessmentItemMean.cycle_id))).one() == 1


def test_what_a_step_asks_does_not_grow_with_its_listings(house, monkeypatch):
    cycle = opened(house)
    begin(house, cycle)
    step(cycle)
    counted = []
    for at_once in (2, 4):
        monkeypatch.setattr(freezing, "AT_ONCE", at_once)
        with statements() as sent:
            step(cycle)
        # One look at each table, but for the stamps by which what is in memory is known to hold.
        read = [one for one in sent if one.startswith("SELECT") and "catalogue_stamp" not in one]
        counted.append(len(read))

    assert counted[1] <= counted[0]
