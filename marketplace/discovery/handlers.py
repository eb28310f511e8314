"""Listening to what changes the directory, and the worker's part in keeping the index."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import offers
from marketplace.discovery import indexing
from marketplace.discovery.models import IndexChange
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.subscribers import subscribe
from marketplace.infra.readiness import Check, readiness
from marketplace.infra.tasks import task
from marketplace.infra.ticks import every_poll
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import events
from marketplace.institutions import queries as institutions
from search import IndexUnusableError, Query, warm_up


@subscribe(
    "index",
    events.ListingAdmitted,
    events.ListingSuspended,
    events.ListingReinstated,
    events.ListingWithdrawn,
    events.ListingRemoved,
    events.ListingReadmitted,
    events.ListingGraded,
    events.TermsChanged,
)
def note_listing(uow: UnitOfWork, record: EventRecord) -> None:
    """One listing's document is out of date."""
    indexing.note_changes(uow.session, [record.subject_id])


@subscribe("index", events.FactsChanged, events.QualificationsChanged, events.QualificationExpired)
def note_institution(uow: UnitOfWork, record: EventRecord) -> None:
    """All documents of an institution are out of date."""
    indexing.note_changes(
        uow.session, institutions.listings_touched(uow.session, record.subject_id)
    )


@every_poll("index")
def pump() -> int:
    """Take over what was noted; a worker is ready for that from its first poll on."""
    warm_up()
    return indexing.take_over_changes()


@task("reindex")
def reindex() -> str:
    """Write the whole index anew."""
    return f"{indexing.rebuild()} listings indexed"


@readiness("index")
def index_is_ready(session: Session) -> Check:
    """The index can be read; how many listings it holds and how many changes wait."""
    waiting = session.scalar(select(func.count(IndexChange.id))) or 0
    if not indexing.is_sound():
        return Check(ok=False, details={"waiting": waiting})
    return Check(ok=True, details={"listings": indexing.directory().size(), "waiting": waiting})


@offers.register
def count_offers(session: Session, item_code: str) -> int:
    """How many admitted institutions offer an item."""
    try:
        return indexing.directory().search(Query(items=(item_code,), page_size=1)).total
    except IndexUnusableError:
        return institutions.offers_of(session, item_code)
