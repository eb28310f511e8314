"""Everything that happened to an institution and its listings: who, when, what, why."""

from collections.abc import Iterable, Mapping

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.models import Listing, SuspensionGround
from marketplace.institutions.queries.public_rows import (
    HistoryEntry,
)

# What the public learns: how listings entered, rested in and left the market, never the drafts.
PUBLIC_KINDS = (
    "listing.admitted",
    "listing.suspended",
    "listing.reinstated",
    "listing.removed",
    "listing.barred",
    "listing.rectifying",
    "listing.readmission_submitted",
    "listing.readmitted",
    "listing.graded",
    "listing.terms_changed",
    "institution.facts_changed",
    "institution.qualifications_changed",
    "institution.qualification_expired",
)
# Leaving the market is public, taking an application back is not.
_LEFT_MARKET = frozenset({"admitted", "suspended"})


def history(
    session: Session, institution_id: int, *, listing_id: int | None = None, limit: int = 500
) -> tuple[HistoryEntry, ...]:
    """The events of an institution and its listings, newest first; or of one listing."""
    listings = _listings(session, institution_id)
    wanted = [listing_id] if listing_id is not None else list(listings)
    of_listings = and_(EventRecord.subject_kind == "listing", EventRecord.subject_id.in_(wanted))
    of_institution = and_(
        EventRecord.subject_kind == "institution", EventRecord.subject_id == institution_id
    )
    about = of_listings if listing_id is not None else or_(of_listings, of_institution)
    rows = session.scalars(
        select(EventRecord).where(about).order_by(EventRecord.id.desc()).limit(limit)
    ).all()
    return _entries(session, rows, listings, with_reasons=True)


def public_history(session: Session, institution_id: int) -> tuple[HistoryEntry, ...]:
    """The part of the history that everybody may see, without people and without reasons."""
    listings = _listings(session, institution_id)
    rows = session.scalars(
        select(EventRecord)
        .where(
            or_(
                and_(
                    EventRecord.subject_kind == "listing",
                    EventRecord.subject_id.in_(list(listings)),
                ),
                and_(
                    EventRecord.subject_kind == "institution",
                    EventRecord.subject_id == institution_id,
                ),
            ),
            EventRecord.kind.in_((*PUBLIC_KINDS, "listing.withdrawn")),
        )
        .order_by(EventRecord.id.desc())
        .limit(200)
    ).all()
    shown = [
        row
        for row in rows
        if row.kind != "listing.withdrawn" or row.payload.get("was") in _LEFT_MARKET
    ]
    return _entries(session, shown, listings, with_reasons=False)


def _listings(session: Session, institution_id: int) -> dict[int, str]:
    query = select(Listing.id, Listing.item_code).where(Listing.institution_id == institution_id)
    return {row.id: row.item_code for row in session.execute(query)}


def _entries(
    session: Session,
    rows: Iterable[EventRecord],
    listings: Mapping[int, str],
    *,
    with_reasons: bool,
) -> tuple[HistoryEntry, ...]:
    found = list(rows)
    people: Mapping[int, str] = {}
    reasons: Mapping[int, tuple[str, str]] = {}
    if with_reasons:
        people = accounts.people(session, {row.actor_user_id for row in found if row.actor_user_id})
        reasons = _reasons(session, [row.payload.get("ground_id", 0) for row in found])
    return tuple(
        HistoryEntry(
            event_id=row.id,
            kind=row.kind,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            item_code=listings.get(row.subject_id, "") if row.subject_kind == "listing" else "",
            occurred_at=row.occurred_at,
            actor_name=people.get(row.actor_user_id or 0, ""),
            why=_why(row, reasons),
            payload=row.payload,
        )
        for row in found
    )


def _reasons(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    query = select(SuspensionGround).where(SuspensionGround.id.in_(list(ids)))
    return {row.id: (row.reason, row.close_reason) for row in session.scalars(query)}


def _why(row: EventRecord, reasons: Mapping[int, tuple[str, str]]) -> str:
    opened, closed = reasons.get(row.payload.get("ground_id", 0), ("", ""))
    return closed if row.kind == "listing.ground_closed" else opened
