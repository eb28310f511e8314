"""One act: an actor, an instant, a transaction, and the events that say what changed.

`with UnitOfWork(actor, now) as uow:` commits at the end of the block and rolls back when it
raises. A change without an event is a programming error and is refused at commit.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import bindparam, func, select
from sqlalchemy import event as sa_event
from sqlalchemy.orm import ORMExecuteState, Session

from marketplace.infra import security_log
from marketplace.infra.clock import business_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.finding import Model, find_row
from marketplace.infra.outbox.models import BY_ITSELF, Delivery, EventNote, EventRecord
from marketplace.infra.outbox.news import news_of
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.events import Event

_EVERY_KIND = "*"

_subscribers: dict[str, set[str]] = {}
_independent: set[str] = set()


def note_subscriber(name: str, kinds: tuple[str, ...], *, ordered: bool = True) -> None:
    """From now on events of these kinds (none: of all) get a delivery for the subscriber.

    Without `ordered` its deliveries are independent: none waits for an earlier one.
    """
    for kind in kinds or (_EVERY_KIND,):
        _subscribers.setdefault(kind, set()).add(name)
    if not ordered:
        _independent.add(name)


def subscribers_of(kind: str) -> list[str]:
    """The names of all subscribers of an event kind, sorted."""
    return sorted(_subscribers.get(kind, set()) | _subscribers.get(_EVERY_KIND, set()))


# Built once, for it is asked with every event.
_LAST_SEQUENCE = select(func.max(EventRecord.sequence)).where(
    EventRecord.subject_kind == bindparam("kind"), EventRecord.subject_id == bindparam("subject")
)


class ChangeWithoutEvent(Exception):
    """A business row changed in a unit of work that recorded no event."""


class UnitOfWork:
    """The carrier of one act; services take it and nothing else from outside."""

    def __init__(
        self,
        actor: Actor,
        now: datetime,
        *,
        request_id: str = "",
        session_factory: Callable[[], Session] = writing_session,
    ) -> None:
        self.actor = actor
        # Whom the security log names: at a sign-in it is found out on the way.
        self.seen_as = actor
        self.now = now
        self.request_id = request_id
        self._session_factory = session_factory
        self._sequences: dict[tuple[str, int], int] = {}
        self._recorded = 0
        self._to_note: list[tuple[security_log.Kind, Event]] = []
        self._changed: set[str] = set()

    @property
    def recorded(self) -> int:
        """How many events this act has recorded so far."""
        return self._recorded

    def __enter__(self) -> Self:
        self.session = self._session_factory()
        sa_event.listen(self.session, "before_flush", self._note_changes)
        sa_event.listen(self.session, "do_orm_execute", self._note_statement)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._commit()
                self._note_events()
            else:
                self.session.rollback()
                security_log.ended_by(error, by=self.seen_as, request=self.request_id)
        finally:
            self.session.close()

    def _commit(self) -> None:
        self.session.flush()
        if self._changed and not self._recorded:
            self.session.rollback()
            raise ChangeWithoutEvent(", ".join(sorted(self._changed)))
        self.session.commit()

    def _note_events(self) -> None:
        """What is done now has its lines in the security log."""
        for kind, event in self._to_note:
            subject = {"subject": event.SUBJECT, "subject_id": event.subject_id}
            self.note(kind, event.KIND, {**subject, **event.payload()})

    def note(
        self, kind: security_log.Kind, what: str, facts: Mapping[str, object] | None = None
    ) -> None:
        """Write a line of the security log now, whatever becomes of the act."""
        security_log.note(kind, what, facts, by=self.seen_as, request=self.request_id)

    def _note_changes(self, session: Session, *_args: object) -> None:
        touched = [*session.new, *session.deleted]
        touched += [row for row in session.dirty if session.is_modified(row)]
        self._changed |= {row.__tablename__ for row in touched if not row.BOOKKEEPING}

    def _note_statement(self, state: ORMExecuteState) -> None:
        if not state.is_select and state.bind_mapper is not None:
            model = state.bind_mapper.class_
            if not model.BOOKKEEPING:
                self._changed.add(model.__tablename__)

    def lock(self, model: type[Model], key: int | str) -> Model:
        """Load the row and lock it for this act; `key` is the integer or the public id.

        Raises `NotFound`. On SQLite the whole transaction holds the write lock already.
        """
        return find_row(self.session, model, key, locked=True)

    def find(self, model: type[Model], key: int | str) -> Model:
        """Load the row without locking it; raises `NotFound`."""
        return find_row(self.session, model, key)

    def add(self, row: Model) -> Model:
        """Add a new row and give it its key."""
        self.session.add(row)
        self.session.flush()
        return row

    def flush(self) -> None:
        """Send pending changes to the database, so that its constraints speak now."""
        self.session.flush()

    @contextmanager
    def by_itself(self) -> Iterator[None]:
        """What the platform does by itself in somebody's act: it is recorded as its own."""
        whose, self.actor = self.actor, SYSTEM
        try:
            yield
        finally:
            self.actor = whose

    @property
    def user_id(self) -> int:
        """The person who acts; refuses `request.sign_in` where nobody does."""
        if self.actor.user_id is None:
            raise Refused("request.sign_in")
        return self.actor.user_id

    @property
    def organisation_id(self) -> int:
        """The organisation acted for; refuses `account.no_membership` where there is none."""
        if self.actor.organisation_id is None:
            raise Refused("account.no_membership")
        return self.actor.organisation_id

    def record(self, event: Event, *, words: str = "") -> EventRecord:
        """Append the event and one delivery per subscriber, in this transaction.

        `words` are what somebody wrote with the act; its history shows them.
        """
        subject = (event.SUBJECT, event.subject_id)
        row = EventRecord(
            subject_kind=event.SUBJECT,
            subject_id=event.subject_id,
            sequence=self._next_sequence(subject),
            kind=event.KIND,
            payload=event.payload(),
            actor_user_id=self.actor.user_id,
            actor_organisation_id=self.actor.organisation_id,
            occurred_at=self.now,
            request_id=self.request_id,
        )
        self.session.add(row)
        self.session.flush()
        if words:
            self.session.add(EventNote(event_id=row.id, body=words))
        for name in subscribers_of(event.KIND):
            # Deliveries wait for earlier ones about their subject; an independent one is its own.
            kind, key = (BY_ITSELF, row.id) if name in _independent else subject
            self.session.add(
                Delivery(event_id=row.id, subscriber=name, subject_kind=kind, subject_id=key)
            )
        self._recorded += 1
        told = news_of(event.KIND)
        if told is not None and told.security is not None:
            self._to_note.append((told.security, event))
        return row

    def _next_sequence(self, subject: tuple[str, int]) -> int:
        if subject not in self._sequences:
            kind, key = subject
            last = self.session.scalar(_LAST_SEQUENCE, {"kind": kind, "subject": key})
            self._sequences[subject] = last or 0
        self._sequences[subject] += 1
        return self._sequences[subject]


def system_work() -> UnitOfWork:
    """An act of the system itself, at the present business time."""
    with reading_session() as session:
        return UnitOfWork(SYSTEM, business_now(session))
