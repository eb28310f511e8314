"""A competition of the cast's department in every state; the cast's institution takes part."""

from datetime import timedelta

from marketplace.budgets import queries as budgets
from marketplace.competitions.queries import reading
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import bidding, notices
from marketplace.infra.database import db
from marketplace.infra.files import files_of
from marketplace.institutions import queries as institutions
from marketplace.projects import queries as projects
from tests.competitions import WEIGHTS, Department, World, make_competition, make_line
from tests.conftest import NOON
from tests.dossiers import a_scan
from tests.market import Offer, offer
from tests.personas import Persona, actor

_S = CompetitionState
ITEM = "JL-Z05"
LONG_AGO = NOON - timedelta(days=25)


def competitions(_named: dict[str, str]) -> dict[str, str]:
    """Those that are past their sign-up began 25 days ago."""
    department, offers = own_department(), [own_offer(), *(offer(item=ITEM) for _ in range(2))]
    made: dict[str, World] = {}
    for state in (_S.DRAFT, _S.PROPOSED, _S.PUBLISHED):
        made[state.value] = make_competition(
            state, department=department, item_code=ITEM, offers=offers
        )
    for state in (_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED, _S.AWARD_PUBLISHED):
        made[state.value] = make_competition(
            state, department=department, item_code=ITEM, offers=offers, at=LONG_AGO
        )
    made["failed"] = make_competition(
        _S.PUBLISHED, department=department, item_code=ITEM, at=LONG_AGO
    )
    made["failed"].settle(timedelta(days=15))
    made["scored"] = _scored(department, offers)
    named = {f"competition_{name}": world.public_id for name, world in made.items()}
    return named | _details(made, offers[0])


def own_department(line: int = 0) -> Department:
    """The department of the cast, with this line of its budget, or a new one."""
    officer, budget = actor(Persona.DEPARTMENT_OFFICER), actor(Persona.BUDGET_OFFICER)
    approver = actor(Persona.DEPARTMENT_APPROVER)
    assert officer.organisation_id is not None
    line = line or make_line(officer.organisation_id, budget)
    return Department(officer.organisation_id, officer, approver, approver, budget, line)


def own_offer() -> Offer:
    """The listing of the cast's institution."""
    agent = actor(Persona.INSTITUTION_AGENT)
    mine = institutions.my_institution(db.session(), agent.organisation_id)
    listing = next(
        row for row in institutions.listings_of(db.session(), mine.id) if row.item_code == ITEM
    )
    return Offer(agent, listing.id, listing.public_id, mine.id, mine.public_id, listing.name)


def _scored(department: Department, offers: list[Offer]) -> World:
    """By score, opened; the price of the cast's institution is very low."""
    world = make_competition(
        _S.PUBLISHED,
        department=department,
        item_code=ITEM,
        method=Method.COMPREHENSIVE,
        weights=WEIGHTS,
        at=NOON - timedelta(days=14, hours=1),
    )
    for found, price in zip(offers, (2_000_000, 9_000_000, 8_500_000), strict=True):
        said = {"price_fen": price, "promised_days": 10, "proposal": a_scan()}
        world.do(found.agent, bidding.place_bid, offer=bidding.Offer(**said))
    world.settle(timedelta(days=14, minutes=1))
    world.do(department.officer, bidding.request_opening)
    world.do(department.colleague, bidding.confirm_opening)
    return world


def _details(made: dict[str, World], mine: Offer) -> dict[str, str]:
    running = made["published"]
    question = running.do(mine.agent, notices.ask_question, body="报告需要几份?")
    sealed = bidding.Offer(price_fen=9_000_000, promised_days=10, proposal=a_scan())
    running.do(mine.agent, bidding.place_bid, offer=sealed)
    bids = {bid.organisation_id: bid for bid in made["scored"].bids()}
    own = bids.pop(mine.agent.organisation_id)
    session = db.session()
    row = reading.competition(session, running.competition_id)
    mine_there = reading.my_bid(session, row.id, mine.agent.organisation_id)
    named = {
        "question": str(question),
        "own_bid": own.public_id,
        "sealed_proposal": files_of(session, "bid", mine_there.id)[0].public_id,
        "opened_proposal": files_of(session, "bid", own.id)[0].public_id,
        "other_bid": next(iter(bids.values())).public_id,
        "competition_project": projects.project(session, row.project_id).public_id,
        "competition_line": budgets.line(session, row.budget_line_id).public_id,
    }
    db.session.rollback()
    return named
