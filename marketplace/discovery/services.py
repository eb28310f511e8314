"""Keeping the index in step: changes are noted by events and taken over by the worker."""

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.discovery.models import IndexChange
from marketplace.infra.clock import real_now
from marketplace.infra.database import db, writing_session
from marketplace.infra.logs import get_logger
from marketplace.infra.room import LeftOutWhenFull
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import OfferRow
from marketplace.kernel.times import local_date
from search import (
    NO_GRADE,
    NO_SCORE,
    Directory,
    Indexer,
    IndexLocked,
    IndexUnusableError,
    ListingDocument,
)

log = get_logger(__name__)
_BATCH = 500


def directory() -> Directory:
    """The reader of this process, opened once per application."""
    known = current_app.extensions.get("directory")
    if known is None:
        known = current_app.extensions["directory"] = Directory(_home())
    found: Directory = known
    return found


def note_changes(session: Session, listing_ids: Sequence[int]) -> None:
    """Note that these listings' documents are out of date; the caller commits."""
    now = real_now()
    session.add_all(IndexChange(listing_id=key, noted_at=now) for key in listing_ids)


def ask_for_rebuild() -> None:
    """Note, unless that is noted already, that the whole index must be written anew."""
    # Who looks for something asks for it: without room they find it in the records all the same.
    with LeftOutWhenFull("rebuild"), writing_session() as session:
        known = session.scalar(select(IndexChange.id).where(IndexChange.listing_id.is_(None)))
        if known is None:
            session.add(IndexChange(listing_id=None, noted_at=real_now()))
        session.commit()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Read and write under one lock: rows read early may not be written over newer ones."""
    _home().mkdir(parents=True, exist_ok=True)
    with (_home() / "taking-over.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def rebuild() -> int:
    """Write the whole index anew beside the old one; returns how many listings it holds.

    What was noted before is taken over by it; what is noted meanwhile stays noted.
    """
    with _one_at_a_time():
        return _rebuild()


def _rebuild() -> int:
    session = db.session()
    session.rollback()
    noted = list(session.scalars(select(IndexChange.id)))
    count = Indexer(_home()).rebuild(_every_document(session))
    session.rollback()
    _forget(noted)
    return count


def _every_document(session: Session) -> Iterator[ListingDocument]:
    """The documents of all listings, so many at once as a statement may have parameters."""
    keys = institutions.admitted_listings(session)
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        yield from to_documents(session, institutions.admitted_offers(session, part))


def take_over_changes() -> int:
    """Take over what was noted; returns how many listings. Called at every poll of the worker."""
    session = db.session()
    session.rollback()  # What an older snapshot of the caller's does not show is not missed.
    if session.scalar(select(IndexChange.id).limit(1)) is None:
        return 0
    with _one_at_a_time():
        return _take_over(session)


def _take_over(session: Session) -> int:
    session.rollback()
    query = select(IndexChange.id, IndexChange.listing_id).order_by(IndexChange.id).limit(_BATCH)
    noted = session.execute(query).all()
    session.rollback()
    if not noted:
        return 0
    try:
        if any(listing_id is None for _, listing_id in noted):
            return _rebuild()
        keys = {listing_id for _, listing_id in noted if listing_id is not None}
        _apply(session, keys)
    except IndexUnusableError:
        return _rebuild()
    except IndexLocked:
        return 0
    _forget([key for key, _ in noted])
    return len(keys)


def _apply(session: Session, listing_ids: set[int]) -> None:
    keys = {row.id: row.public_id for row in institutions.listings(session, listing_ids).values()}
    admitted = institutions.admitted_offers(session, tuple(listing_ids))
    documents = to_documents(session, admitted)
    gone = set(keys.values()) - {document.key for document in documents}
    session.rollback()
    Indexer(_home()).apply(documents, sorted(gone))


def is_sound() -> bool:
    """Whether the index can be read; asks for a rebuild where it cannot."""
    try:
        directory().size()
    except IndexUnusableError as error:
        log.warning("index.unusable", error=type(error).__name__)
        ask_for_rebuild()
        return False
    return True


def _forget(noted: Sequence[int]) -> None:
    with writing_session() as session:
        for start in range(0, len(noted), _BATCH):
            keys = noted[start : start + _BATCH]
            session.execute(delete(IndexChange).where(IndexChange.id.in_(keys)))
        session.commit()


def _home() -> Path:
    home: Path = current_app.extensions["settings"].home
    return home / "index"


# ------------------------------------------------------------------ documents


def level_code(kind: str, level: str) -> str:
    """A qualification as a filter value: `lightning_inspection:甲级`; a kind alone has no level."""
    return f"{kind}:{level}" if level else kind


def to_documents(session: Session, offers: Iterable[OfferRow]) -> list[ListingDocument]:
    """One document per offer.

    Its region and all above it are found, superseded codes too; and so are what its item is called
    and the codes of the item and the institution.
    """
    regions = catalogue.regions(session)
    items = catalogue.by_code(session).values()
    called = {item.code: (item.name, *item.name_en.split()) for item in items}
    return [_document(offer, regions, called.get(offer.item_code, ())) for offer in offers]


def _document(offer: OfferRow, regions: RegionTree, called: tuple[str, ...]) -> ListingDocument:
    region = regions.resolve(offer.region_code) or offer.region_code
    held = {level_code(q.kind, q.level) for q in offer.qualifications}
    return ListingDocument(
        key=offer.listing_public_id,
        institution_id=offer.institution_id,
        institution_key=offer.institution_public_id,
        name=offer.name,
        item=offer.item_code,
        admitted_on=local_date(offer.admitted_at),
        promised_days=offer.promised_days,
        profile=offer.profile,
        words=(*called, offer.item_code, offer.credit_code),
        regions=regions.upwards(region),
        levels=tuple(sorted(held)),
        grade=offer.grade or NO_GRADE,
        score=NO_SCORE if offer.score_hundredths is None else offer.score_hundredths,
    )
