"""Delivery: after the commit, in order per subject, at least once, parked when it keeps failing."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.infra.clock import business_now, move_forward, real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.events import FileStored
from marketplace.infra.mail import SunkMail
from marketplace.infra.outbox import queue, settling
from marketplace.infra.outbox.delivery import deliver_all, deliver_due
from marketplace.infra.outbox.listening import Effect, Handler, listen
from marketplace.infra.outbox.models import Delivery, EventRecord
from marketplace.infra.outbox.queue import outbox_state
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ANONYMOUS
from marketplace.kernel.errors import Refused
from marketplace.settings import Settings
from tests.service.infra.acts import OPERATOR, act, deliveries, happen, states

pytestmark = pytest.mark.usefixtures("app")


class Listener:
    """Remembers what it was told; fails while `broken` holds the subject."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []
        self.broken: set[int] = set()

    def __call__(self, _uow: UnitOfWork | Session, event: EventRecord) -> None:
        self.heard.append((event.subject_id, event.sequence))
        if event.subject_id in self.broken:
            raise RuntimeError("a text that nobody may log")

    __qualname__ = "Listener"


@pytest.fixture
def listener(app: Flask) -> Listener:
    listener = Listener()
    listen([Handler("listener", listener, (FileStored,))])
    return listener


def park(settings: Settings) -> None:
    """Let every attempt there is fail."""
    for _attempt in range(len(settings.retry_delays) + 1):
        make_due()
        deliver_all(settings)


def make_due() -> None:
    with writing_session() as session, session.begin():
        for row in session.scalars(select(Delivery)):
            row.next_attempt_at = real_now() - timedelta(seconds=1)


def test_nothing_is_delivered_for_what_was_rolled_back(
    settings: Settings, listener: Listener
) -> None:
    def begin_and_fail() -> None:
        with act() as uow:
            uow.record(FileStored(1, "test", None, "scan", "0" * 64, 1))
            raise RuntimeError("after all not")

    with pytest.raises(RuntimeError, match="after all not"):
        begin_and_fail()

    assert deliver_all(settings) == 0
    assert listener.heard == []


def test_each_subject_hears_its_facts_in_order_and_once(
    settings: Settings, listener: Listener
) -> None:
    happen(1, 3)
    happen(2, 2)

    assert deliver_all(settings) == 5
    assert deliver_all(settings) == 0
    assert [n for subject, n in listener.heard if subject == 1] == [1, 2, 3]
    assert [n for subject, n in listener.heard if subject == 2] == [1, 2]
    assert set(states()) == {"done"}


def test_a_failure_waits_for_its_next_attempt_and_holds_up_only_its_subject(
    settings: Settings, listener: Listener
) -> None:
    settings = replace(settings, retry_delays=(300.0,))
    listener.broken = {1}
    happen(1, 2)
    happen(2)

    deliver_all(settings)

    assert listener.heard == [(1, 1), (2, 1)]
    first, second, other = deliveries()
    assert (first.state, first.attempts, first.leased_by) == ("pending", 1, "")
    assert 290 < (first.next_attempt_at - real_now()).total_seconds() <= 361
    assert (second.state, other.state) == ("pending", "done")


def test_a_failure_is_described_without_what_somebody_typed(
    settings: Settings, listener: Listener
) -> None:
    listener.broken = {1}
    happen(1)

    deliver_due(settings, "worker")

    error = deliveries()[0].last_error
    assert error.startswith("RuntimeError at test_delivery.py:")
    assert "nobody may log" not in error


def test_what_keeps_failing_is_parked_and_red_for_the_operator(
    settings: Settings, listener: Listener
) -> None:
    listener.broken = {1}
    happen(1, 2)
    happen(2)

    park(settings)

    assert states() == ["parked", "pending", "done"]
    with reading_session() as session:
        state = outbox_state(session)
        row = settling.deliveries_in(session, queue.DeliveryState.PARKED)[0]
    assert (state.parked, state.pending, state.lag_seconds) == (1, 1, 0.0)
    assert row.attempts == len(settings.retry_delays) + 1
    assert row.event_kind == "file.stored"


def test_a_replayed_delivery_frees_the_later_ones_in_order(
    settings: Settings, listener: Listener
) -> None:
    listener.broken = {1}
    happen(1, 2)
    park(settings)
    listener.broken, listener.heard = set(), []

    with act(OPERATOR) as uow:
        settling.replay_delivery(uow, delivery_id=deliveries()[0].id, reason="Mended.")
    deliver_all(settings)

    assert listener.heard == [(1, 1), (1, 2)]
    assert states() == ["done", "done"]
    with reading_session() as session:
        record = session.scalars(select(EventRecord).order_by(EventRecord.id.desc())).first()
    assert record is not None
    assert (record.kind, record.actor_user_id) == ("delivery.replayed", OPERATOR.user_id)
    assert "Mended." not in str(record.payload)


def test_a_skipped_delivery_is_never_made_and_frees_the_later_ones(
    settings: Settings, listener: Listener
) -> None:
    listener.broken = {1}
    happen(1, 2)
    park(settings)
    listener.broken, listener.heard = set(), []

    with act(OPERATOR) as uow:
        settling.skip_delivery(uow, delivery_id=deliveries()[0].id, reason="Not needed.")
    deliver_all(settings)

    assert listener.heard == [(1, 2)]
    assert states() == ["skipped", "done"]
    assert deliveries()[0].settled_reason == "Not needed."


