"""Since when listings are in the market, and on which days they had every certificate."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries.kinds import HeldRow
from marketplace.catalogue.rules.items import HeldQualification, missing_requirements
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.models import dossier, market
from marketplace.institutions.queries.market import ADMISSION
from marketplace.institutions.queries.rows import ListingRow
from marketplace.institutions.rules.dossier import VersionState
from marketplace.kernel.times import local_date

# A version of a certificate, with the first and the last day on which it counted (None: no end).
Stretch: TypeAlias = tuple[HeldQualification, date, date | None]

_ONE = timedelta(days=1)
_KEPT = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_FORCE)


def first_admissions(session: Session, listing_ids: Collection[int]) -> dict[int, date]:
    """The day on which each listing's present application was admitted, before any removal."""
    query = select(market.Listing.id, func.min(EventRecord.occurred_at)).join(
        market.Listing, ADMISSION
    )
    query = query.where(market.Listing.id.in_(list(listing_ids))).group_by(market.Listing.id)
    return {key: local_date(first) for key, first in session.execute(query)}


def days_qualified(
    session: Session, listing: ListingRow, since: date, until: date, stretches: Sequence[Stretch]
) -> tuple[int, int] | None:
    """On how many days every required certificate was valid, and of how many; both ends count.

    A certificate counts while it was in force here and its own dates cover the day: `stretches`
    are those of the listing's institution, as `qualified_stretches` gives them. None where
    the item asks for no certificate or no day is left to look at.
    """
    needs = catalogue.item(session, listing.item_code, until).requirements
    if needs.none or since > until:
        return None
    levels = catalogue.level_order(session)
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


def qualified_stretches(
    session: Session, institution_ids: Collection[int]
) -> dict[int, list[Stretch]]:
    """The certificates of each of these institutions, with when each version of one counted."""
    rows = session.scalars(
        select(dossier.Qualification).where(
            dossier.Qualification.institution_id.in_(list(institution_ids)),
            dossier.Qualification.state.in_((VersionState.IN_FORCE, VersionState.SUPERSEDED)),
        )
    )
    found: dict[int, list[Stretch]] = defaultdict(list)
    for row in rows:
        first = max(row.valid_from, local_date(row.in_force_from or row.created_at))
        ends = [row.valid_to, local_date(row.in_force_to) if row.in_force_to else None]
        last = min((day for day in ends if day is not None), default=None)
        held = HeldQualification(
            row.kind, row.level, row.specialty, row.valid_from, row.valid_to, key=row.id
        )
        found[row.institution_id].append((held, first, last))
    return found


def kind_held(session: Session, code: str) -> tuple[HeldRow, ...]:
    """How many institutions hold, or have drafted, each level and specialty of a kind."""
    held = dossier.Qualification
    query = (
        select(held.level, held.specialty, func.count(held.institution_id.distinct()))
        .where(held.kind == code, held.state.in_(_KEPT))
        .group_by(held.level, held.specialty)
        .order_by(held.level, held.specialty)
    )
    return tuple(HeldRow(*row) for row in session.execute(query))
