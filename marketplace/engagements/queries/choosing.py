"""Whom an enterprise can pick for an item, and for which of its projects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import RegionTree
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.projects import queries as projects
from marketplace.projects.queries import ClaimRow, ProjectRow

# Beside those that were chosen before, so many are offered; the directory finds the others.
MOST_OFFERED = 20


@dataclass(frozen=True)
class Candidate:
    """An admitted institution that offers the item."""

    listing_public_id: str
    institution_public_id: str
    name: str
    region_code: str
    promised_days: int | None


def candidates(session: Session, item_code: str) -> tuple[Candidate, ...]:
    """Every institution admitted for the item, by name."""
    ids = institutions.admitted_listings(session)
    found = [
        row for row in institutions.listings(session, ids).values() if row.item_code == item_code
    ]
    promised = {
        one.listing_id: one.promised_days
        for one in institutions.listing_documents(session, [row.id for row in found])
    }
    return tuple(
        Candidate(
            row.public_id,
            row.institution_public_id,
            row.name,
            row.region_code,
            promised.get(row.id),
        )
        for row in sorted(found, key=lambda row: row.name)
    )


@dataclass(frozen=True)
class OwnProject:
    """A project of the enterprise, and who holds the item in it."""

    project: ProjectRow
    claim: ClaimRow | None


def own_projects(session: Session, organisation_id: int, item_code: str) -> tuple[OwnProject, ...]:
    """The enterprise's projects, with the claim on the item in each."""
    found = projects.projects_of(session, organisation_id)
    claims = projects.claims_on(session, [row.id for row in found], item_code)
    return tuple(OwnProject(row, claims.get(row.id)) for row in found)


def nearest_first(
    session: Session, rows: Iterable[ListingRow], place: str, first: Sequence[str]
) -> list[ListingRow]:
    """Those chosen before, then those nearest to the place, at most `MOST_OFFERED` of them."""
    tree = catalogue.regions(session)
    around = (place, *tree.ancestors(place)) if place else ()
    kept = [row for row in rows if row.public_id in first]
    others = [row for row in rows if row.public_id not in first]
    others.sort(key=lambda row: (_distance(tree, around, row.region_code), row.name))
    return [*kept, *others[:MOST_OFFERED]]


def _distance(tree: RegionTree, around: Sequence[str], code: str) -> int:
    """0 in the same place, more the farther up the region that both lie in."""
    own = {code, *tree.ancestors(code)}
    return next((far for far, region in enumerate(around) if region in own), len(around))