def test_only_the_operator_settles_only_what_is_parked_and_says_why(
    settings: Settings, listener: Listener
) -> None:
    happen(1)
    target = deliveries()[0].id
    for actor, reason, code in (
        (ANONYMOUS, "Because.", "delivery.not_yours"),
        (OPERATOR, "Because.", "delivery.not_parked"),
    ):
        with pytest.raises(Refused) as refused, act(actor) as uow:
            settling.skip_delivery(uow, delivery_id=target, reason=reason)
        assert refused.value.code == code

    listener.broken = {1}
    park(settings)
    with pytest.raises(Refused) as refused, act(OPERATOR) as uow:
        settling.replay_delivery(uow, delivery_id=target, reason="  ")
    assert refused.value.code == "delivery.reason_needed"


def test_what_a_failing_handler_changed_is_rolled_back(settings: Settings) -> None:
    def writes_then_fails(uow: UnitOfWork, event: EventRecord) -> None:
        uow.session.add(_mail(f"half-{event.id}", uow))
        uow.flush()
        raise RuntimeError

    listen([Handler("listener", writes_then_fails, (FileStored,))])
    happen(1)

    deliver_due(settings, "worker")

    with reading_session() as session:
        assert session.scalars(select(SunkMail)).all() == []


def _mail(key: str, uow: UnitOfWork) -> SunkMail:
    return SunkMail(message_id=key, recipient="", subject="", text="", sent_at=uow.now)


def test_a_handler_whose_lease_was_taken_over_changes_nothing(settings: Settings) -> None:
    def is_overtaken(uow: UnitOfWork, event: EventRecord) -> None:
        uow.session.add(_mail(f"late-{event.id}", uow))
        # What another worker's claim does once the lease has run out.
        uow.session.execute(
            Delivery.__table__.update().values(leased_by="another worker")  # type: ignore[attr-defined]
        )

    listen([Handler("listener", is_overtaken, (FileStored,))])
    happen(1)

    deliver_due(settings, "worker")

    with reading_session() as session:
        assert session.scalars(select(SunkMail)).all() == []
    assert states() == ["pending"]
    assert deliveries()[0].attempts == 0


def test_a_lease_keeps_others_away_until_it_runs_out(
    settings: Settings, listener: Listener
) -> None:
    happen(1, 2)
    with writing_session() as session, session.begin():
        claimed = queue.claim(session, worker="first", lease_seconds=0.3, limit=10)

    assert len(claimed) == 1, "the second fact waits for the first"
    assert deliver_due(settings, "second") == 0
    time.sleep(0.4)
    assert deliver_all(settings) == 2
    with (
        pytest.raises(queue.LeaseLost),
        writing_session() as session,
        session.begin(),
    ):
        queue.finish(session, claimed[0])


def test_a_slow_partner_keeps_nothing_else_waiting(settings: Settings, listener: Listener) -> None:
    said: list[str] = []
    listen([Effect("a mail", lambda _session, _event: said.append("mail"), (FileStored,))])
    happen(1)
    happen(2)

    deliver_due(settings, "worker", before_effects=lambda: said.append(str(len(listener.heard))))

    assert said == ["2", "mail", "mail"]


def test_an_effect_runs_with_no_transaction_held_and_again_after_a_failure(
    settings: Settings,
) -> None:
    calls = []

    def effect(session: Session, event: EventRecord) -> None:
        session.rollback()
        with writing_session() as other, other.begin():  # would wait for ever if one were held
            other.add(SunkMail(message_id=f"effect-{len(calls)}", recipient="", subject="",
                               text="", sent_at=event.occurred_at))  # fmt: skip
        calls.append(event.id)
        if len(calls) == 1:
            raise ConnectionError

    listen([Effect("listener", effect, (FileStored,))])
    happen(1)

    deliver_due(settings, "worker")
    make_due()
    deliver_due(settings, "worker")

    assert len(calls) == 2
    assert states() == ["done"]


def test_a_delivery_nobody_here_listens_to_is_kept(settings: Settings, listener: Listener) -> None:
    happen(1)
    with writing_session() as session, session.begin():
        for row in session.scalars(select(Delivery)):
            row.subscriber = "of a newer release"

    deliver_due(settings, "worker")

    row = deliveries("of a newer release")[0]
    assert (row.state, row.last_error.split()[0]) == ("pending", "NobodyListens")


def test_a_handler_acts_at_the_business_instant_for_the_same_request(settings: Settings) -> None:
    seen: list[tuple[float, str]] = []

    def handler(uow: UnitOfWork, _event: EventRecord) -> None:
        seen.append(((uow.now - real_now()).total_seconds(), uow.request_id))

    listen([Handler("listener", handler, (FileStored,))])
    with writing_session() as session, session.begin():
        move_forward(session, timedelta(days=5))
        assert business_now(session) > real_now()
    happen(1)

    deliver_all(settings)

    assert seen[0][0] == pytest.approx(5 * 86400, abs=5)
    assert seen[0][1] == "request-of-the-test"


def test_the_lag_is_the_age_of_the_oldest_due_delivery(
    settings: Settings, listener: Listener
) -> None:
    happen(1)
    with writing_session() as session, session.begin():
        for row in session.scalars(select(Delivery)):
            row.next_attempt_at = real_now() - timedelta(seconds=90)

    with reading_session() as session:
        assert outbox_state(session).lag_seconds == pytest.approx(90, abs=5)
    deliver_all(settings)
    with reading_session() as session:
        assert outbox_state(session).lag_seconds == 0
