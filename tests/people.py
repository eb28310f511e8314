"""One person in two organisations, or with two accounts, for tests."""

from datetime import timedelta

from marketplace.accounts.models import Membership, User
from marketplace.accounts.services import memberships
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM, Actor, Role
from tests.actors import actor_of
from tests.engagements import work
from tests.factories import make_member


def crossed(person: Actor, organisation_id: int, role: Role) -> Actor:
    """The same person as a member of another organisation."""

    def join(uow):
        made = memberships.begin_membership(
            uow,
            user_id=person.user_id,
            organisation_id=organisation_id,
            roles={role},
            provisional=False,
        )
        return actor_of(uow.session, made.id)

    return work(SYSTEM, join)


def second_account(person: Actor, organisation_id: int, role: Role) -> Actor:
    """The same person with another account, found by the mobile."""
    other = make_member(organisation_id, role)
    session = db.session()
    session.rollback()
    known = session.get_one(User, person.user_id).mobile_hash
    row = session.get_one(User, other.user_id)
    # A second account from before one account held a number.
    row.mobile_hash, row.mobile_held = known, False
    session.commit()
    found = actor_of(session, other.membership_id)
    session.rollback()
    return found


def long_gone(person: Actor) -> Actor:
    """The person, whose membership ended so long ago that it ties them to nothing."""
    session = db.session()
    session.rollback()
    row = session.get_one(Membership, person.membership_id)
    row.begins_at = row.ended_at = row.begins_at - timedelta(days=1_000)
    session.commit()
    return person
