"""Listings as rows: by key, by institution, in the market, and since when they qualify."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import LATER, row_of, through
from marketplace.institutions.events import ListingAdmitted
from marketplace.institutions.models import dossier, market
from marketplace.institutions.queries import current
from marketplace.institutions.queries.rows import (
    GroundRow,
    InstitutionRow,
    ListingRow,
    OpenSubmission,
    QualificationRow,
)
from marketplace.institutions.queries.seen import institution_rows, seen_qualifications
from marketplace.institutions.rules.dossier import VersionState
from marketplace.institutions.rules.market import EVER_ADMITTED, LISTED, ListingState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day


@dataclass(frozen=True)
class PendingChanges:
    """Drafts that wait to be submitted while the institution is in the market."""

    change: bool
    terms_of: tuple[int, ...]
    renewals: tuple[QualificationRow, ...]


@dataclass(frozen=True)
class MarketFigures:
    """How large the market is: all counted over admitted listings."""

    institutions: int
    listings: int
    items_offered: int
    regions: frozenset[str]


GROUND = row_of(GroundRow, market.SuspensionGround)
SUBMISSION = row_of(OpenSubmission, market.DossierSubmission, evidence=LATER)
LISTING = row_of(
    ListingRow,
    market.Listing,
    institution_public_id=LATER,
    organisation_id=LATER,
    name=LATER,
    region_code=LATER,
    open_grounds=LATER,
    score=LATER,
)


class Heading(NamedTuple):
    """What other records show of a listing, as expressions for their own queries."""

    public_id: ColumnElement[str]
    institution_public_id: ColumnElement[str]
    name: ColumnElement[str]
    region_code: ColumnElement[str]


def heading(key: Any) -> Heading:
    """The heading of the listing that a column of another table points to."""
    institution = through(key, market.Listing.institution_id)
    organisation = through(institution, dossier.Institution.organisation_id)
    facts, registered = dossier.InstitutionFacts, accounts.organisation_name(organisation)
    return Heading(
        through(key, market.Listing.public_id),
        through(institution, dossier.Institution.public_id),
        _in_force(institution, facts.name, registered),
        _region(institution),
    )


def _region(institution: Any) -> ColumnElement[str]:
    """The region of the institution that a column points to."""
    organisation = through(institution, dossier.Institution.organisation_id)
    registered = accounts.organisation_region(organisation)
    return _in_force(institution, dossier.InstitutionFacts.region_code, registered)


def _in_force(
    institution: Any, column: InstrumentedAttribute[str], registered: ColumnElement[str]
) -> ColumnElement[str]:
    """What an institution says in force; before it says anything, what is registered."""
    stated = select(column).where(
        dossier.InstitutionFacts.institution_id == institution,
        dossier.InstitutionFacts.state == VersionState.IN_FORCE,
    )
    inner = stated.correlate_except(dossier.InstitutionFacts).scalar_subquery()
    return func.coalesce(inner, registered)


def listing(session: Session, key: int | str) -> ListingRow:
    """The listing with this integer or public id; raises `NotFound`."""
    column = market.Listing.public_id if isinstance(key, str) else market.Listing.id
    found = rows_of_listings(session, select(market.Listing).where(column == key))
    if not found:
        raise NotFound
    return found[0]


def listings(session: Session, ids: Iterable[int]) -> dict[int, ListingRow]:
    """The listings with these ids that exist."""
    rows = rows_of_listings(session, select(market.Listing).where(market.Listing.id.in_(list(ids))))
    return {row.id: row for row in rows}


def listings_of(session: Session, institution_id: int) -> tuple[ListingRow, ...]:
    """The listings of an institution in the order of the items."""
    query = select(market.Listing).where(market.Listing.institution_id == institution_id)
    return rows_of_listings(session, query.order_by(market.Listing.item_code))


def listings_touched(session: Session, institution_id: int) -> tuple[int, ...]:
    """The ids of all listings of an institution, whatever their state."""
    query = select(market.Listing.id).where(market.Listing.institution_id == institution_id)
    return tuple(session.scalars(query.order_by(market.Listing.id)))


def admitted_listings(session: Session) -> tuple[int, ...]:
    """The ids of all listings that are in the market now."""
    query = select(market.Listing.id).where(market.Listing.state == ListingState.ADMITTED)
    return tuple(session.scalars(query.order_by(market.Listing.id)))


def admitted_for(item_code: str) -> Select[int]:
    """The ids of the listings of an item that are in the market now, for queries of others."""
    return select(market.Listing.id).where(
        market.Listing.state == ListingState.ADMITTED, market.Listing.item_code == item_code
    )


def admitted_of(session: Session, institution_ids: Iterable[int]) -> tuple[int, ...]:
    """The ids of the listings of these institutions that are in the market now."""
    query = select(market.Listing.id).where(
        market.Listing.state == ListingState.ADMITTED,
        market.Listing.institution_id.in_(list(institution_ids)),
    )
    return tuple(session.scalars(query.order_by(market.Listing.id)))


def listings_for(
    session: Session, item_code: str, of: Collection[str] | None = None
) -> tuple[ListingRow, ...]:
    """The listings of an item that are in the market now, of all or of these institutions.

    `of` are public ids of institutions.
    """
    query = select(market.Listing).where(
        market.Listing.state == ListingState.ADMITTED, market.Listing.item_code == item_code
    )
    if of is not None:
        keys = select(dossier.Institution.id).where(dossier.Institution.public_id.in_(of))
        query = query.where(market.Listing.institution_id.in_(keys))
    return rows_of_listings(session, query.order_by(market.Listing.id))


def offers_of(session: Session, item_code: str) -> int:
    """How many institutions offer an item now."""
    query = select(func.count(func.distinct(market.Listing.institution_id))).where(
        market.Listing.state == ListingState.ADMITTED, market.Listing.item_code == item_code
    )
    return session.scalar(query) or 0


def latest_admissions(session: Session, limit: int) -> tuple[ListingRow, ...]:
    """The listings admitted last that are in the market now, newest first."""
    query = (
        select(market.Listing)
        .where(market.Listing.state == ListingState.ADMITTED)
        .order_by(market.Listing.admitted_at.desc(), market.Listing.id.desc())
        .limit(limit)
    )
    return rows_of_listings(session, query)


def market_figures(session: Session) -> MarketFigures:
    """How many institutions, listings, listed items and regions are in the market now."""
    listed = market.Listing.item_code.in_([item.code for item in catalogue.items(session)])
    counted = session.execute(
        select(
            func.count(func.distinct(market.Listing.institution_id)),
            func.count(market.Listing.id),
            func.count(func.distinct(case((listed, market.Listing.item_code)))),
        ).where(market.Listing.state == ListingState.ADMITTED)
    ).one()
    regions = session.scalars(
        select(dossier.InstitutionFacts.region_code)
        .join(
            market.Listing, market.Listing.institution_id == dossier.InstitutionFacts.institution_id
        )
        .where(
            market.Listing.state == ListingState.ADMITTED,
            dossier.InstitutionFacts.state == VersionState.IN_FORCE,
        )
        .distinct()
    )
    return MarketFigures(counted[0], counted[1], counted[2], frozenset(regions))


def rows_of_listings(session: Session, query: Select[market.Listing]) -> tuple[ListingRow, ...]:
    """The listings a query finds, with their institutions and open grounds."""
    rows = session.scalars(query).all()
    owners = _owners(session, {row.institution_id for row in rows})
    grounds = _open_grounds(session, [row.id for row in rows])
    return tuple(_listing_row(row, owners[row.institution_id], grounds[row.id]) for row in rows)


def _owners(session: Session, ids: set[int]) -> dict[int, InstitutionRow]:
    query = select(dossier.Institution).where(dossier.Institution.id.in_(ids))
    return institution_rows(session, session.scalars(query))


def _open_grounds(session: Session, ids: list[int]) -> Mapping[int, tuple[GroundRow, ...]]:
    found: dict[int, tuple[GroundRow, ...]] = defaultdict(tuple)
    query = select(market.SuspensionGround).where(
        market.SuspensionGround.listing_id.in_(ids), market.SuspensionGround.closed_at.is_(None)
    )
    for row in session.scalars(query.order_by(market.SuspensionGround.id)):
        found[row.listing_id] += (seen_ground(row),)
    return found


def seen_ground(row: market.SuspensionGround) -> GroundRow:
    """A ground as a row."""
    return GROUND.of(row)


def _listing_row(
    row: market.Listing, owner: InstitutionRow, grounds: tuple[GroundRow, ...]
) -> ListingRow:
    return LISTING.of(
        row,
        institution_public_id=owner.public_id,
        organisation_id=owner.organisation_id,
        name=owner.name,
        region_code=owner.region_code,
        open_grounds=grounds,
        score=points_of(row.score_hundredths),
    )


def points_of(hundredths: int | None) -> Decimal | None:
    """Points of 100 from their stored hundredths."""
    return None if hundredths is None else Decimal(hundredths) / 100


def open_submissions(session: Session, institution_id: int) -> tuple[OpenSubmission, ...]:
    """What lies with the association now, oldest first."""
    rows = session.scalars(
        select(market.DossierSubmission)
        .where(
            market.DossierSubmission.institution_id == institution_id,
            market.DossierSubmission.closed_at.is_(None),
        )
        .order_by(market.DossierSubmission.id)
    )
    return tuple(
        SUBMISSION.of(row, evidence=tuple((one.kind, one.record_id) for one in row.evidence))
        for row in rows
    )


def pending_changes(session: Session, institution_id: int) -> PendingChanges:
    """What is drafted beside what is in force and waits to be submitted."""
    certificates = current.current_qualifications(session, institution_id)
    in_force = current.lines_in_force(certificates)
    drafts = [row for row in certificates if row.state == VersionState.DRAFT]
    terms_of = session.scalars(
        select(market.ListingTerms.listing_id)
        .join(market.Listing)
        .where(
            market.Listing.institution_id == institution_id,
            market.ListingTerms.state == VersionState.DRAFT,
            market.Listing.state.in_(LISTED),
        )
    ).all()
    return PendingChanges(
        change=bool(terms_of)
        or any(row.line not in in_force for row in drafts)
        or _drafted(session, institution_id, dossier.InstitutionFacts)
        or _drafted(session, institution_id, dossier.Practitioner),
        terms_of=tuple(terms_of),
        renewals=seen_qualifications(session, [row for row in drafts if row.line in in_force]),
    )


def _drafted(session: Session, institution_id: int, model: type[Any]) -> bool:
    query = select(model.id).where(
        model.institution_id == institution_id, model.state == VersionState.DRAFT
    )
    return session.scalar(query.limit(1)) is not None


# Codes of regions, and the items that are asked for in these.
Places: TypeAlias = Iterable[tuple[Collection[str], Collection[str]]]

# An admission of the application that the listing stands on; its own date is that of the last one.
ADMISSION = and_(
    EventRecord.subject_kind == ListingAdmitted.SUBJECT,
    EventRecord.subject_id == market.Listing.id,
    EventRecord.kind == ListingAdmitted.KIND,
    EventRecord.occurred_at >= market.Listing.opened_at,
)


def listings_admitted_by(
    session: Session, day: date, places: Places, *, after: int, most: int
) -> tuple[ListingRow, ...]:
    """The listings admitted by the end of a day and not withdrawn since, in these places.

    At most so many, with ids above `after`, in their order. A removal and a re-admission after
    that day do not take a listing out of it.
    """
    before = _admissions().where(EventRecord.occurred_at < end_of_day(day)).exists()
    query = select(market.Listing).where(
        market.Listing.state.in_(EVER_ADMITTED),
        or_(market.Listing.admitted_at < end_of_day(day), before),
        or_(false(), *(_lies_in(codes, items) for codes, items in places)),
        market.Listing.id > after,
    )
    return rows_of_listings(session, query.order_by(market.Listing.id).limit(most))


def _lies_in(codes: Collection[str], items: Collection[str]) -> ColumnElement[bool]:
    region = _region(market.Listing.institution_id)
    return and_(market.Listing.item_code.in_(items), region.in_(codes))


def _admissions() -> Select[int]:
    return select(EventRecord.id).where(ADMISSION).correlate(market.Listing)
