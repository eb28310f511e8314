"""Complaints about the cast's institution in every state; objections to an award it did not get."""

from datetime import timedelta

from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import services
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact, Ref
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import ANONYMOUS, Role
from tests.competitions import make_competition
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member
from tests.market import Offer, offer
from tests.personas import Persona, actor

ITEM = "JL-Z05"
SAID = {"outcome": "upheld", "reason": "事实清楚。"}


def complaints(named: dict[str, str]) -> dict[str, str]:
    """Filed by the public about the admitted listing, brought on by the cast's association."""
    found = {}
    for state in ("filed", "accepted", "investigating", "proposed", "decided"):
        ref = _file(named["admitted"])
        found[f"complaint_{state}"] = ref.public_id
        found["complaint_follow"] = ref.follow_code
        _bring(ref.id, state)
    return found | _objections()


def _file(listing: str) -> Ref:
    return act(
        ANONYMOUS,
        lambda uow: services.file_complaint(
            uow,
            about=About.LISTING,
            record=listing,
            headline="逾期交付",
            body="约定十日，二十日未交。",
            contact=Contact("欧阳明", "a@b.example.cn"),
        ),
    )


def _bring(complaint: int, state: str) -> None:
    examiner, approver = (
        actor(Persona.ASSOCIATION_EXAMINER),
        actor(Persona.ASSOCIATION_APPROVER),
    )
    steps = {
        "accepted": (examiner, services.accept_complaint, {}),
        "investigating": (
            actor(Persona.INSTITUTION_AGENT),
            services.answer_complaint,
            {"body": "资料未齐。"},
        ),
        "proposed": (examiner, services.propose_decision, SAID),
        "decided": (approver, services.decide_complaint, SAID),
    }
    for name, (who, service, facts) in steps.items():
        if state == "filed":
            return
        act(
            who,
            lambda uow, service=service, facts=facts: service(uow, complaint=complaint, **facts),
        )
        if name == state:
            return


def _objections() -> dict[str, str]:
    """The award was published an instant ago; two other entrants object to it."""
    agent, colleague = actor(Persona.INSTITUTION_AGENT), actor(Persona.SUPERVISOR)
    mine = institutions.my_institution(db.session(), agent.organisation_id)
    listing = next(
        row for row in institutions.listings_of(db.session(), mine.id) if row.item_code == ITEM
    )
    own = Offer(agent, listing.id, listing.public_id, mine.id, mine.public_id, listing.name)
    world = make_competition(
        CompetitionState.AWARD_PUBLISHED,
        item_code=ITEM,
        offers=[own, offer(item=ITEM), offer(item=ITEM)],
        at=NOON - timedelta(days=15),
    )
    refs = [
        act(
            one.agent,
            lambda uow: services.file_objection(
                uow, competition=world.competition_id, body="报价计算有误。"
            ),
            at=world.now,
        )
        for one in world.offers[1:]
    ]
    other = make_member(colleague.organisation_id, Role.SUPERVISOR)
    act(
        other,
        lambda uow: services.propose_objection(
            uow, objection=refs[1].id, outcome="dismissed", reason="无据。"
        ),
        at=world.now,
    )
    return {
        "competition_objected": world.public_id,
        "objection": refs[0].public_id,
        "objection_proposed": refs[1].public_id,
    }
