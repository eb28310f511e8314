"""An objection to an award holds it until another person than the proposer decides."""

import pytest

from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import queries, services
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import Refused
from tests.competitions import make_competition
from tests.dossiers import act, make_agent
from tests.factories import make_member, make_organisation

pytestmark = pytest.mark.usefixtures("app")


class World:
    """A published award, its entrants, a supervisor's office of two."""

    def __init__(self) -> None:
        office = make_organisation(
            Capacity.SUPERVISOR, name="示例省软环境建设办公室", region_code="220000"
        )
        self.one = make_member(office, Role.SUPERVISOR)
        self.other = make_member(office, Role.SUPERVISOR)
        self.competition = make_competition(CompetitionState.AWARD_PUBLISHED)
        self.entrant = self.competition.offers[-1].agent

    def file(self, who=None):
        return act(
            who or self.entrant,
            lambda uow: services.file_objection(
                uow, competition=self.competition.competition_id, body="报价计算有误。"
            ),
            at=self.competition.now,
        )

    def decide(self, ref, outcome):
        act(
            self.one,
            lambda uow: services.propose_objection(
                uow, objection=ref.id, outcome=outcome, reason="经核对。"
            ),
            at=self.competition.now,
        )
        act(
            self.other,
            lambda uow: services.decide_objection(
                uow, objection=ref.id, outcome=outcome, reason="经核对。"
            ),
            at=self.competition.now,
        )


@pytest.fixture
def world(app):
    return World()


def refused(who, work, at):
    with pytest.raises(Refused) as refusal:
        act(who, work, at=at)
    return refusal.value.code


def test_an_open_objection_holds_the_award(world):
    ref = world.file()

    assert ref.number.startswith("YY-")
    assert world.competition.row().held


def test_only_an_entrant_objects(world):
    code = refused(
        make_agent(),
        lambda uow: services.file_objection(
            uow, competition=world.competition.competition_id, body="不服。"
        ),
        world.competition.now,
    )
    assert code == "objection.entrants_only"


def test_one_objection_at_a_time(world):
    world.file()
    code = refused(
        world.entrant,
        lambda uow: services.file_objection(
            uow, competition=world.competition.competition_id, body="再次异议。"
        ),
        world.competition.now,
    )
    assert code == "objection.open_already"


def test_the_proposer_does_not_decide(world):
    ref = world.file()
    act(
        world.one,
        lambda uow: services.propose_objection(
            uow, objection=ref.id, outcome="dismissed", reason="无据。"
        ),
        at=world.competition.now,
    )
    code = refused(
        world.one,
        lambda uow: services.decide_objection(
            uow, objection=ref.id, outcome="dismissed", reason="无据。"
        ),
        world.competition.now,
    )
    assert code == "complaint.own_proposal"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("dismissed", CompetitionState.AWARD_PUBLISHED),
        ("upheld", CompetitionState.EVALUATED),
    ],
)
def test_the_decision_lifts_the_hold(session, world, outcome, state):
    ref = world.file()
    world.decide(ref, outcome)

    row = world.competition.row()
    assert (row.held, row.state) == (False, state)
    session.rollback()
    assert queries.objection(session, ref.id, world.competition.now.date()).state == outcome
