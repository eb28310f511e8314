"""What competitions do when others change, and who may read the papers of a bid."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from marketplace.budgets.queries import Purpose
from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.competitions import policy
from marketplace.competitions.queries import lists, reading
from marketplace.competitions.services import awarding, notices
from marketplace.kernel.actors import Actor, Role
from marketplace.projects.handlers import follows_owner


def may_read_proposal(actor: Actor, session: Session, bid_id: int) -> bool:
    """The bidder's own agents always; the department's people once the bids are open."""
    found = reading.bid_owner(session, bid_id)
    if found is None:
        return False
    organisation_id, row = found
    if actor.acts_for(organisation_id):
        return actor.has(Role.INSTITUTION_AGENT)
    return row.opened_at is not None and policy.may_see(actor, row.department_id)


def purposes(session: Session, ids: Collection[int]) -> dict[int, Purpose]:
    """What a reservation is for, as the pages of the budget name it."""
    return {
        key: Purpose(row.number, row.title, f"/competitions/manage/{row.public_id}")
        for key, row in reading.competitions(session, ids).items()
    }


HANDLERS = (
    follows_owner("competition-projects", notices.follow_project),
    follows_calendar(
        "competition-due-days",
        Dated(lists.DATED, lambda uow, key: awarding.move_days(uow, competition=key)),
    ),
)
