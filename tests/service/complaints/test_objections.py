"""An objection to an award holds it until another person than the proposer decides."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import OrganisationCapacity
from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import queries, services
from marketplace.complaints.models import Objection
from marketplace.complaints.queries import objections as lists
from marketplace.complaints.services import objections
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI
from tests.competitions import make_competition
from tests.dossiers import act, make_agent
from tests.factories import make_member, make_organisation
from tests.lights import everything_waiting
from tests.people import crossed

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


def send_back(ref, reason="请再核对。"):
    return lambda uow: objections.send_back_objection(uow, objection=ref.id, reason=reason)


def propose(ref, outcome="dismissed"):
    return lambda uow: services.propose_objection(
        uow, objection=ref.id, outcome=outcome, reason="经核对。"
    )


def decide(ref, outcome="dismissed", reason="经核对。"):
    return lambda uow: services.decide_objection(
        uow, objection=ref.id, outcome=outcome, reason=reason
    )


@pytest.mark.parametrize("entrant", [0, 1, 2])
@pytest.mark.parametrize("doing", [propose, decide, send_back])
def test_who_has_a_tie_to_an_entrant_answers_no_objection_to_the_award(
    session, world, entrant, doing
):
    world.entrant = world.competition.offers[entrant - 1].agent
    ref, at = world.file(), world.competition.now
    session.rollback()
    tied, free = world.other, make_member(world.one.organisation_id, Role.SUPERVISOR)
    crossed(tied, world.competition.offers[entrant].agent.organisation_id, Role.INSTITUTION_AGENT)
    if doing is not propose:
        act(world.one, propose(ref), at=at)

    assert refused(tied, doing(ref), at) == "account.recused"
    assert lists.owed_by(session, tied, at.date()).total == 0
    assert lists.owed_by(session, free, at.date()).total == 1
    session.rollback()
    act(free, doing(ref), at=at)


def test_an_office_that_takes_part_itself_answers_no_objection(session, world):
    office = world.one.organisation_id
    entrant = world.competition.offers[0].agent.organisation_id
    session.add(OrganisationCapacity(organisation_id=entrant, capacity=Capacity.SUPERVISOR))
    session.commit()

    assert session.get_one(Objection, world.file().id).handler_id == office


def told(session, ref):
    session.rollback()
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "objection", EventRecord.subject_id == ref.id
    )
    return [kind.removeprefix("objection.") for kind in session.scalars(query.order_by("sequence"))]


def test_a_proposal_that_is_not_followed_goes_back_and_another_takes_its_place(session, world):
    ref, at = world.file(), world.competition.now
    assert refused(world.other, send_back(ref), at) == "complaint.not_proposed"
    act(world.one, propose(ref), at=at)
    assert refused(world.one, send_back(ref), at) == "complaint.own_proposal"
    assert refused(world.other, send_back(ref, " "), at) == "request.words_needed"
    assert refused(world.other, propose(ref), at) == "complaint.proposed_already"
    act(world.other, send_back(ref), at=at)

    row = session.get_one(Objection, ref.id)
    assert (row.send_back_reason, row.proposer_id) == ("请再核对。", None)
    assert row.proposed_outcome is None
    assert row.proposed_reason == ""
    act(world.other, propose(ref, "upheld"), at=at)
    act(world.one, decide(ref, "upheld"), at=at)
    assert told(session, ref) == ["filed", "proposed", "sent_back", "proposed", "decided"]


@pytest.mark.parametrize(
    ("outcome", "reason", "code"),
    [
        ("upheld", "经核对。", "complaint.differs_from_proposal"),
        ("partly_upheld", "经核对。", "complaint.outcome_needed"),
        ("dismissed", " ", "request.words_needed"),
    ],
)
def test_an_objection_is_decided_as_proposed_and_with_reasons(world, outcome, reason, code):
    ref, at = world.file(), world.competition.now
    act(world.one, propose(ref), at=at)

    assert refused(world.other, decide(ref, outcome, reason), at) == code


def test_what_was_decided_is_not_decided_again(world):
    ref, at = world.file(), world.competition.now
    world.decide(ref, "dismissed")

    for again in (propose(ref), decide(ref), send_back(ref)):
        assert refused(world.one, again, at) == "objection.decided_already"


def test_an_entrant_sees_the_own_objection_and_outsiders_none(world):
    ref, at = world.file(), world.competition.now

    assert refused(world.entrant, propose(ref), at) == "complaint.not_competent"
    with pytest.raises(NotFound):
        act(make_agent(), propose(ref), at=at)


def test_an_objection_that_was_not_answered_in_time_is_said_once(session, world):
    ref = world.file()
    due = session.get_one(Objection, ref.id).due_on
    midnight = datetime.combine(due + timedelta(days=1), datetime.min.time(), SHANGHAI)
    session.rollback()

    settle_due(now=midnight - timedelta(seconds=1))
    assert "overdue" not in told(session, ref)
    settle_due(now=midnight)
    settle_due(now=midnight + timedelta(days=1))
    assert told(session, ref).count("overdue") == 1


def test_an_open_objection_waits_for_its_handler_on_the_board_of_lights(session, world):
    ref = world.file()
    due = session.get_one(Objection, ref.id).due_on

    def lights(day):
        waits = everything_waiting(session, day)
        return [one.light for one in waits if one.kind == "objection"]

    assert lights(due + timedelta(days=1)) == ["red"]
    (one,) = lists.owed_by(session, world.one, due).rows
    assert (one.public_id, one.what, one.light) == (ref.public_id, "objection.decide", "yellow")
    session.rollback()
    world.decide(ref, "dismissed")
    assert lights(due) == []


def test_a_decided_objection_is_never_late(session, world):
    ref = world.file()
    due = session.get_one(Objection, ref.id).due_on
    world.decide(ref, "dismissed")

    settle_due(now=datetime.combine(due + timedelta(days=9), datetime.min.time(), SHANGHAI))
    assert told(session, ref) == ["filed", "proposed", "decided"]
    row = session.get_one(Objection, ref.id)
    assert (row.due_on, row.attention_at) == (None, None)
