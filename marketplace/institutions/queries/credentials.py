"""How much of a stretch of time every certificate that an item asks for was valid."""

from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import HeldQualification, missing_requirements
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.events import ListingAdmitted
from marketplace.institutions.models import Listing, Qualification
from marketplace.institutions.queries.market import rows_of_listings
from marketplace.institutions.queries.rows import ListingRow
from marketplace.institutions.rules import ListingState, VersionState
from marketplace.kernel.times import end_of_day, local_date

_ONE = timedelta(days=1)
# Ever admitted, and not given back by the institution itself.
_ASSESSED = (
    ListingState.ADMITTED,
    ListingState.SUSPENDED,
    ListingState.REMOVED,
    ListingState.RECTIFYING,
    ListingState.READMISSION_SUBMITTED,
)

# An admission of the application that the listing stands on; its own date is that of the last one.
_ADMISSION = and_(
    EventRecord.subject_kind == ListingAdmitted.SUBJECT,
    EventRecord.subject_id == Listing.id,
    EventRecord.kind == ListingAdmitted.KIND,
    EventRecord.occurred_at >= Listing.opened_at,
)


def listings_admitted_by(session: Session, day: date) -> tuple[ListingRow, ...]:
    """The listings admitted by the end of a day and not withdrawn since, by institution.

    A removal and a re-admission after that day do not take a listing out of it.
    """
    before = _admissions().where(EventRecord.occurred_at < end_of_day(day)).exists()
    query = select(Listing).where(
        Listing.state.in_(_ASSESSED), or_(Listing.admitted_at < end_of_day(day), before)
    )
    return rows_of_listings(session, query.order_by(Listing.institution_id, Listing.item_code))


def first_admitted_on(session: Session, listing_id: int) -> date | None:
    """The day on which the present application of a listing was admitted, before any removal."""
    query = select(func.min(EventRecord.occurred_at)).join(Listing, _ADMISSION)
    first = session.scalar(query.where(Listing.id == listing_id))
    return None if first is None else local_date(first)


def _admissions() -> Select[int]:
    return select(EventRecord.id).where(_ADMISSION).correlate(Listing)


def days_qualified(
    session: Session, listing: ListingRow, since: date, until: date
) -> tuple[int, int] | None:
    """On how many days every required certificate was valid, and of how many; both ends count.

    A certificate counts while it was in force here and its own dates cover the day. None where
    the item asks for no certificate or no day is left to look at.
    """
    needs = catalogue.item(session, listing.item_code, until).requirements
    if needs.none or since > until:
        return None
    levels = catalogue.level_order(session)
    stretches = _stretches(session, listing.institution_id)
    edges = {since, until + _ONE}
    for _held, first, last in stretches:
        edges |= {day for day in (first, last + _ONE if last else None) if day is not None}
    days = sorted(day for day in edges if since <= day <= until + _ONE)
    valid = 0
    for start, end in pairwise(days):
        held = [one for one, first, last in stretches if first <= start and not _over(last, start)]
        if not missing_requirements(needs, held, levels, start):
            valid += (end - start).days
    return valid, (until - since).days + 1


def _over(last: date | None, day: date) -> bool:
    return last is not None and last < day


def _stretches(
    session: Session, institution_id: int
) -> list[tuple[HeldQualification, date, date | None]]:
    """Each version with the first and the last day on which it counted."""
    rows = session.scalars(
        select(Qualification).where(
            Qualification.institution_id == institution_id,
            Qualification.state.in_((VersionState.IN_FORCE, VersionState.SUPERSEDED)),
        )
    )
    found = []
    for row in rows:
        first = max(row.valid_from, local_date(row.in_force_from or row.created_at))
        ends = [row.valid_to, local_date(row.in_force_to) if row.in_force_to else None]
        last = min((day for day in ends if day is not None), default=None)
        held = HeldQualification(
            row.kind, row.level, row.specialty, row.valid_from, row.valid_to, key=row.id
        )
        found.append((held, first, last))
    return found
