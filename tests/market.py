"""A market for tests: offers that were admitted, and the worker's round that makes them found."""

from dataclasses import dataclass

from flask import current_app

from marketplace.discovery import services as index
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.institutions import queries
from marketplace.institutions.services import describing, grounds, offering, settling, submitting
from marketplace.kernel.actors import SYSTEM, Actor
from tests.dossiers import act, basic_facts, complete_dossier, contact_facts, make_agent

PLAIN_ITEM = "JL-Z02"
"""An item for which the law names no qualification."""


@dataclass(frozen=True)
class Offer:
    """An admitted listing with the agent behind it."""

    agent: Actor
    listing_id: int
    listing_key: str
    institution_id: int
    key: str
    name: str


def offer(
    name: str = "",
    *,
    item: str = PLAIN_ITEM,
    region: str = "220104",
    profile: str = "从事工程咨询。",
    **dossier: object,
) -> Offer:
    """An institution admitted for an item in a region."""
    agent = make_agent(name=name)
    listing_id = complete_dossier(agent, item=item, **dossier)
    row = queries.listing(db.session(), listing_id)
    place = basic_facts(region_code=region)
    contact = contact_facts(profile=profile)
    act(
        agent,
        lambda uow: describing.save_profile(
            uow, institution_id=row.institution_id, said=place | contact
        ),
    )
    admit(agent, listing_id)
    row = queries.listing(db.session(), listing_id)
    found = Offer(
        agent,
        listing_id,
        row.public_id,
        row.institution_id,
        row.institution_public_id,
        row.name,
    )
    db.session.rollback()
    return found


def admit(agent: Actor, listing_id: int) -> None:
    """Bring a complete listing into the market."""
    act(agent, lambda uow: submitting.submit_listing(uow, listing_id=listing_id))
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=listing_id))
    act(SYSTEM, lambda uow: settling.admit_listing(uow, listing_id=listing_id, case_id=1))


def pause(found: Offer) -> None:
    """The institution steps aside with its listing."""
    act(
        found.agent,
        lambda uow: grounds.pause_listing(uow, listing_id=found.listing_id, reason="内部调整"),
    )


def resume(found: Offer) -> None:
    """The institution comes back with its listing."""
    act(found.agent, lambda uow: grounds.resume_listing(uow, listing_id=found.listing_id))


def leave(found: Offer) -> None:
    """The institution leaves the market with its listing."""
    act(found.agent, lambda uow: offering.leave_listing(uow, listing_id=found.listing_id))


def settle() -> None:
    """What the worker does in a round: deliver what happened, then bring the index up to date."""
    db.session.rollback()
    deliver_all(current_app.extensions["settings"], raise_errors=True)
    index.take_over_changes()
    db.session.rollback()
