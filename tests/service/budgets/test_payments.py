"""Payments: proposed by one person, decided by another, never above the contract, in time."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.budgets.queries import appropriations, dues, spending
from marketplace.budgets.rules import EntryKind, PaymentState
from marketplace.budgets.services import holding, paying
from marketplace.clocks.queries import light_days
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import NOON, TODAY
from tests.factories import make_member
from tests.money import (
    FIRST_PURPOSE,
    YUAN,
    accept,
    act,
    approve,
    commit,
    contracted,
    entries,
    line_of,
    make_department,
    make_line,
    propose,
    read,
    reserve,
    told,
)

CONTRACT = 600 * YUAN
TWO_WEEKS, LONG = timedelta(days=14), timedelta(days=30)


@pytest.fixture
def department(app):
    return make_department()


@pytest.fixture
def line_id(department) -> int:
    return make_line(department, 1000 * YUAN)


@pytest.fixture
def hold(department, line_id) -> int:
    return contracted(department, line_id, CONTRACT, 1)


def payment_of(ref: paying.PaymentRef, later: timedelta = timedelta(0)) -> spending.PaymentRow:
    return read(lambda s: spending.payment(s, ref.id, TODAY + later))


def hold_of(number: int = 1) -> spending.HoldRow:
    return read(lambda s: spending.hold_of(s, "engagement", FIRST_PURPOSE + number))


def refuse(actor, ref: paying.PaymentRef, reason: str = "发票不符") -> None:
    act(actor, lambda uow: paying.refuse_payment(uow, payment=ref.id, reason=reason))


def test_a_payment_is_proposed_and_another_person_pays(department, line_id, hold):
    ref = propose(department, hold, 200 * YUAN)
    waiting = payment_of(ref)
    approve(department, ref.id)

    row = line_of(line_id)
    assert (waiting.state, waiting.number) == (PaymentState.PROPOSED, "ZF-2026-000001")
    assert (row.committed_fen, row.paid_fen) == (400 * YUAN, 200 * YUAN)
    assert payment_of(ref).state is PaymentState.APPROVED
    assert told("payment.approved")[0] == {
        "department_id": department.id,
        "line_id": line_id,
        "hold_id": hold,
        "amount_fen": 200 * YUAN,
        "to_kind": "engagement",
        "to_id": FIRST_PURPOSE + 1,
        "released_fen": 0,
        "settled": False,
    }


def test_the_whole_contract_paid_settles_it(department, line_id, hold):
    approve(department, propose(department, hold, CONTRACT).id)

    assert told("payment.approved")[0]["settled"] is True
    assert not hold_of().active
    assert line_of(line_id).paid_fen == CONTRACT


def test_a_last_payment_gives_back_what_is_left(department, line_id, hold):
    last = propose(department, hold, 450 * YUAN, final=True)
    approve(department, last.id)

    row, (paid, released) = line_of(line_id), entries(line_id)[-2:]
    for entry, kind in ((paid, EntryKind.PAY), (released, EntryKind.RELEASE)):
        assert (entry.kind, entry.hold_id, entry.payment_number) == (kind, hold, last.number)
    assert (row.free_fen, row.committed_fen, row.paid_fen) == (550 * YUAN, 0, 450 * YUAN)
    assert told("payment.approved")[0]["released_fen"] == 150 * YUAN
    assert not hold_of().active


def test_a_last_payment_waits_for_the_others(department, hold):
    first = propose(department, hold, 100 * YUAN)
    last = propose(department, hold, 100 * YUAN, final=True)

    with pytest.raises(Refused, match=r"budget\.payment_open"):
        approve(department, last.id)
    approve(department, first.id)
    approve(department, last.id)
    assert hold_of().paid_fen == 200 * YUAN


def test_payments_together_stay_within_the_contract(department, hold):
    propose(department, hold, 400 * YUAN)

    with pytest.raises(Refused, match=r"budget\.above_contract") as refusal:
        propose(department, hold, 200 * YUAN + 1)

    assert refusal.value.details == {"payable": "200.00"}
    propose(department, hold, 200 * YUAN)
    with pytest.raises(Refused, match=r"budget\.nothing_payable"):
        propose(department, hold, 1)


def test_nothing_is_paid_before_the_work_is_accepted(department, line_id):
    reserve(department, line_id, CONTRACT, 2)
    hold = commit(2, CONTRACT)

    with pytest.raises(Refused, match=r"budget\.not_payable"):
        propose(department, hold, 1)
    accept(2)
    accept(2, LONG)

    propose(department, hold, 1)
    assert len(told("budget_line.payable")) == 1


def test_whoever_proposed_does_not_decide(department, hold):
    both = make_member(department.id, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
    ref = act(both, lambda uow: paying.propose_payment(uow, hold=hold, amount_fen=1))

    for decide in (
        lambda: act(both, lambda uow: paying.approve_payment(uow, payment=ref.id)),
        lambda: refuse(both, ref),
    ):
        with pytest.raises(Refused, match=r"budget\.own_proposal"):
            decide()
    approve(department, ref.id)


def test_each_role_does_its_own_part(department, hold):
    other = make_department()
    ref = propose(department, hold, YUAN)

    for actor, wrong in ((department.officer, Refused), (department.budget, Refused)):
        with pytest.raises(wrong, match=r"account\.not_your_role"):
            act(actor, lambda uow: paying.approve_payment(uow, payment=ref.id))
    with pytest.raises(Refused, match=r"account\.not_your_role"):
        act(
            department.budget,
            lambda uow: paying.propose_payment(uow, hold=hold, amount_fen=1),
        )
    with pytest.raises(NotFound):
        act(other.approver, lambda uow: paying.approve_payment(uow, payment=ref.id))
    with pytest.raises(NotFound):
        propose(other, hold, 1)


def test_a_refusal_says_why_and_what_was_proposed_may_be_proposed_again(department, line_id, hold):
    ref = propose(department, hold, CONTRACT)

    with pytest.raises(Refused, match=r"request\.words_needed"):
        refuse(department.approver, ref, "  ")
    refuse(department.approver, ref)
    with pytest.raises(Refused, match=r"budget\.payment_decided"):
        approve(department, ref.id)

    assert (payment_of(ref).reason, line_of(line_id).paid_fen) == ("发票不符", 0)
    approve(department, propose(department, hold, CONTRACT).id)


def test_what_is_released_must_not_await_approval(department, hold):
    ref = propose(department, hold, YUAN)

    def release() -> int:
        return act(
            department.officer,
            lambda uow: holding.release_hold(
                uow, purpose_kind="engagement", purpose_id=FIRST_PURPOSE + 1
            ),
        )

    with pytest.raises(Refused, match=r"budget\.payment_open"):
        release()
    approve(department, ref.id)
    assert release() == CONTRACT - YUAN
    assert read(lambda s: spending.hold(s, hold, TODAY)).paid_fen == YUAN


def test_the_database_refuses_a_payment_by_one_person_alone(department, hold):
    propose(department, hold, YUAN)
    db.session.rollback()

    statement = (
        "UPDATE payment SET state = 'approved', decider_id = proposer_id,"
        " decided_at = proposed_at, attention_at = NULL"
    )
    with (
        pytest.raises(IntegrityError, match="two_people"),
        db.engine.begin() as connection,
    ):
        connection.execute(text(statement))


# ------------------------------------------------------------------ lights and days


def test_a_payment_nobody_decides_turns_yellow_then_red_and_is_told_once(department, hold):
    ref = propose(department, hold, YUAN)
    due = payment_of(ref).approve_by

    lights = [payment_of(ref, due - TODAY + timedelta(days=n)).light for n in (-7, 0, 1)]
    for _ in range(2):
        settle_due(NOON + TWO_WEEKS, raise_errors=True)

    assert lights == ["green", "yellow", "red"]
    assert [each["approve_by"] for each in told("payment.overdue")] == [due.isoformat()]


def test_accepted_work_nobody_pays_turns_red_and_is_told_once(department, hold):
    due = hold_of().pay_by
    assert due is not None

    on_time, late = (
        read(lambda s, day=day: spending.hold(s, hold, day)).light
        for day in (due, due + timedelta(days=1))
    )
    for _ in range(2):
        settle_due(NOON + LONG, raise_errors=True)

    assert (on_time, late) == ("yellow", "red")
    assert len(told("budget_line.overdue")) == 1


def test_what_waits_says_who_owes_it_and_by_when(department, hold):
    ref = propose(department, hold, YUAN)

    found = read(lambda s: tuple(dues.DUES.stream(s, Asked(), light_days(s, TODAY))))

    assert [(one.what, one.owes_organisation_id, one.region_code) for one in found] == [
        ("payment.approve", department.id, "220100"),
        ("payment.propose", department.id, "220100"),
    ]
    assert found[0].number == ref.number


def test_work_whose_payment_is_proposed_waits_no_more_and_lights_nothing(department, line_id, hold):
    due = hold_of().pay_by
    assert due is not None
    day = due + timedelta(days=1)

    def stands():
        kept = read(lambda s: spending.hold(s, hold, day))
        found = read(lambda s: appropriations.desk(s, department.id, day.year, day, Asked()))
        return kept.light, [(row.light, row.late) for row in found.lines.rows]

    late = ("red", [("red", 1)])
    assert stands() == late
    ref = propose(department, hold, CONTRACT, later=day - TODAY)
    assert payment_of(ref, day - TODAY).light == "green"
    assert stands() == ("none", [("green", 0)])
    act(
        department.approver,
        lambda uow: paying.refuse_payment(uow, payment=ref.id, reason="发票不符"),
        day - TODAY,
    )
    assert stands() == late


# ------------------------------------------------------------------ the end of a year


def settle_in(year: int) -> None:
    settle_due(NOON.replace(year=year, month=1, day=5), raise_errors=True)


def test_an_unpaid_commitment_goes_over_into_the_next_year_by_a_linked_pair(
    department, line_id, hold
):
    approve(department, propose(department, hold, 100 * YUAN).id)
    waiting = propose(department, hold, 50 * YUAN)

    for _ in range(2):
        settle_in(TODAY.year + 1)

    old = line_of(line_id)
    (new,) = read(lambda s: appropriations.lines(s, department.id, TODAY.year + 1))
    assert (old.appropriation_fen, old.free_fen, old.paid_fen) == (
        500 * YUAN,
        400 * YUAN,
        100 * YUAN,
    )
    assert (new.appropriation_fen, new.committed_fen) == (500 * YUAN, 500 * YUAN)
    assert new.name == old.name
    carried = hold_of()
    assert (carried.line_id, carried.contract_fen, carried.proposed_fen) == (
        new.id,
        500 * YUAN,
        50 * YUAN,
    )
    out, came = entries(old.id)[-1], entries(new.id)[-1]
    assert (out.amount_fen, came.amount_fen) == (500 * YUAN, 500 * YUAN)
    assert len(told("budget_line.carried_out")) == len(told("budget_line.carried_in")) == 1
    assert payment_of(waiting).line_id == new.id


def test_what_was_carried_over_is_paid_and_carried_again(department, line_id, hold):
    settle_in(TODAY.year + 1)
    carried = hold_of().id
    later = timedelta(days=45)
    ref = propose(department, carried, 200 * YUAN, later=later)
    approve(department, ref.id, later)
    settle_in(TODAY.year + 2)
    settle_in(TODAY.year + 2)

    paid, left = read(lambda s: appropriations.lines(s, department.id))[1], hold_of()
    assert (paid.fiscal_year, paid.paid_fen, paid.committed_fen) == (TODAY.year + 1, 200 * YUAN, 0)
    assert (left.committed_fen, left.paid_fen) == (400 * YUAN, 0)


def test_a_line_of_the_next_year_takes_over_what_comes(department, line_id, hold):
    new = make_line(department, 70 * YUAN, fiscal_year=TODAY.year + 1)

    settle_in(TODAY.year + 1)

    row = line_of(new)
    assert (row.appropriation_fen, row.free_fen) == (670 * YUAN, 70 * YUAN)


def test_reservations_and_this_years_commitments_stay(department, line_id, hold):
    reserve(department, line_id, 100 * YUAN, 5)
    settle_due(NOON + LONG, raise_errors=True)
    assert line_of(line_id).committed_fen == CONTRACT

    settle_in(TODAY.year + 1)
    assert line_of(line_id).reserved_fen == 100 * YUAN
