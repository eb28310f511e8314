"""Files: one row per upload that points to a content in the blob store.

Who may read a file is the owner record's policy, never knowledge of its hash: each feature
registers that policy for its kind of owner. An upload that no record came to own (its form was
abandoned) goes after seven days; a content goes when no row points to it.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra import blobs, security_log
from marketplace.infra.database import Base, Public, reading_session
from marketplace.infra.events import FileBound, FileDiscarded, FileStored
from marketplace.infra.file_checks import DEFAULT_MEGABYTES, check_upload, clean_name
from marketplace.infra.rows import row_of
from marketplace.infra.security_log import Kind
from marketplace.infra.ticks import Opens, settle_each
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound, Refused

ORPHAN_AGE = timedelta(days=7)
SWEEP_EVERY = 3600.0
BLOB_GRACE = 3600.0
CACHE_AGE = 30 * 86400.0


class FileRecord(Public, Base):
    """One upload: whose, what kind of paper, under which name, by whom and when.

    `sha256` is the name of its content in the store: its digest; of a personal paper a random name
    that says nothing of what is in it, so no page shows it.
    """

    __tablename__ = "file"
    __table_args__ = (
        Index("ix_file_owner", "owner_kind", "owner_id"),
        Index("ix_file_sha256", "sha256"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("pages > 0", name="pages_positive"),
    )

    owner_kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    personal: Mapped[bool]
    uploaded_by: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class FileRow:
    """A file as pages and services of other features see it."""

    id: int
    public_id: str
    owner_kind: str
    owner_id: int | None
    kind: str
    name: str
    media_type: str
    size: int
    pages: int
    sha256: str
    personal: bool
    uploaded_by: int | None
    uploaded_at: datetime


_FILE = row_of(FileRow, FileRecord)


@dataclass
class _Options:
    clamd_socket: str = ""
    swept_at: float = float("-inf")


_options = _Options()


def use_scanner(clamd_socket: str) -> None:
    """Have every upload scanned by the clamd behind this socket; empty for none."""
    _options.clamd_socket = clamd_socket


def scanner() -> str:
    """The socket of the virus scanner, empty where there is none."""
    return _options.clamd_socket


# ------------------------------------------------------------------ services


def store_upload(
    uow: UnitOfWork,
    *,
    owner_kind: str,
    owner_id: int | None,
    kind: str,
    name: str,
    data: bytes,
    personal: bool = False,
    max_megabytes: int = DEFAULT_MEGABYTES,
    field: str = "",
) -> FileRecord:
    """Check and keep an upload; personal papers are encrypted on the disk.

    `owner_id` None keeps it for its uploader until `bind_file`. Refuses what `check_upload`
    refuses, naming `field`, the form field the user can mend.
    """
    try:
        checked = check_upload(
            name, data, max_megabytes=max_megabytes, clamd_socket=_options.clamd_socket
        )
    except Refused as refusal:
        raise Refused(refusal.code, field=field, **refusal.details) from None
    row = FileRecord(
        owner_kind=owner_kind,
        owner_id=owner_id,
        kind=kind,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        pages=checked.pages,
        sha256=blobs.put(data, sealed=personal),
        personal=personal,
        uploaded_by=uow.actor.user_id,
        uploaded_at=uow.now,
    )
    uow.add(row)
    uow.record(FileStored(row.id, owner_kind, owner_id, kind, row.sha256, row.size))
    return row


def bind_file(uow: UnitOfWork, public_id: str, *, owner_kind: str, owner_id: int) -> FileRecord:
    """Give an upload the record it belongs to; only its uploader's act may, and only once."""
    row = uow.lock(FileRecord, public_id)
    if row.owner_id is not None or row.uploaded_by != uow.actor.user_id:
        raise NotFound
    row.owner_kind, row.owner_id = owner_kind, owner_id
    uow.record(FileBound(row.id, owner_kind, owner_id))
    return row


def name_file(uow: UnitOfWork, file_id: int, name: str) -> None:
    """Give an upload its name; the act that does it records what happened."""
    row = uow.lock(FileRecord, file_id)
    row.name = clean_name(name, row.media_type)


