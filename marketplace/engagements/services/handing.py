"""What becomes of work whose project the approval platform gives to another enterprise."""

from marketplace.engagements import events, policy
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries import lists
from marketplace.engagements.rules import ClientKind, State
from marketplace.engagements.services import working
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import queries as projects

HANDED_OVER = "project.handed_over"


def follow_project(uow: UnitOfWork, project_id: int) -> None:
    """End the requests whose claims fell free; tell the parties of all other work for the project.

    Work of the enterprise that has the project now is not concerned.
    """
    policy.may_settle(uow.actor).require()
    owner_id = projects.project(uow.session, project_id).enterprise_id
    for key in lists.open_of_project(uow.session, project_id):
        row = uow.lock(Engagement, key)
        if row.client_kind is ClientKind.ENTERPRISE and row.client_id == owner_id:
            continue
        if row.state is State.REQUESTED:
            _end(uow, row)
        else:
            uow.record(events.ProjectHandedOn.of(row))


def _end(uow: UnitOfWork, row: Engagement) -> None:
    """The institution had not taken it on, so the claim fell free with the record itself."""
    was = row.state
    working.enter(uow, row, State.CANCELLED)
    working.step_back(uow, row)
    uow.record(events.EngagementCancelled.of(row, was=was.value, cause=HANDED_OVER))
