"""What must be true of rows, events and letters whatever happened, at any quiet moment."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.accounts.models import Recusal
from marketplace.infra.database import db, reading_session
from marketplace.infra.numbers import NumberSeries
from marketplace.infra.outbox.models import EventNote, EventRecord
from marketplace.infra.outbox.queue import outbox_state
from marketplace.institutions import events as listing_events
from marketplace.institutions.models.market import Listing, SuspensionGround
from marketplace.institutions.rules.market import STEPS as LISTING_STEPS
from marketplace.institutions.rules.market import ListingState
from marketplace.notifications.events import NotificationMade
from marketplace.notifications.models import Notification
from marketplace.openness.events import NoticePublished
from marketplace.openness.models import Notice
from marketplace.vetting import events as case_events
from marketplace.vetting.models import Case
from marketplace.vetting.rules import STEPS as CASE_STEPS
from marketplace.vetting.rules import CaseState
from tests.journeys.servers import Market

PATIENCE = 180.0

LISTING_AFTER = {
    listing_events.ListingDrafted: ListingState.DRAFT,
    listing_events.ListingSubmitted: ListingState.SUBMITTED,
    listing_events.ListingUnderReview: ListingState.UNDER_REVIEW,
    listing_events.ListingReturned: ListingState.RETURNED,
    listing_events.ListingAdmitted: ListingState.ADMITTED,
    listing_events.ListingRejected: ListingState.REJECTED,
    listing_events.ListingWithdrawn: ListingState.WITHDRAWN,
    listing_events.ListingLapsed: ListingState.LAPSED,
    listing_events.ListingSuspended: ListingState.SUSPENDED,
    listing_events.ListingReinstated: ListingState.ADMITTED,
    listing_events.ListingRemoved: ListingState.REMOVED,
    listing_events.ListingRectifying: ListingState.RECTIFYING,
    listing_events.ListingReadmissionSubmitted: ListingState.READMISSION_SUBMITTED,
    listing_events.ListingReadmitted: ListingState.ADMITTED,
}
CASE_AFTER = {
    case_events.CaseOpened: CaseState.RECEIVED,
    case_events.CaseTaken: CaseState.COMPLETENESS,
    case_events.CompletenessPassed: CaseState.SUBSTANCE,
    case_events.CaseReturned: CaseState.RETURNED,
    case_events.CaseResubmitted: CaseState.RECEIVED,
    case_events.CaseProposed: CaseState.PROPOSED,
    case_events.CaseSentBack: CaseState.SUBSTANCE,
    case_events.CaseDecided: CaseState.DECIDED,
    case_events.CaseWithdrawn: CaseState.WITHDRAWN,
    case_events.CaseEndedByRemoval: CaseState.WITHDRAWN,
    case_events.CaseLapsed: CaseState.WITHDRAWN,
}
# Each row of the left was brought about by one event of the right.
ONE_EVENT_EACH = (
    (select(Case.id), case_events.CaseOpened),
    (select(Case.id).where(Case.state == CaseState.DECIDED), case_events.CaseDecided),
    (select(Case.id).where(Case.ending == "applicant"), case_events.CaseWithdrawn),
    (select(Recusal.id), case_events.RecusalDeclared),
    (select(SuspensionGround.id), listing_events.GroundOpened),
    (
        select(SuspensionGround.id).where(SuspensionGround.closed_at.is_not(None)),
        listing_events.GroundClosed,
    ),
    (select(Notification.id), NotificationMade),
    (select(Notice.id), NoticePublished),
)

NEVER_WITHOUT_WORDS = (
    case_events.RecusalDeclared,
    case_events.CaseReturned,
    case_events.CaseProposed,
    case_events.CaseSentBack,
    case_events.CaseDecided,
)


def wait_until_quiet(market: Market) -> None:
    """Wait until the worker has delivered everything; nothing may be parked."""

    def quiet() -> bool:
        with reading_session() as session:
            state = outbox_state(session)
        assert state.parked == 0
        return state.pending == 0

    wait_until(quiet, market.product.last_words)


def wait_until(true: Callable[[], bool], words: Callable[[], str] = str) -> None:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain\n{words()}"
        time.sleep(0.1)


# ------------------------------------------------------------------ events


def trail(session: Session, subject: str) -> dict[int, list[EventRecord]]:
    """The events of each subject of a kind, oldest first."""
    found: dict[int, list[EventRecord]] = defaultdict(list)
    query = select(EventRecord).where(EventRecord.subject_kind == subject)
    for row in session.scalars(query.order_by(EventRecord.subject_id, EventRecord.sequence)):
        found[row.subject_id].append(row)
    return found


def gaps(session: Session) -> list[tuple[str, int]]:
    """Subjects whose events are not numbered 1, 2, 3 ..."""
    query = select(
        EventRecord.subject_kind,
        EventRecord.subject_id,
        func.min(EventRecord.sequence),
        func.max(EventRecord.sequence),
        func.count(EventRecord.id),
    ).group_by(EventRecord.subject_kind, EventRecord.subject_id)
    return [(row[0], row[1]) for row in session.execute(query) if row[2:] != (1, row[3], row[3])]


def illegal_lives(session: Session) -> list[str]:
    """Listings and cases whose events leave the table of steps, or whose state is not the last."""
    return [*_illegal_listings(session), *_illegal_cases(session)]


def _illegal_listings(session: Session) -> Iterable[str]:
    after = {kind.KIND: state for kind, state in LISTING_AFTER.items()}
    states = dict(session.execute(select(Listing.id, Listing.state)).all())
    for key, events in trail(session, "listing").items():
        life = [after[event.kind] for event in events if event.kind in after]
        if life[0] is not ListingState.DRAFT or life[-1] != states[key]:
            yield f"listing {key}: {life}, but the row says {states[key]}"
        for was, became in pairwise(life):
            if became not in LISTING_STEPS[was]:
                yield f"listing {key}: {was} -> {became}"


def _illegal_cases(session: Session) -> Iterable[str]:
    after = {kind.KIND: state for kind, state in CASE_AFTER.items()}
    states = dict(session.execute(select(Case.id, Case.state)).all())
    for key, events in trail(session, "vetting_case").items():
        life: list[CaseState] = []
        for event in events:
            state = after.get(event.kind)
            # A case that an examiner gave up goes on where it stood.
            if state is None or (event.kind == "vetting_case.taken" and life[-1] != "received"):
                continue
            if life and state not in CASE_STEPS[life[-1]]:
                yield f"case {key}: {life[-1]} -> {state}"
            life.append(state)
        if life[0] is not CaseState.RECEIVED or life[-1] is not states[key]:
            yield f"case {key}: {life}, but the row says {states[key]}"


def uneven_counts(session: Session) -> list[str]:
    """Changes of which there are more or fewer than events that tell of them."""
    found = []
    for rows, event in ONE_EVENT_EACH:
        count = session.scalar(select(func.count()).select_from(rows.subquery()))
        told = session.scalar(
            select(func.count(EventRecord.id)).where(EventRecord.kind == event.KIND)
        )
        if count != told:
            found.append(f"{event.KIND}: {count} rows, {told} events")
    return found + _events_without_words(session) + _uneven_numbers(session)


def _events_without_words(session: Session) -> list[str]:
    kinds = [event.KIND for event in NEVER_WITHOUT_WORDS]
    query = (
        select(EventRecord.kind)
        .outerjoin(EventNote, EventNote.event_id == EventRecord.id)
        .where(EventRecord.kind.in_(kinds), EventNote.event_id.is_(None))
    )
    return [f"{kind}: its words are lost" for kind in session.scalars(query)]


def _uneven_numbers(session: Session) -> list[str]:
    """Every case has the next number of its series: none twice, none left out."""
    numbers = sorted(int(one[-6:]) for one in session.scalars(select(Case.number)))
    last = session.scalar(select(NumberSeries.last).where(NumberSeries.prefix == "SH"))
    whole = list(range(1, (last or 0) + 1))
    return [] if numbers == whole else [f"numbers: {numbers} of {last}"]


def changed_without_event(session: Session) -> list[str]:
    """On PostgreSQL: rows last written by a transaction that wrote no event.

    `xmin` is the transaction, or its savepoint, that a row's present version comes from; both are
    committed at one instant.
    """
    if session.get_bind().dialect.name != "postgresql":
        return []
    found = []
    for mapper in db.Model.registry.mappers:
        model = mapper.class_
        if model.BOOKKEEPING:
            continue
        query = text(
            f"SELECT count(*) FROM {model.__tablename__}"  # noqa: S608
            " WHERE pg_xact_commit_timestamp(xmin) NOT IN"
            " (SELECT pg_xact_commit_timestamp(xmin) FROM event)"
        )
        count = session.scalar(query)
        if count:
            found.append(f"{model.__tablename__}: {count} rows")
    return found


# ------------------------------------------------------------------ letters


def letters_of(market: Market) -> Counter[str]:
    """How often each notification was mailed, by its Message-ID."""
    return Counter(one for one in market.postman.ids() if one.startswith("<notification-"))


def letters_owed(session: Session, market: Market) -> set[str]:
    """The Message-IDs of all that the box of anybody holds."""
    host = market.product.url.removeprefix("http://").split(":")[0]
    keys = session.scalars(select(Notification.public_id))
    return {f"<notification-{key}@{host}>" for key in keys}


def untold(session: Session, kind: str, user_id: int) -> list[int]:
    """Events of a kind, by others, of which this person was not told."""
    told = select(Notification.event_id).where(Notification.user_id == user_id)
    query = select(EventRecord.id).where(
        EventRecord.kind == kind,
        EventRecord.id.not_in(told),
        EventRecord.actor_user_id != user_id,
    )
    return list(session.scalars(query))