def discard_file(uow: UnitOfWork, file_id: int) -> None:
    """Remove an upload's row and the pictures of its pages.

    Its content goes later, when nothing points to it.
    """
    row = uow.lock(FileRecord, file_id)
    blobs.forget_pages(row.sha256, sealed=row.personal)
    uow.session.delete(row)
    uow.record(FileDiscarded(row.id, row.sha256))


# ------------------------------------------------------------------ queries


def find_file(session: Session, key: int | str) -> FileRow:
    """The file with this integer or public id; raises `NotFound`."""
    return _FILE.one(session, _FILE.by(key), {"key": key})


def find_files(session: Session, ids: Collection[int]) -> dict[int, FileRow]:
    """The files with these ids, in one go."""
    if not ids:
        return {}
    found = _FILE.all(session, _FILE.query().where(FileRecord.id.in_(ids)))
    return {row.id: row for row in found}


def files_of(
    session: Session, owner_kind: str, owner_id: int, kind: str | None = None
) -> tuple[FileRow, ...]:
    """All files of a record, newest first; `kind` narrows."""
    query = _FILE.query().where(
        FileRecord.owner_kind == owner_kind, FileRecord.owner_id == owner_id
    )
    if kind is not None:
        query = query.where(FileRecord.kind == kind)
    query = query.order_by(FileRecord.uploaded_at.desc(), FileRecord.id.desc())
    return _FILE.all(session, query)


def content(row: FileRow | FileRecord) -> bytes:
    """The bytes that were uploaded, decrypted where they are kept encrypted."""
    note_reading(row)
    return blobs.get(row.sha256, sealed=row.personal)


def note_reading(row: FileRow | FileRecord) -> None:
    """Whoever has a personal paper opened is named in the security log."""
    if row.personal:
        owner = {"owner_kind": row.owner_kind, "owner_id": row.owner_id}
        security_log.note(Kind.KEY, "file.unsealed", {"file": row.public_id, **owner})


# ------------------------------------------------------------------ access

MayRead: TypeAlias = Callable[[Actor, Session, int], bool]
# Who decides for the files of one kind of record, by actor, session and the record's key.
READERS: dict[str, MayRead] = {}


def may_read_file(actor: Actor, session: Session, row: FileRow) -> bool:
    """The owner's policy; an upload without owner is its uploader's alone."""
    if row.owner_id is None:
        return actor.user_id is not None and actor.user_id == row.uploaded_by
    decide = READERS.get(row.owner_kind)
    return decide is not None and decide(actor, session, row.owner_id)


# ------------------------------------------------------------------ sweep


def sweep_orphans(opens: Opens, now: datetime) -> int:
    """Discard uploads of abandoned forms, and hourly the contents that no row points to."""
    with reading_session() as session:
        orphans = session.scalars(
            select(FileRecord.id)
            .where(FileRecord.owner_id.is_(None), FileRecord.uploaded_at < now - ORPHAN_AGE)
            .order_by(FileRecord.id)
        ).all()
    discarded = settle_each(opens, orphans, _discard_orphan)
    if time.monotonic() - _options.swept_at >= SWEEP_EVERY:
        _options.swept_at = time.monotonic()
        sweep_blobs()
        blobs.sweep_cache(older_than=CACHE_AGE)
    return discarded


def _discard_orphan(uow: UnitOfWork, file_id: int) -> bool:
    row = uow.session.get(FileRecord, file_id, with_for_update=True)
    if row is None or row.owner_id is not None:
        return False
    discard_file(uow, file_id)
    return True


def sweep_blobs(*, grace: float = BLOB_GRACE) -> int:
    """Remove contents older than `grace` seconds that no row points to; return how many."""
    removed = 0
    for sealed in (False, True):
        for sha256 in list(blobs.names(sealed=sealed, older_than=grace)):
            with reading_session() as session:
                used = session.scalar(
                    select(FileRecord.id)
                    .where(FileRecord.sha256 == sha256, FileRecord.personal.is_(sealed))
                    .limit(1)
                )
            if used is None:
                removed += blobs.remove(sha256, sealed=sealed, older_than=grace)
    blobs.forget_lost_pages()
    return removed
