"""What a complaint is about, the other side, in which part somebody complains, and who decides."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from marketplace.accounts.queries.offices import supervisor_for
from marketplace.competitions import queries as competitions
from marketplace.complaints.rules import About, Filer
from marketplace.engagements import queries as engagements
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.vetting import queries as vetting


@dataclass(frozen=True)
class Subject:
    """The record a complaint is about, seen by whoever wants to complain.

    `item_codes` are those whose association may be competent; `title` is what the form says.
    """

    about: About
    filer: Filer
    about_organisation_id: int
    about_institution: bool
    title: str
    region_code: str
    item_code: str = ""
    item_codes: tuple[str, ...] = ()
    engagement_id: int | None = None
    competition_id: int | None = None
    institution_id: int | None = None
    listing_id: int | None = None


def find_subject(session: Session, about: About, key: int | str, actor: Actor) -> Subject:
    """The record of this kind with this integer or public id; raises `NotFound`.

    An engagement is known to its two sides only; everything else is public.
    """
    find = {
        About.ENGAGEMENT: _engagement,
        About.COMPETITION: _competition,
        About.LISTING: _listing,
        About.INSTITUTION: _institution,
    }[about]
    return find(session, key, actor)


def _engagement(session: Session, key: int | str, actor: Actor) -> Subject:
    row = engagements.engagement(session, key)
    if actor.organisation_id not in {row.client_id, row.provider_id} or actor.provisional:
        raise NotFound
    by_client = actor.organisation_id == row.client_id
    listing = institutions.listing(session, row.listing_id)
    return Subject(
        about=About.ENGAGEMENT,
        filer=Filer.PARTY,
        about_organisation_id=row.provider_id if by_client else row.client_id,
        about_institution=by_client,
        title=row.number,
        region_code=listing.region_code if by_client else row.region_code,
        item_code=row.item_code,
        item_codes=(row.item_code,),
        engagement_id=row.id,
        institution_id=listing.institution_id if by_client else None,
        listing_id=row.listing_id if by_client else None,
    )


def _competition(session: Session, key: int | str, actor: Actor) -> Subject:
    row = competitions.competition(session, key)
    if row.published_at is None:
        raise NotFound
    entrant = (
        actor.organisation_id is not None
        and row.opened_at is not None
        and competitions.entered(session, row.id, actor.organisation_id)
    )
    return Subject(
        about=About.COMPETITION,
        filer=Filer.ENTRANT if entrant else Filer.PUBLIC,
        about_organisation_id=row.department_id,
        about_institution=False,
        title=f"{row.number} {row.title}",
        region_code=row.region_code,
        item_code=row.item_code,
        competition_id=row.id,
    )


def _listing(session: Session, key: int | str, actor: Actor) -> Subject:
    row = institutions.listing(session, key)
    if row.admitted_at is None:
        raise NotFound
    found = _institution(session, row.institution_id, actor)
    return replace(
        found,
        about=About.LISTING,
        item_code=row.item_code,
        item_codes=(row.item_code,),
        listing_id=row.id,
    )


def _institution(session: Session, key: int | str, _actor: Actor) -> Subject:
    row = institutions.institution(session, key)
    if row.first_admitted_at is None:
        raise NotFound
    offered = institutions.listings_of(session, row.id)
    return Subject(
        about=About.INSTITUTION,
        filer=Filer.PUBLIC,
        about_organisation_id=row.organisation_id,
        about_institution=True,
        title=row.name,
        region_code=row.region_code,
        item_codes=tuple(one.item_code for one in offered if one.admitted_at is not None),
        institution_id=row.id,
    )


def handler_of(session: Session, found: Subject, filer_id: int | None) -> int | None:
    """The organisation that decides: for a provider the association competent for item and region.

    What departments and enterprises do, what no association is competent for, and what the
    association itself complains of or is complained about goes to the supervisor of the region.
    Nobody decides a matter of their own: None where there is no supervisor who is no side.
    """
    sides = {filer_id, found.about_organisation_id}
    if found.about_institution:
        for item_code in found.item_codes:
            association = vetting.competent_association(session, item_code, found.region_code)
            if association is not None and association not in sides:
                return association
    return supervisor_for(session, found.region_code, but=sides)
