"""A new working calendar moves the days of payments and of accepted work still to come."""

from datetime import date, timedelta

import pytest

from marketplace.budgets.queries import dues, spending
from marketplace.budgets.services import holding, paying
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import SYSTEM
from tests.calendars import announce_day_off
from tests.conftest import TODAY
from tests.money import (
    YUAN,
    act,
    approve,
    commit,
    contracted,
    make_department,
    make_line,
    propose,
    read,
    reserve,
    told,
)

LONG = timedelta(days=30)


@pytest.fixture
def department(app):
    return make_department()


@pytest.fixture
def line_id(department) -> int:
    return make_line(department, 1000 * YUAN)


@pytest.fixture
def hold(department, line_id) -> int:
    return contracted(department, line_id, 600 * YUAN, 1)


def decide_by(payment: int) -> date:
    return read(lambda s: spending.payment(s, payment, TODAY)).approve_by


def pay_by(hold: int) -> date | None:
    return read(lambda s: spending.hold(s, hold, TODAY)).pay_by


def move_payment(payment: int, later: timedelta = timedelta(0)) -> bool:
    return act(SYSTEM, lambda uow: paying.move_payment_day(uow, payment=payment), later)


def move_work(hold: int, later: timedelta = timedelta(0)) -> bool:
    return act(SYSTEM, lambda uow: holding.move_pay_day(uow, hold=hold), later)


def workday_after(day: date) -> date:
    return read(lambda s: catalogue.calendar(s).add_workdays(day, 1))


def test_days_move_with_what_falls_due_and_the_events_say_so(app, session, department, hold):
    ref = propose(department, hold, 100 * YUAN)
    decide, pay = decide_by(ref.id), pay_by(hold)

    announce_day_off(session, TODAY)
    # The engagement that money is for is invented here: its own feature cannot take it.
    deliver_all(app.extensions["settings"])

    assert (decide_by(ref.id), pay_by(hold)) == (workday_after(decide), workday_after(pay))
    for kind, was, due in (
        ("payment.due_moved", decide, decide_by(ref.id)),
        ("budget_line.due_moved", pay, pay_by(hold)),
    ):
        (moved,) = told(kind)
        assert (moved["due_was"], moved["due_on"]) == (was.isoformat(), due.isoformat())
    assert read(lambda s: dues.due_payments(s, lapses_at(decide))) == []
    assert read(lambda s: dues.due_payments(s, lapses_at(decide_by(ref.id)))) == [ref.id]
    assert read(lambda s: dues.due_holds(s, lapses_at(pay))) == []
    assert read(lambda s: dues.due_holds(s, lapses_at(pay_by(hold)))) == [hold]


def test_days_that_stay_are_not_told_of(department, hold):
    ref = propose(department, hold, 100 * YUAN)

    assert not move_payment(ref.id)
    assert not move_work(hold)
    assert told("payment.due_moved") == told("budget_line.due_moved") == []


def test_days_that_are_past_stay(session, department, hold):
    ref = propose(department, hold, 100 * YUAN)
    before = decide_by(ref.id), pay_by(hold)
    announce_day_off(session, TODAY)

    assert not move_payment(ref.id, LONG)
    assert not move_work(hold, LONG)
    assert (decide_by(ref.id), pay_by(hold)) == before


def test_what_nobody_waits_for_stays(session, department, line_id, hold):
    decided, other = propose(department, hold, 600 * YUAN), 2
    approve(department, decided.id)
    reserve(department, line_id, 100 * YUAN, other)
    not_accepted = commit(other, 100 * YUAN)
    before = decide_by(decided.id), pay_by(hold)
    announce_day_off(session, TODAY)

    assert not move_payment(decided.id)
    assert not move_work(hold)
    assert not move_work(not_accepted)
    assert (decide_by(decided.id), pay_by(hold), pay_by(not_accepted)) == (*before, None)
