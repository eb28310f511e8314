"""Vetting cases for tests, built through the real services: associations, cases in every state."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry
from marketplace.accounts.services import appointing
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.services import describing
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.kernel.errors import Refused
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState, Outcome, Result, Stage
from marketplace.vetting.services import applying, competence, examining
from marketplace.vetting.services.examining import Answer
from tests.dossiers import (
    OPEN_ITEM,
    a_credit_code,
    act,
    basic_facts,
    complete_dossier,
    contact_facts,
    make_agent,
)
from tests.factories import make_member

ITEM = "JL-Z01"
PROVINCE = "220000"
_numbers = count(1)


@dataclass(frozen=True)
class Association:
    """An association with the people a case needs."""

    organisation_id: int
    examiner: Actor
    colleague: Actor
    approver: Actor


def add_staff(organisation_id: int, *roles: Role) -> Actor:
    """A further member of an association."""
    db.session.rollback()
    return make_member(organisation_id, *roles)


def make_association(*item_codes: str, region_code: str = PROVINCE) -> Association:
    """An association that is competent for the items (by default one) in a region."""

    def create(uow: UnitOfWork) -> int:
        number = next(_numbers)
        organisation_id = appointing.create_organisation(
            uow,
            name=f"示例测试行业协会{number}",
            credit_code=a_credit_code(500_000 + number),
            region_code=PROVINCE,
            capacities=[Capacity.ASSOCIATION],
        )
        for item_code in item_codes or (ITEM, OPEN_ITEM):
            competence.grant_competence(
                uow,
                association_id=organisation_id,
                item_code=item_code,
                region_code=region_code,
            )
        return organisation_id

    organisation_id = act(SYSTEM, create)
    return Association(
        organisation_id,
        examiner=add_staff(organisation_id, Role.ASSOCIATION_EXAMINER),
        colleague=add_staff(organisation_id, Role.ASSOCIATION_EXAMINER),
        approver=add_staff(organisation_id, Role.ASSOCIATION_APPROVER),
    )


@dataclass(frozen=True)
class World:
    """A case with the people around it."""

    association: Association
    agent: Actor
    listing_id: int
    case_id: int
    public_id: str


def make_case(
    state: CaseState = CaseState.RECEIVED,
    *,
    association: Association | None = None,
    agent: Actor | None = None,
    outcome: Outcome = Outcome.ADMIT,
    **dossier: object,
) -> World:
    """An application for an item, brought to a state by the people who bring it there."""
    association = association or make_association()
    agent = agent or make_agent(provisional=True)
    listing_id = complete_dossier(agent, **dossier)
    case = act(agent, lambda uow: applying.submit_application(uow, listing=listing_id))
    world = World(association, agent, listing_id, case.id, case.public_id)
    for bring in _WAYS[state]:
        bring(world, outcome)
    return world


def take(world: World, _outcome: Outcome = Outcome.ADMIT) -> None:
    """The examiner takes the case."""
    act(world.association.examiner, lambda uow: examining.take_case(uow, case=world.case_id))


def answer(world: World, *, stage: Stage | None = None, **not_ok: str) -> None:
    """The examiner answers every open point with "in order", but for those named."""
    answers = {key: Answer(Result.NOT_OK, remark) for key, remark in not_ok.items()}

    def work(uow: UnitOfWork) -> None:
        examining.record_findings(uow, case=world.case_id, answers=answers)
        examining.record_all_ok(uow, case=world.case_id, stage=stage)

    act(world.association.examiner, work)


def complete(world: World, _outcome: Outcome = Outcome.ADMIT) -> None:
    """The dossier is found complete."""
    answer(world, stage=Stage.COMPLETENESS)
    examiner = world.association.examiner
    act(examiner, lambda uow: examining.pass_completeness(uow, case=world.case_id))


def give_back(world: World, _outcome: Outcome = Outcome.ADMIT) -> None:
    """The dossier is returned for its profile."""
    answer(world, stage=Stage.COMPLETENESS, profile="简介太短")
    note = "请补充机构简介。"
    examiner = world.association.examiner
    act(examiner, lambda uow: examining.return_once(uow, case=world.case_id, note=note))


def propose(world: World, outcome: Outcome = Outcome.ADMIT) -> None:
    """The examiner proposes."""
    named = {} if outcome is Outcome.ADMIT else {"identity": "与登记信息不一致"}
    answer(world, **named)
    act(
        world.association.examiner,
        lambda uow: examining.propose(
            uow, case=world.case_id, outcome=outcome, reason="材料齐全，理由充分。"
        ),
    )


def decide(world: World, outcome: Outcome = Outcome.ADMIT) -> None:
    """The approver decides as proposed."""
    act(
        world.association.approver,
        lambda uow: examining.decide(uow, case=world.case_id, outcome=outcome, reason="同意。"),
    )


def take_back(world: World, _outcome: Outcome = Outcome.ADMIT) -> None:
    """The applicant withdraws."""
    act(world.agent, lambda uow: applying.withdraw(uow, case=world.case_id, reason="另行安排"))


_WAYS = {
    CaseState.RECEIVED: (),
    CaseState.COMPLETENESS: (take,),
    CaseState.SUBSTANCE: (take, complete),
    CaseState.RETURNED: (take, give_back),
    CaseState.PROPOSED: (take, complete, propose),
    CaseState.DECIDED: (take, complete, propose, decide),
    CaseState.WITHDRAWN: (take_back,),
}


# ------------------------------------------------------------------ looking at a case


def case_of(session: Session, world: World) -> Case:
    """The case as the database has it now."""
    session.expire_all()
    return session.get_one(Case, world.case_id)


def listing_of(session: Session, world: World) -> ListingRow:
    """The listing the case is about."""
    return institutions.listing(session, world.listing_id)


def told(session: Session, world: World) -> tuple[HistoryEntry, ...]:
    """What happened to the case with the words written then, newest first."""
    return accounts.history(session, "vetting_case", world.case_id)


def kinds(session: Session, world: World) -> list[str]:
    """What happened to the case, oldest first."""
    return [entry.kind for entry in reversed(told(session, world))]


def refused(actor: Actor, work: Callable[[UnitOfWork], object]) -> str:
    """The code with which the act is refused."""
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value.code


_PROFILE = "从事工程咨询评估十余年，现有专业人员二十名。"


def correct(world: World, profile: str = _PROFILE) -> None:
    """The applicant mends the profile and sends the dossier in again."""

    def work(uow: UnitOfWork) -> None:
        _mend(uow, world, profile)
        applying.resubmit(uow, case=world.case_id)

    act(world.agent, work)


def mend(world: World, profile: str = _PROFILE) -> None:
    """The applicant mends the profile."""
    act(world.agent, lambda uow: _mend(uow, world, profile))


def _mend(uow: UnitOfWork, world: World, profile: str) -> None:
    row = institutions.listing(uow.session, world.listing_id)
    describing.save_profile(
        uow,
        institution_id=row.institution_id,
        said=basic_facts() | contact_facts(profile=profile),
    )
