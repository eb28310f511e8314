"""Who may see a project and act on it: pure, one clause a line."""

from dataclasses import dataclass

from marketplace.accounts.policy import may_act, may_act_as
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.projects.rules import Claimant, Need, Needed, ProjectState

DEPARTMENT_STAFF = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, Role.BUDGET_OFFICER)
READERS = (*DEPARTMENT_STAFF, Role.SUPERVISOR)


@dataclass(frozen=True)
class ProjectStanding:
    """What the policies ask of a project.

    `of_region` is true when the asking actor's organisation is a department or supervisor whose
    region contains the project's; `was_theirs` when that organisation was the project's enterprise
    before the platform named another.
    """

    project_id: int
    enterprise_id: int | None
    state: ProjectState
    of_region: bool = False
    was_theirs: bool = False


def is_of_enterprise(actor: Actor, project: ProjectStanding) -> bool:
    """Whether the actor is an agent of the project's enterprise."""
    return actor.acts_for(project.enterprise_id) and actor.has(Role.ENTERPRISE_AGENT)


def is_of_department(actor: Actor, project: ProjectStanding) -> bool:
    """Whether the actor works for an approval department of the project's region."""
    return project.of_region and actor.has(*DEPARTMENT_STAFF)


def may_see(actor: Actor, project: ProjectStanding) -> bool:
    """Who may read it, and its enterprise of before: it still has links to what it did here."""
    former = project.was_theirs and actor.has(Role.ENTERPRISE_AGENT)
    return may_read(actor, project) or (former and not actor.provisional)


def may_read(actor: Actor, project: ProjectStanding) -> bool:
    """The enterprise, the departments and the supervisor of the region read its whole record."""
    if project.enterprise_id is not None and is_of_enterprise(actor, project):
        return not actor.provisional
    if project.state is ProjectState.EXCLUDED:
        return False
    return project.of_region and actor.has(*READERS)


def may_browse(actor: Actor) -> bool:
    """Departments and supervisors look through the projects of their region."""
    return actor.has(*READERS)


def may_want(actor: Actor) -> Decision:
    """Confirmed agents of enterprises and officers of departments add projects by their code."""
    return may_act_as(actor, Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)


def may_act_on(actor: Actor, project: ProjectStanding) -> Decision:
    """Commission items for the project: its enterprise, or a department of its region."""
    acts = may_act(actor)
    if not acts.allowed or actor.is_system:
        return acts
    if not (is_of_enterprise(actor, project) or is_of_department(actor, project)):
        return Decision("project.handed_over" if project.was_theirs else "project.not_yours")
    return is_open(project)


def may_act_as_enterprise(actor: Actor, project: ProjectStanding) -> Decision:
    """Pick an institution for the project's own enterprise, which pays."""
    decision = may_act_on(actor, project)
    if decision.allowed and not (actor.is_system or is_of_enterprise(actor, project)):
        return Decision("project.not_its_enterprise")
    return decision


def may_act_as_department(actor: Actor, project: ProjectStanding) -> Decision:
    """Commission by competition for a department of the region, which pays."""
    decision = may_act_on(actor, project)
    if decision.allowed and not (actor.is_system or is_of_department(actor, project)):
        return Decision("project.not_its_department")
    return decision


def is_open(project: ProjectStanding) -> Decision:
    """Nothing more is commissioned for a project that is not active."""
    if project.state is ProjectState.ACTIVE:
        return ALLOWED
    return Decision(f"project.{project.state}")


def may_hold(project: ProjectStanding, by: Claimant, organisation_id: int | None) -> Decision:
    """An enterprise holds items of a project that is its own at that instant, while it is open."""
    if by is Claimant.ENTERPRISE and organisation_id != project.enterprise_id:
        return Decision("project.handed_over")
    return is_open(project)


def may_commission(found: Needed, *, confirmed: bool = False) -> Decision:
    """Nothing is sold that a project does not need.

    Where the platform has not answered, the client says expressly that it commissions all the same.
    """
    if found.need is Need.GRANTED:
        return Decision("project.item_granted", {"day": found.granted_on})
    if found.need is Need.NOT_ASKED:
        return Decision("project.item_not_asked")
    if found.need is Need.UNKNOWN and not confirmed:
        return Decision("project.need_unknown")
    return ALLOWED


def may_mirror(actor: Actor) -> Decision:
    """Only the platform itself writes down what the approval platform says."""
    return ALLOWED if actor.is_system else Decision("project.only_mirrored")


def wants_as(actor: Actor) -> Capacity:
    """The side on which the actor adds a project."""
    return Capacity.ENTERPRISE if actor.has(Role.ENTERPRISE_AGENT) else Capacity.DEPARTMENT
