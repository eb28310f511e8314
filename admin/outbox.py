"""The outbox: what is being delivered, what failed for good, and the workers that deliver.

Deliveries and events are addressed by their numbers, the ones that log lines name: they are rows
of the machinery and have no public id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from admin.access import Section
from admin.tables import page_number
from marketplace.infra.clock import real_now
from marketplace.infra.lists import place_of
from marketplace.infra.outbox.models import (
    OPEN_STATES,
    Delivery,
    DeliveryState,
    EventRecord,
    WorkerBeat,
)
from marketplace.infra.outbox.queue import outbox_state, standing, told
from marketplace.infra.outbox.settling import replay_delivery, skip_delivery
from marketplace.infra.readiness import BEAT_TOO_OLD
from marketplace.infra.restoring import held_since, release_worker
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.context import reading_session
from marketplace.web.forms import Form
from marketplace.web.submit import submit

_PAGE_SIZE = 50
# Of those done there are millions: they are neither counted nor looked through.
_LATEST_DONE = 1000
_WHY = _("Give the reason in 3 to 500 characters.")


class ReasonForm(Form):
    """Why the operator steps in."""

    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_WHY), Length(3, 500, _WHY)],
        description=_("What was wrong, and why this mends it. It is kept with the delivery."),
    )


@dataclass(frozen=True)
class Worker:
    """A worker and when it was last alive."""

    name: str
    beaten_at: datetime
    alive: bool


class Outbox(Section):
    """Deliveries by state, one delivery, replaying and giving up."""

    group, address = "running", "outbox"
    title = _("Outbox")
    purpose = _("What happened is told to every part that listens; here is what still waits.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The deliveries in a state, at first those that failed for good."""
        session = reading_session()
        asked = request.args.get("state", "")
        state = DeliveryState(asked) if asked in set(DeliveryState) else DeliveryState.PARKED
        counts = _counts(session)
        total = _total(session, state, counts)
        number, pages = place_of(page_number(), total, _PAGE_SIZE)
        return self.page(
            "admin/outbox.html",
            state=state,
            counts=counts,
            standing=outbox_state(session),
            workers=_workers(session),
            alive=live_workers(session),
            held=held_since(session),
            rows=_deliveries(session, state, number),
            number=number,
            pages=pages,
            total=total,
        )

    @expose("/release", methods=("GET", "POST"))
    def release(self) -> ResponseReturnValue:
        """Let the worker send again after the database was restored."""
        form, session = ReasonForm(), reading_session()

        def work(uow: UnitOfWork) -> str:
            home = current_app.extensions["settings"].home
            release_worker(uow, home=home, reason=form.reason.data)
            return url_for(".index")

        return submit(form, work, done=gettext("The worker sends again.")) or self.page(
            "admin/release_worker.html",
            form=form,
            held=held_since(session),
            counts=_counts(session),
        )

    @expose("/<int(max=2147483647):number>")
    def delivery(self, number: int) -> ResponseReturnValue:
        """One delivery: what it tells whom, and what went wrong."""
        row = _delivery(number)
        return self.page("admin/delivery.html", row=row, parked=row.state == DeliveryState.PARKED)

    @expose("/<int(max=2147483647):number>/replay", methods=("GET", "POST"))
    def replay(self, number: int) -> ResponseReturnValue:
        """Try again from the beginning."""
        done = gettext("The delivery is tried again at once.")
        return self._settle(number, replay_delivery, done, "admin/replay_delivery.html")

    @expose("/<int(max=2147483647):number>/skip", methods=("GET", "POST"))
    def skip(self, number: int) -> ResponseReturnValue:
        """Give it up, so that the later ones of its subject go on."""
        done = gettext("The delivery is given up. Later ones go on.")
        return self._settle(number, skip_delivery, done, "admin/skip_delivery.html")

    def _settle(
        self, number: int, act: Callable[..., None], done: str, template: str
    ) -> ResponseReturnValue:
        row, form = _delivery(number), ReasonForm()

        def work(uow: UnitOfWork) -> str:
            act(uow, delivery_id=number, reason=form.reason.data)
            return url_for(".delivery", number=number)

        return submit(form, work, done=done) or self.page(template, form=form, row=row)


def _delivery(number: int) -> Delivery:
    query = select(Delivery).join(EventRecord).where(Delivery.id == number, *told())
    row = reading_session().scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _counts(session: Session) -> dict[DeliveryState, dict[str, int]]:
    """How many deliveries there are by state and subscriber, of those that are not done."""
    counted = [state for state in DeliveryState if state != DeliveryState.DONE]
    query = (
        select(Delivery.state, Delivery.subscriber, func.count())
        .join(EventRecord)
        .where(*standing(*counted), *told())
        .group_by(Delivery.state, Delivery.subscriber)
    )
    found: dict[DeliveryState, dict[str, int]] = {state: {} for state in DeliveryState}
    for state, subscriber, count in session.execute(query.order_by(Delivery.subscriber)):
        found[state][subscriber] = count
    return found


def _total(
    session: Session, state: DeliveryState, counts: dict[DeliveryState, dict[str, int]]
) -> int:
    """How many deliveries are listed in a state: of those done the latest."""
    if state != DeliveryState.DONE:
        return sum(counts[state].values())
    latest = select(Delivery.id).join(EventRecord).where(*standing(state), *told())
    latest = latest.order_by(Delivery.id.desc())
    few = latest.limit(_LATEST_DONE).subquery()
    return session.scalars(select(func.count()).select_from(few)).one()


def _deliveries(session: Session, state: DeliveryState, number: int) -> list[Delivery]:
    """A page of deliveries: the oldest open ones first, of the settled ones the latest."""
    is_open = state in OPEN_STATES
    order = Delivery.id.asc() if is_open else Delivery.id.desc()
    query = select(Delivery).join(EventRecord).where(*standing(state), *told()).order_by(order)
    return list(session.scalars(query.limit(_PAGE_SIZE).offset((number - 1) * _PAGE_SIZE)))


def _workers(session: Session) -> list[Worker]:
    """The workers, the one heard of last first."""
    now = real_now()
    beats = session.scalars(select(WorkerBeat).order_by(WorkerBeat.beaten_at.desc()).limit(20))
    return [
        Worker(row.worker, row.beaten_at, (now - row.beaten_at).total_seconds() <= BEAT_TOO_OLD)
        for row in beats
    ]


def live_workers(session: Session) -> int:
    """How many workers have been heard of lately."""
    return sum(worker.alive for worker in _workers(session))
