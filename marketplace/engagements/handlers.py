"""What engagements do when others act: awards begin them, payments close them, days move."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from marketplace.budgets import queries as budgets
from marketplace.budgets.events import PaymentApproved, PaymentProposed
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.competitions.events import AwardMade
from marketplace.engagements.queries import handovers, lists, standings
from marketplace.engagements.services import beginning, ending, handing, moving
from marketplace.engagements.services.working import RECORD
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.events import ListingRemoved
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.projects.handlers import follows_owner, welcomes_owner


def begin_award(uow: UnitOfWork, record: EventRecord) -> None:
    """An award becomes an engagement, once."""
    told = record.payload
    beginning.open_award(
        uow,
        competition_id=record.subject_id,
        project_id=told["project_id"],
        department_id=told["department_id"],
        listing_id=told["listing_id"],
        amount_fen=told["amount_fen"],
        promised_days=told.get("promised_days"),
    )


def follow_payment(uow: UnitOfWork, record: EventRecord) -> None:
    """A payment for an engagement was asked for, or approved; the last one closes it."""
    told = record.payload
    if told["to_kind"] != RECORD:
        return
    about, amount = told["to_id"], told["amount_fen"]
    if record.kind == PaymentProposed.KIND:
        ending.note_asked_payment(
            uow, engagement=about, payment_id=record.subject_id, amount_fen=amount
        )
    else:
        ending.note_payment(uow, engagement=about, amount_fen=amount)


def ask_choices(uow: UnitOfWork, record: EventRecord) -> None:
    """A listing was removed: its clients choose, for each work under way, to keep it or move."""
    moving.ask_choices(uow, listing_id=record.subject_id, event_id=record.id)


def may_read_contract(actor: Actor, session: Session, engagement_id: int) -> bool:
    """Whoever may see the engagement reads its papers."""
    try:
        return standings.may_see(actor, session, engagement_id)
    except NotFound:
        return False


def may_read_evidence(actor: Actor, session: Session, pause_id: int) -> bool:
    """The evidence of a pause."""
    owner = standings.engagement_of_pause(session, pause_id)
    return owner is not None and may_read_contract(actor, session, owner)


def may_read_deliverable(actor: Actor, session: Session, delivery_id: int) -> bool:
    """The papers of a delivered version."""
    owner = standings.engagement_of_delivery(session, delivery_id)
    return owner is not None and may_read_contract(actor, session, owner)


def purposes(session: Session, ids: Collection[int]) -> dict[int, budgets.Purpose]:
    """How budget pages name and link the engagements that money is held for."""
    items = catalogue.by_code(session)
    return {
        key: budgets.Purpose(row.number, items[row.item_code].name, f"/engagements/{row.public_id}")
        for key, row in lists.names(session, ids).items()
    }


HANDLERS = (
    Handler("engagement-awards", begin_award, (AwardMade,)),
    Handler("engagement-payments", follow_payment, (PaymentProposed, PaymentApproved)),
    follows_calendar(
        "engagement-due-days",
        Dated(lists.DATED, lambda uow, key: ending.move_due_day(uow, engagement=key)),
        Dated(handovers.DATED, lambda uow, key: handing.move_day(uow, handover=key)),
    ),
    Handler("engagement-choices", ask_choices, (ListingRemoved,)),
    follows_owner("engagement-projects", handing.follow_project),
    welcomes_owner("engagement-owners", handing.name_owner),
)
