"""Another institution goes on: by the client's will, or because the listing was removed."""

from marketplace.catalogue import queries as catalogue
from marketplace.engagements import policy
from marketplace.engagements.events import ChoiceAsked, ChoiceMade
from marketplace.engagements.models import ClientChoice, Engagement
from marketplace.engagements.queries import choosing, lists
from marketplace.engagements.rules import UNDER_WAY, Way
from marketplace.engagements.services import ending, working
from marketplace.engagements.services.beginning import request_engagement
from marketplace.engagements.services.working import EngagementRef
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institution_services
from marketplace.kernel.errors import NotFound
from marketplace.kernel.texts import optional, required


def move_engagement(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    listing_id: int | str,
    reason: str,
    limit_days: int | None = None,
    words: str = "",
    need_confirmed: bool = False,
) -> EngagementRef:
    """End it and ask another institution in the same act; the two are linked.

    Refuses what `request_engagement` refuses, and then nothing has ended. The listing is locked
    first, as every pick does, so that a pick and a move never wait for each other.
    """
    institution_services.require_admitted(uow, listing_id)
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_move(uow.actor, standing).require()
    reason = required(reason, "reason")
    was = ending.end(uow, row)
    successor = request_engagement(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        listing_id=listing_id,
        variant=row.variant,
        limit_days=limit_days or _days_agreed(uow, row),
        words=words,
        predecessor_id=row.id,
        need_confirmed=need_confirmed,
    )
    row.successor_id = successor.id
    ending.tell_end(uow, row, was, reason)
    return successor


def _days_agreed(uow: UnitOfWork, row: Engagement) -> int | None:
    """The days of the contract before, for a service that has no limit of its own."""
    item = catalogue.item_version(uow.session, row.item_version_id)
    return row.limit_value if item.of_market else None


def ask_choices(uow: UnitOfWork, *, listing_id: int, event_id: int) -> int:
    """Ask the client of every engagement under way of a removed listing; returns how many.

    One removal asks once, however often it is told.
    """
    policy.may_settle(uow.actor).require()
    count = 0
    for key in lists.open_of_listing(uow.session, listing_id):
        row = uow.lock(Engagement, key)
        if row.state not in UNDER_WAY or choosing.was_asked(uow.session, row.id, event_id):
            continue
        choice = uow.add(
            ClientChoice(
                engagement_id=row.id, listing_id=listing_id, event_id=event_id, asked_at=uow.now
            )
        )
        uow.record(ChoiceAsked.of(row, choice_id=choice.id))
        count += 1
    return count


def keep_institution(uow: UnitOfWork, *, engagement: int | str, reason: str = "") -> None:
    """The client lets the institution finish this work although its listing was removed."""
    row, choice = _lock(uow, engagement)
    _choose(uow, row, choice, Way.KEEP, optional(reason, "reason"))


def move_on(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    listing_id: int | str,
    reason: str,
    need_confirmed: bool = False,
) -> EngagementRef:
    """The client ends this work and asks another institution in the same act.

    Refuses what `move_engagement` refuses, and then nothing is chosen.
    """
    row, choice = _lock(uow, engagement)
    reason = required(reason, "reason")
    _choose(uow, row, choice, Way.MOVE, reason)
    return move_engagement(
        uow,
        engagement=row.id,
        listing_id=listing_id,
        reason=reason,
        need_confirmed=need_confirmed,
    )


def _lock(uow: UnitOfWork, key: int | str) -> tuple[Engagement, ClientChoice]:
    """Lock the engagement and what was asked about it; to others neither exists."""
    row, stands = working.lock_engagement(uow, key)
    found = choosing.last_choice(uow.session, row.id)
    if found is None or not policy.is_client(uow.actor, row.client_id):
        raise NotFound
    choice = uow.lock(ClientChoice, found)
    standing = policy.ChoiceStanding(
        row.client_id, row.state in UNDER_WAY, choice.way, stands.trail
    )
    policy.may_choose(uow.actor, standing).require()
    return row, choice


def _choose(uow: UnitOfWork, row: Engagement, choice: ClientChoice, way: Way, reason: str) -> None:
    choice.way, choice.reason = way, reason
    choice.chosen_at, choice.chosen_by = uow.now, uow.user_id
    # The end of work that moves tells the same reason.
    words = reason if way is Way.KEEP else ""
    uow.record(ChoiceMade.of(row, choice_id=choice.id, way=way.value), words=words)
