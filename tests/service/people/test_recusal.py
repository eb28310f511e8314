"""Nobody with a tie judges: one rule in vetting, complaints, inspections and removals."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.accounts.models import Membership, User
from marketplace.accounts.queries import parties
from marketplace.accounts.services import appointing, memberships
from marketplace.assessments import policy as assessments
from marketplace.assessments.models import Assessment
from marketplace.assessments.queries import removals, sheets
from marketplace.assessments.services import removing
from marketplace.competitions.policy import may_evaluate, may_publish_award
from marketplace.competitions.queries import owing, reading
from marketplace.competitions.rules import CompetitionState as State
from marketplace.competitions.services import bidding
from marketplace.complaints import services as complaints
from marketplace.complaints.queries import complaints as complaint_lists
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.infra.clock import real_now
from marketplace.infra.crypto import search_hash
from marketplace.institutions import handlers as papers
from marketplace.institutions.models.dossier import Practitioner
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import describing
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from marketplace.kernel.errors import Refused
from marketplace.vetting import policy as vetting
from marketplace.vetting.models import Case
from marketplace.vetting.queries import lists as cases
from marketplace.vetting.queries import standings
from marketplace.vetting.services import applying, examining
from tests import assessments as whole
from tests.actors import actor_of
from tests.cases import make_association
from tests.competitions import PRICES, advance, make_competition
from tests.conftest import NOON, TODAY
from tests.dossiers import OPEN_ITEM, act, admitted_listing, make_agent, open_with_terms
from tests.factories import make_member
from tests.market import offer
from tests.people import crossed, second_account
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
CITIZEN = Contact("欧阳明", "示例市某处")


class World:
    """An institution in the market that is complained about, assessed and vetted again."""

    def __init__(self) -> None:
        self.association = make_association("JL-Z05", "JL-Z02")
        self.agent = make_agent()
        self.listing_id = admitted_listing(self.agent)
        self.complaint = act(
            ANONYMOUS,
            lambda uow: complaints.file_complaint(
                uow,
                about=About.LISTING,
                record=self.listing_id,
                headline="逾期",
                body="逾期未交",
                contact=CITIZEN,
            ),
        )
        further = act(
            self.agent,
            lambda uow: open_with_terms(uow, describing.start_institution(uow), "JL-Z02"),
        )
        self.case = act(self.agent, lambda uow: applying.submit_application(uow, listing=further))
        act(
            self.association.approver,
            lambda uow: whole.open_cycle(
                uow, association_id=self.association.organisation_id, year=TODAY.year
            ),
        )


@pytest.fixture
def world(app):
    return World()


def tie(session, world: World, examiner: Actor, kind: str, days_ago: int) -> None:
    """Tie the examiner to the institution in one of the ways of the table."""
    session.rollback()
    own = world.agent.organisation_id
    person = examiner.user_id
    if kind.startswith("second account"):
        person = second_account(examiner, own, Role.INSTITUTION_AGENT).user_id
    elif kind in {"member", "left"}:
        member = crossed(examiner, own, Role.INSTITUTION_AGENT)
        if kind == "left" and days_ago == 0:
            act(SYSTEM, lambda uow: _leave(uow, member.membership_id))
    elif kind == "declared":
        act(
            examiner,
            lambda uow: examining.declare_recusal(uow, case=world.case.id, reason="亲属在此任职"),
        )
    if "left" in kind and days_ago:
        row = session.query(Membership).filter_by(user_id=person, organisation_id=own).one()
        row.begins_at = row.ended_at = NOON - timedelta(days=days_ago)
        session.commit()


def _leave(uow, key):
    memberships.close_membership(uow, uow.lock(Membership, key), at=real_now())


def reasons(session, world: World, examiner: Actor) -> dict[str, str]:
    """What stands in the way of each act of judging, asked through the services or policies."""
    session.rollback()
    key = session.query(Assessment.id).filter_by(listing_id=world.listing_id).scalar()
    case = session.get_one(Case, world.case.id)
    found = {
        "take": vetting.may_take(examiner, standings.standing(session, case, TODAY)).reason,
        "inspect": assessments.may_inspect(examiner, sheets.standing(session, key, TODAY)).reason,
        "papers": "" if reads_papers(session, examiner) else "closed",
    }
    session.rollback()
    for name, work in (
        ("accept", lambda uow: complaints.accept_complaint(uow, complaint=world.complaint.id)),
        (
            "removal",
            lambda uow: removing.open_removal_case(
                uow, listing=world.listing_id, cause=RemovalCause.COMPLAINTS, facts="三次投诉成立"
            ),
        ),
    ):
        found[name] = ""
        try:
            act(examiner, work)
        except Refused as refusal:
            found[name] = refusal.code
    return found


def reads_papers(session, examiner: Actor) -> bool:
    """Whether the papers of the institution's people are open to the examiner."""
    key = session.query(Practitioner.id).first()[0]
    return papers.read_personal_paper(examiner, session, key)


