"""Who may do what with a department's money: pure, one clause a line."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from marketplace.accounts.policy import by_fresh_proof, by_second_factor, may_act, may_act_as
from marketplace.budgets.rules import PaymentState
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import ALLOWED, Decision

READERS = (Role.BUDGET_OFFICER, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
PROPOSERS = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
DECIDERS = (Role.DEPARTMENT_APPROVER,)
KEEPERS = (Role.BUDGET_OFFICER,)


class OfDepartment(Protocol):
    """Whatever belongs to a department."""

    @property
    def department_id(self) -> int: ...


@dataclass(frozen=True)
class HoldStanding:
    """What the policies ask of money that is held for a purpose."""

    department_id: int
    payable_on: date | None
    payable_fen: int
    withheld: bool = False


@dataclass(frozen=True)
class PaymentStanding:
    """What the policies ask of a payment."""

    department_id: int
    state: PaymentState
    proposer_id: int
    withheld: bool = False


def may_see(actor: Actor, thing: OfDepartment) -> bool:
    """The department's budget officer, officers and approvers know its lines; nobody else."""
    return actor.is_system or (
        actor.acts_for(thing.department_id)
        and actor.is_a(Capacity.DEPARTMENT)
        and actor.has(*READERS)
    )


def _of(actor: Actor, department_id: int, *roles: Role) -> Decision:
    if actor.is_system:
        return ALLOWED
    decision = may_act_as(actor, *roles)
    if decision and not actor.acts_for(department_id):
        return Decision("budget.not_your_department")
    return decision


def may_keep_lines(actor: Actor, department_id: int) -> Decision:
    """The department's budget officer opens lines and adjusts them."""
    return _of(actor, department_id, *KEEPERS)


@by_second_factor
def may_adjust_line(actor: Actor, line: OfDepartment) -> Decision:
    """The same of a line that is there."""
    return may_keep_lines(actor, line.department_id)


def may_use_line(actor: Actor, line: OfDepartment) -> Decision:
    """Whoever acts for the department; which role may commission is asked where it is done."""
    decision = may_act(actor)
    if decision and not actor.is_system and not actor.acts_for(line.department_id):
        return Decision("budget.not_your_department")
    return decision


@by_second_factor
def may_propose_payment(actor: Actor, hold: HoldStanding) -> Decision:
    """An officer of the department, once the work is accepted and while something is left."""
    decision = _of(actor, hold.department_id, *PROPOSERS)
    if not decision:
        return decision
    if hold.withheld:
        return Decision("budget.withheld")
    if hold.payable_on is None:
        return Decision("budget.not_payable")
    if hold.payable_fen <= 0:
        return Decision("budget.nothing_payable")
    return ALLOWED


@by_second_factor
@by_fresh_proof
def may_decide_payment(actor: Actor, payment: PaymentStanding) -> Decision:
    """An approver of the department, another person than the proposer."""
    decision = _of(actor, payment.department_id, *DECIDERS)
    if not decision:
        return decision
    if payment.state is not PaymentState.PROPOSED:
        return Decision("budget.payment_decided")
    if actor.user_id is None or actor.is_person(payment.proposer_id):
        return Decision("budget.own_proposal")
    return ALLOWED


@by_second_factor
@by_fresh_proof
def may_approve_payment(actor: Actor, payment: PaymentStanding) -> Decision:
    """Whoever may decide it, unless the work has been given back meanwhile."""
    decides = may_decide_payment(actor, payment)
    return Decision("budget.withheld") if decides and payment.withheld else decides
