"""Listening to what changes the directory, and the worker's part in keeping the index."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.discovery import services
from marketplace.discovery.models import IndexChange
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD
from marketplace.infra.readiness import Check
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from search import IndexUnusableError, Query, warm_up


def note_change(uow: UnitOfWork, record: EventRecord) -> None:
    """The document of a listing, or all those of an institution or an item, are out of date."""
    touched = [record.subject_id]
    if record.subject_kind == "institution":
        touched = list(institutions.listings_touched(uow.session, record.subject_id))
    elif record.subject_kind == "item":
        offered = institutions.listings_for(uow.session, record.payload["code"])
        touched = [listing.id for listing in offered]
    services.note_changes(uow.session, touched)


def pump() -> int:
    """Take over what was noted; a worker is ready for that from its first poll on."""
    warm_up()
    return services.take_over_changes()


def reindex() -> str:
    """Write the whole index anew."""
    return f"{services.rebuild()} listings indexed"


def index_is_ready(session: Session) -> Check:
    """The index can be read; how many listings it holds and how many changes wait."""
    waiting = session.scalar(select(func.count(IndexChange.id))) or 0
    if not services.is_sound():
        return Check(ok=False, details={"waiting": waiting})
    return Check(ok=True, details={"listings": services.directory().size(), "waiting": waiting})


def count_offers(session: Session, item_code: str) -> int:
    """How many admitted institutions offer an item."""
    try:
        return services.directory().search(Query(items=(item_code,), page_size=1)).total
    except IndexUnusableError:
        return institutions.offers_of(session, item_code)


HANDLERS = (Handler("index", note_change, lambda row: row.directory == TOLD),)
