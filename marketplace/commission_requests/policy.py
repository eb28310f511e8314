"""Who may ask a department, and who answers: pure, one clause a line."""

from dataclasses import dataclass, field

from marketplace.accounts.policy import (
    Tie,
    by_second_factor,
    may_act,
    may_act_as,
    may_act_for_side,
)
from marketplace.catalogue.rules.items import OpenTo
from marketplace.commission_requests.rules import RequestState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.projects.policy import ProjectStanding, may_act_as_enterprise

DEPARTMENT = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
READERS = (Role.ENTERPRISE_AGENT, *DEPARTMENT, Role.SYSTEM_ADMIN)
_S = RequestState


@dataclass(frozen=True)
class Standing:
    """What the policies ask of a request.

    `enterprise_id` asked; `owner_id` is the project's enterprise now, which is another where the
    project changed hands since, and None while that one is not registered here. `addressee_id` is
    the organisation that has it: a department, or the operator where the department that the
    approval platform names is not registered here (`with_operator`).
    """

    state: RequestState
    enterprise_id: int
    owner_id: int | None
    addressee_id: int
    with_operator: bool = False
    trail: frozenset[Tie] = field(default_factory=frozenset)


def may_ask(actor: Actor, project: ProjectStanding, open_to: OpenTo) -> Decision:
    """The project's own enterprise asks, for what it may not commission itself."""
    decision = may_act_as(actor, Role.ENTERPRISE_AGENT) and may_act_as_enterprise(actor, project)
    if decision and open_to != OpenTo.DEPARTMENT:
        return Decision("commission_request.pick_yourself")
    return decision


def is_owner(actor: Actor, found: Standing) -> bool:
    """Whether the actor is an agent of the enterprise that has the project now."""
    return actor.acts_for(found.owner_id) and actor.has(Role.ENTERPRISE_AGENT)


def is_of_enterprise(actor: Actor, found: Standing) -> bool:
    """Whether the actor is an agent of that enterprise, or of the one that asked."""
    asked = actor.acts_for(found.enterprise_id) and actor.has(Role.ENTERPRISE_AGENT)
    return asked or is_owner(actor, found)


def is_addressee(actor: Actor, found: Standing) -> bool:
    """Whether the request lies with the actor: the department's people, or the operator's."""
    roles = (Role.SYSTEM_ADMIN,) if found.with_operator else DEPARTMENT
    return actor.acts_for(found.addressee_id) and actor.has(*roles)


def may_see(actor: Actor, found: Standing) -> bool:
    """Both sides; to everybody else it does not exist."""
    return is_of_enterprise(actor, found) or is_addressee(actor, found)


def may_withdraw(actor: Actor, found: Standing) -> Decision:
    """The enterprise of the project gives it up until a notice is published."""
    if not is_owner(actor, found):
        return Decision("commission_request.not_the_owner")
    if found.state not in {_S.ASKED, _S.TAKEN_UP}:
        return Decision(f"commission_request.{_ENDS.get(found.state, 'ended')}")
    return may_act(actor) and may_act_for_side(actor, found.trail)


def _may_answer(actor: Actor, found: Standing, *roles: Role) -> Decision:
    if not (is_addressee(actor, found) and actor.has(*roles)):
        return Decision("commission_request.not_the_addressee")
    if found.state not in {_S.ASKED, _S.TAKEN_UP}:
        return Decision(f"commission_request.{_ENDS.get(found.state, 'ended')}")
    return may_act(actor) and may_act_for_side(actor, found.trail)


@by_second_factor
def may_take_up(actor: Actor, found: Standing) -> Decision:
    """An officer of the department says that it will commission the item."""
    decision = _may_answer(actor, found, Role.DEPARTMENT_OFFICER)
    if decision and found.state is not _S.ASKED:
        return Decision("commission_request.taken_up_already")
    return decision


@by_second_factor
def may_refuse(actor: Actor, found: Standing) -> Decision:
    """The department says that it will not; the operator where no department is responsible."""
    return _may_answer(actor, found, Role.DEPARTMENT_OFFICER, Role.SYSTEM_ADMIN)


def may_address(actor: Actor, found: Standing) -> Decision:
    """The operator hands on what names a department that is not registered here."""
    if not found.with_operator:
        return Decision("commission_request.addressed_already")
    return _may_answer(actor, found, Role.SYSTEM_ADMIN)


def may_follow(actor: Actor) -> Decision:
    """Only the platform itself moves a request along with what others did."""
    return ALLOWED if actor.is_system else Decision("commission_request.only_followed")


_ENDS = {_S.PUBLISHED: "published_already"}
