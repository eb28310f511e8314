"""What a member holds, as the features above say it: shown before the member leaves."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.accounts.queries.parties import members_with
from marketplace.accounts.queries.rows import MemberRow


@dataclass(frozen=True)
class Held:
    """A record that a member has in hand, by its number and what it is about."""

    number: str
    title: str


@dataclass(frozen=True)
class Holds:
    """What members have in hand of one kind, and who can take all of it over.

    Both are asked with the session, the person and the organisation they have it in hand for.
    """

    held: Callable[[Session, int, int], tuple[Held, ...]]
    successors: Callable[[Session, int, int], frozenset[int]]


# By the same names as `services.memberships.HAND_OVER`, which gives it to the successor.
HOLDS: dict[str, Holds] = {}


def held_by(session: Session, user_id: int, organisation_id: int) -> tuple[Held, ...]:
    """Everything a member has in hand for an organisation."""
    return tuple(
        one for kind in HOLDS.values() for one in kind.held(session, user_id, organisation_id)
    )


def successors(session: Session, user_id: int, organisation_id: int) -> tuple[MemberRow, ...]:
    """The other members who can take over everything that a member has in hand."""
    members = members_with(session, organisation_id)
    able = {one.user_id for one in members} - {user_id}
    for kind in HOLDS.values():
        if kind.held(session, user_id, organisation_id):
            able &= kind.successors(session, user_id, organisation_id)
    return tuple(one for one in members if one.user_id in able)
