"""Grades are not made final while a D would open a removal case that nobody judges."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.assessments.models import Assessment, AssessmentCycle, RemovalCase
from marketplace.assessments.rules import CycleState, Veto
from marketplace.assessments.services import assessing, finishing, removing
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import offering
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from marketplace.vetting.services import competence
from tests import assessments as whole
from tests.cases import ITEM, PROVINCE, Association, make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, certified_listing, make_agent
from tests.factories import make_member, make_organisation
from tests.service.assessments.test_cycles import AFTER

pytestmark = pytest.mark.usefixtures("app")
LATER = AFTER + timedelta(days=30)
PLACE = {"item_code": ITEM, "region_code": PROVINCE}


class Year:
    """A year whose only listing has a D and whose grades can be made final."""

    def __init__(self, association, agent) -> None:
        self.association, self.agent = association, agent
        self.listing = certified_listing(agent)
        said = {"association_id": association.organisation_id, "year": TODAY.year}
        ref = act(association.examiner, lambda uow: whole.open_cycle(uow, **said), at=NOON)
        self.cycle = ref.id
        with db.engine.begin() as connection:
            facts = {"veto": Veto.FORGERY, "veto_reason": "伪造"}
            connection.execute(update(Assessment).values(**facts))
        for step in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
            self.do(association.examiner, step, AFTER)
        settle_due(now=LATER, raise_errors=True)

    def do(self, who, service, at=LATER):
        act(who, lambda uow: service(uow, cycle=self.cycle), at=at)

    def make_final(self):
        """Why the approver is refused; nothing where they are not."""
        try:
            self.do(self.association.approver, finishing.make_final)
        except Refused as refusal:
            return refusal
        return None

    def written(self):
        """Where the year stands and what stands on the listing once the worker is through."""
        whole.work_off(whole.write_grades, self.cycle, LATER)
        db.session.rollback()
        state = db.session().get_one(AssessmentCycle, self.cycle).state
        return state, db.session().get_one(Listing, self.listing).grade


def withdraw(_year=None):
    act(SYSTEM, lambda uow: competence.withdraw_competence(uow, **PLACE), at=LATER)


def hand_over(_year):
    house = make_association("JL-Z02").organisation_id
    grant = competence.grant_competence
    act(SYSTEM, lambda uow: grant(uow, association_id=house, **PLACE), at=LATER)


def leave(year):
    act(year.agent, lambda uow: offering.leave_listing(uow, listing_id=year.listing), at=LATER)
    withdraw()


def open_case(year):
    said = {"listing": year.listing, "cause": RemovalCause.OTHER, "facts": "多次失实。"}
    who = year.association.approver
    act(who, lambda uow: removing.open_removal_case(uow, **said), at=LATER)
    withdraw()


def own_house():
    """An association that offers what it is itself competent for, with no office above it."""
    house = make_organisation(Capacity.ASSOCIATION, Capacity.INSTITUTION)
    grant = competence.grant_competence
    act(SYSTEM, lambda uow: grant(uow, association_id=house, **PLACE))
    people = [make_member(house, Role.ASSOCIATION_EXAMINER) for _ in range(2)]
    association = Association(house, *people, make_member(house, Role.ASSOCIATION_APPROVER))
    return association, make_member(house, Role.INSTITUTION_AGENT)


def people():
    return make_association(), make_agent()


def nothing(_year):
    """Everything stays as it is."""


def office(_year):
    make_organisation(Capacity.SUPERVISOR, region_code=PROVINCE)


@pytest.mark.parametrize(
    ("house", "happens", "refused", "cases"),
    [
        (people, nothing, False, 1),
        (people, withdraw, True, 0),
        (people, hand_over, False, 1),
        (people, leave, False, 0),
        (people, open_case, False, 1),
        (own_house, nothing, True, 0),
        (own_house, office, False, 1),
        (own_house, withdraw, True, 0),
    ],
)
def test_a_person_is_told_what_to_mend_and_the_year_goes_to_its_end(house, happens, refused, cases):
    year = Year(*house())
    happens(year)

    refusal = year.make_final()

    if refused:
        assert refusal.code == "assessment.nobody_judges"
        assert refusal.details["listings"].endswith(ITEM)
        hand_over(year)
        office(year)
        assert year.make_final() is None
        cases = 1
    else:
        assert refusal is None
    assert year.written() == (CycleState.FINAL, "D")
    assert len(db.session().scalars(select(RemovalCase.id)).all()) == cases


def test_a_competence_that_ends_while_the_worker_writes_stops_no_year():
    year = Year(*people())
    assert year.make_final() is None
    withdraw()

    assert year.written() == (CycleState.FINAL, "D")
    assert db.session().scalars(select(RemovalCase.id)).all() == []