@pytest.mark.parametrize(("kind", "days_ago", "may"), rows("people/recusal"))
def test_one_rule_says_who_judges_nothing_about_an_institution(session, world, kind, days_ago, may):
    examiner = world.association.examiner
    tie(session, world, examiner, kind, int(days_ago))

    found = reasons(session, world, examiner)

    recused = "" if may == "yes" else "account.recused"
    assert found == {
        "take": recused,
        "inspect": recused,
        "papers": recused and "closed",
        "accept": recused,
        "removal": recused,
    }


@pytest.mark.parametrize(("kind", "days_ago", "may"), rows("people/recusal"))
def test_nothing_about_an_institution_waits_for_who_judges_nothing_about_it(
    session, world, kind, days_ago, may
):
    examiner = world.association.examiner
    act(
        world.association.colleague,
        lambda uow: removing.open_removal_case(
            uow, listing=world.listing_id, cause=RemovalCause.COMPLAINTS, facts="三次投诉成立"
        ),
    )
    tie(session, world, examiner, kind, int(days_ago))
    session.rollback()

    def owed(person: Actor) -> dict[str, int]:
        return {
            "case": cases.owed_by_person(session, person, TODAY).total,
            "complaint": complaint_lists.owed_by_handler(session, person, TODAY).total,
            "removal": removals.owed_by_association(session, person, TODAY).total,
        }

    everything = {"case": 1, "complaint": 1, "removal": 1}
    assert owed(examiner) == (everything if may == "yes" else dict.fromkeys(everything, 0))
    assert owed(world.association.colleague) == everything


class Contest:
    """A competition that the institution of a world wins against two others, with opened bids."""

    def __init__(self, world: World) -> None:
        self.held = make_competition(State.PUBLISHED, item_code=OPEN_ITEM)
        self.held.offers = [offer(item=OPEN_ITEM) for _ in range(2)]
        agents = [one.agent for one in self.held.offers]
        for agent, price in zip([*agents, world.agent], PRICES, strict=True):
            bid = bidding.Offer(price_fen=price, promised_days=10)
            self.held.do(agent, bidding.place_bid, offer=bid)
        for target in (State.CLOSED, State.OPENING_REQUESTED, State.OPENED):
            advance(self.held, target)

    def owed(self, session, actor: Actor) -> int:
        """How many steps of it wait for somebody, which are those that the policy allows them."""
        row = self.held.row()
        step = {State.OPENED: may_evaluate, State.EVALUATED: may_publish_award}[row.state]
        standing = reading.standing(session, row, TODAY)
        found = owing.owed_by(session, actor, NOON).total
        assert bool(found) == step(actor, standing).allowed
        return found


@pytest.mark.parametrize(("kind", "days_ago", "may"), rows("people/recusal"))
def test_no_step_of_a_competition_waits_for_who_judges_nothing_about_an_entrant(
    session, world, kind, days_ago, may
):
    contest = Contest(world)
    house = contest.held.department.organisation_id
    roles = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
    examiner = world.association.examiner
    person = replace(crossed(examiner, house, roles[0]), roles=frozenset(roles))
    free = make_member(house, *roles)
    tie(session, world, examiner, kind, int(days_ago))

    for target in (State.EVALUATED, None):
        assert contest.owed(session, person) == (1 if may == "yes" else 0)
        assert contest.owed(session, free) == 1
        if target:
            advance(contest.held, target)


def test_an_act_of_removal_is_refused_to_an_examiner_who_has_just_left_the_institution(
    session, world
):
    examiner = world.association.examiner
    case = act(
        world.association.colleague,
        lambda uow: removing.open_removal_case(
            uow, listing=world.listing_id, cause=RemovalCause.COMPLAINTS, facts="三次投诉成立"
        ),
    )
    tie(session, world, examiner, "left", 0)

    with pytest.raises(Refused, match=r"account\.recused"):
        act(examiner, lambda uow: removing.notify_removal(uow, case=case.id))
    act(world.association.colleague, lambda uow: removing.notify_removal(uow, case=case.id))


def test_a_mobile_that_has_an_account_leads_to_it(session, world):
    mobile = "13700008888"

    def make(uow, email, **more):
        return appointing.create_staff_account(
            uow,
            organisation_id=world.association.organisation_id,
            name="同一人",
            email=email,
            mobile=mobile,
            roles=[Role.ASSOCIATION_APPROVER],
        )

    act(SYSTEM, lambda uow: make(uow, "first@example.cn"))
    with pytest.raises(Refused) as refusal:
        act(SYSTEM, lambda uow: make(uow, "second@example.cn"))

    assert (refusal.value.code, refusal.value.field) == ("account.mobile_of_account", "mobile")
    assert refusal.value.details == {"email": "first@example.cn"}
    session.rollback()
    assert parties.find_by_mobile(session, mobile).email == "first@example.cn"


def test_the_actor_knows_all_accounts_of_its_person(session, world):
    first, second = world.association.examiner, world.association.approver
    session.rollback()
    session.get_one(User, first.user_id).hold_mobile("13700009999")
    other = session.get_one(User, second.user_id)
    other.mobile_hash, other.mobile_held = search_hash("13700009999", "user_account.mobile"), False
    session.commit()

    actor = actor_of(session, second.membership_id)

    assert actor.accounts == {first.user_id, second.user_id}
    assert actor.is_person(first.user_id)
    assert not actor.is_person(world.association.colleague.user_id)
