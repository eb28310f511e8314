"""Whether a removal case can be opened about a listing: asked by people, by rules, and before."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.assessments.models import Assessment, RemovalCase
from marketplace.assessments.rules import REMOVAL_OPEN
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules.market import LISTED, Grade
from marketplace.vetting.queries.standings import judges_of

# Why none can be opened where nobody would judge it.
NOBODY_JUDGES = "vetting.no_association"


@dataclass(frozen=True)
class Opening:
    """Who would judge a case about a listing; `refusal` says why none can be opened."""

    judge_id: int | None
    refusal: str = ""


def openings(session: Session, listings: Collection[ListingRow]) -> dict[int, Opening]:
    """May a removal case be opened about each of these listings, whoever or whatever opens it."""
    query = select(RemovalCase.listing_id).where(
        RemovalCase.listing_id.in_([one.id for one in listings]),
        RemovalCase.state.in_(REMOVAL_OPEN),
    )
    opened = set(session.scalars(query))
    judges = judges_of(session, [_matter(one) for one in listings])

    def opening(one: ListingRow) -> Opening:
        judge_id = judges[_matter(one)]
        if one.state not in LISTED:
            return Opening(judge_id, "removal.not_in_market")
        if one.id in opened:
            return Opening(judge_id, "removal.open_already")
        return Opening(judge_id, "" if judge_id is not None else NOBODY_JUDGES)

    return {one.id: opening(one) for one in listings}


def unjudged(session: Session, cycle_id: int) -> tuple[str, ...]:
    """The listings of a cycle whose grade D would open a case that nobody judges."""
    query = select(Assessment.listing_id).where(
        Assessment.cycle_id == cycle_id, Assessment.grade == Grade.D
    )
    listings = institutions.listings(session, session.scalars(query))
    found = openings(session, listings.values())
    left = [one for key, one in listings.items() if found[key].refusal == NOBODY_JUDGES]
    return tuple(sorted(f"{one.name} {one.item_code}" for one in left))


def _matter(one: ListingRow) -> tuple[str, str, int]:
    return one.item_code, one.region_code, one.organisation_id
