"""All that each act on a department's money leaves behind, and who may do what when."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.budgets.models import BudgetHold, Payment
from marketplace.budgets.services import holding, ledger, paying
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.times import SHANGHAI, end_of_day
from tests.dossiers import act, make_agent
from tests.factories import make_member
from tests.money import (
    FIRST_PURPOSE,
    YUAN,
    accept,
    commit,
    contracted,
    make_department,
    make_line,
    propose,
    reserve,
)
from tests.stories import refusals

NEXT_YEAR = datetime(2027, 1, 4, 12, tzinfo=SHANGHAI)


def people(department, other):
    """Whom a story names."""
    return {
        "the officer": department.officer,
        "the approver": department.approver,
        "the budget officer": department.budget,
        "another budget officer": other.budget,
        "another approver": other.approver,
    }


@pytest.fixture
def department(story):
    """A department with its staff."""
    return make_department()


@pytest.fixture
def other(story):
    """Another one."""
    return make_department("220200")


def opening(department, **changes):
    """Open a line."""
    said = {
        "department_id": department.id,
        "fiscal_year": 2026,
        "name": " 中介服务费 ",
        "item_code": None,
        "appropriation_fen": 1000 * YUAN,
    }
    return lambda uow: ledger.open_line(uow, **said | changes)


def test_lines_are_opened_and_adjusted_by_the_budget_officer(story, department, other):
    agent = make_agent()
    everybody = {**people(department, other), "an agent": agent}
    with story("budgets/lines", **everybody) as told:
        tries = {"as it is": opening(department)}
        tries |= {f"year {year}": opening(department, fiscal_year=year) for year in (2017, 2018)}
        tries |= {f"year {year}": opening(department, fiscal_year=year) for year in (2100, 2101)}
        tries |= {
            "no name": opening(department, name=" "),
            "no money": opening(department, appropriation_fen=0),
            "one fen": opening(department, appropriation_fen=1),
            "unknown item": opening(department, item_code="JL-Z99"),
            "no department": opening(department, department_id=agent.organisation_id),
        }
        told.may(tries, department.budget, department.officer, SYSTEM)
        told.may({"open": opening(department)}, other.budget, agent)
        line = act(department.budget, opening(department, item_code="JL-Z02"))
        refusals(
            lambda: act(department.budget, opening(department)),
            lambda: act(department.budget, opening(department, name="中介服务费")),
        )
        act(department.budget, opening(department, fiscal_year=2027))
        act(other.budget, opening(other))
        hold = reserve(department, line, 400 * YUAN, 1)
        assert hold

        def adjust(fen, reason=" 追加 "):
            return lambda uow: ledger.adjust_line(
                uow, line=line, appropriation_fen=fen, reason=reason
            )

        sums = (399 * YUAN, 400 * YUAN - 1, 400 * YUAN, 1000 * YUAN, 1000 * YUAN + 1)
        told.may({f"{fen} fen": adjust(fen) for fen in sums}, department.budget)
        told.may({"no reason": adjust(1, " "), "adjust": adjust(2000 * YUAN)}, *everybody.values())
        act(department.budget, adjust(2000 * YUAN))
        act(department.budget, adjust(400 * YUAN, "核减"))


def reserving(line, fen, purpose=1, **more):
    """Reserve for an invented competition."""
    return lambda uow: holding.reserve(
        uow,
        line_id=line,
        amount_fen=fen,
        purpose_kind="competition",
        purpose_id=FIRST_PURPOSE + purpose,
        **more,
    )


def test_money_is_reserved_committed_and_given_back(story, department, other):
    line = make_line(department, 1000 * YUAN, item_code="JL-Z02")
    late = make_line(department, 1000 * YUAN, name="明年", fiscal_year=2027)
    foreign = make_line(other)
    with story("budgets/held", **people(department, other)) as told:
        sums = (0, 1, 1000 * YUAN, 1000 * YUAN + 1)
        told.may({f"{fen} fen": reserving(line, fen) for fen in sums}, department.approver)
        tries = {
            "next year": reserving(late, 1),
            "another department's": reserving(foreign, 1),
            "this item": reserving(line, 1, item_code="JL-Z02"),
            "another item": reserving(line, 1, item_code="JL-Z03"),
        }
        told.may(tries, department.approver, other.approver, SYSTEM)
        act(department.approver, reserving(line, 600 * YUAN))
        refusals(
            lambda: act(department.approver, reserving(line, 1)),
            lambda: act(department.approver, reserving(line, 400 * YUAN + 1, 2)),
        )
        act(department.approver, reserving(line, 400 * YUAN, 2))

        def committing(fen, purpose=1, to=1):
            return lambda uow: holding.commit_hold(
                uow,
                purpose_kind="competition",
                purpose_id=FIRST_PURPOSE + purpose,
                amount_fen=fen,
                to_id=FIRST_PURPOSE + to,
            )

        sums = (0, 1, 600 * YUAN, 600 * YUAN + 1)
        told.may({f"commit {fen}": committing(fen) for fen in sums}, SYSTEM)
        told.may({"commit nothing": committing(1, 9)}, SYSTEM)
        commit(1, 500 * YUAN)
        told.may({"commit again": committing(1, 2, 1), "the same": committing(1)}, SYSTEM)
        for kind, purpose in (("competition", 2), ("competition", 2), ("engagement", 1)):
            act(
                SYSTEM,
                lambda uow, kind=kind, purpose=purpose: holding.release_hold(
                    uow, purpose_kind=kind, purpose_id=FIRST_PURPOSE + purpose
                ),
            )


def paying_for(hold, fen, **more):
    """Propose a payment."""
    return lambda uow: paying.propose_payment(uow, hold=hold, amount_fen=fen, **more)


def test_accepted_work_is_paid_by_two_people_within_the_contract(story, department, other):
    line = make_line(department, 1000 * YUAN)
    both = make_member(department.id, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
    everybody = {**people(department, other), "both": both}
    reserve(department, line, 600 * YUAN, 1)
    hold = commit(1, 600 * YUAN)
    with story("budgets/paid", **everybody) as told:
        told.may({"early": paying_for(hold, 1)}, *everybody.values())
        accept(1)
        accept(1)
        accept(9)
        sums = (0, 1, 600 * YUAN, 600 * YUAN + 1)
        told.may({f"{fen} fen": paying_for(hold, fen) for fen in sums}, both)
        told.may({"propose": paying_for(hold, 1)}, *everybody.values())
        first = act(both, paying_for(hold, 200 * YUAN, note=" 首期款 ")).id
        told.may(
            {f"{fen} more": paying_for(hold, fen) for fen in (400 * YUAN, 400 * YUAN + 1)}, both
        )
        release = lambda uow: holding.release_hold(  # noqa: E731
            uow, purpose_kind="engagement", purpose_id=FIRST_PURPOSE + 1
        )
        deciding = {
            "approve": lambda uow: paying.approve_payment(uow, payment=first),
            "refuse": lambda uow: paying.refuse_payment(uow, payment=first, reason="一"),
            "refuse silently": lambda uow: paying.refuse_payment(uow, payment=first, reason=" "),
            "release": release,
        }
        told.may(deciding, *everybody.values(), SYSTEM)
        act(department.approver, lambda uow: paying.approve_payment(uow, payment=first))
        told.may(deciding, department.approver)
        second = act(both, paying_for(hold, 100 * YUAN)).id
        refuse = paying.refuse_payment
        act(department.approver, lambda uow: refuse(uow, payment=second, reason=" 发票不符 "))
        third = act(both, paying_for(hold, 100 * YUAN)).id
        final = act(both, paying_for(hold, 200 * YUAN, final=True)).id
        last = {"final": lambda uow: paying.approve_payment(uow, payment=final)}
        told.may(last, department.approver)
        act(department.approver, lambda uow: paying.approve_payment(uow, payment=third))
        act(department.approver, last["final"])
        told.may({"propose": paying_for(hold, 1)}, both)


def test_the_last_fen_of_a_contract_settles_it(story, department, other):
    hold = contracted(department, make_line(department), 300 * YUAN, 1)
    with story("budgets/settled", **people(department, other)) as told:
        payment = propose(department, hold, 300 * YUAN).id
        told.may({"nothing left": paying_for(hold, 1)}, department.officer)
        act(department.approver, lambda uow: paying.approve_payment(uow, payment=payment))


def test_missed_days_are_told_once(story, department, other):
    hold = contracted(department, make_line(department), 300 * YUAN, 1)
    payment = propose(department, hold, 100 * YUAN).id
    with story("budgets/late", **people(department, other)):
        session = db.session()
        decide = end_of_day(session.get_one(Payment, payment).approve_by)
        pay = end_of_day(session.get_one(BudgetHold, hold).pay_by)
        session.rollback()
        for service, said, late in (
            (paying.escalate_payment, {"payment": payment}, decide),
            (holding.escalate_hold, {"hold": hold}, pay),
        ):
            for at, done in ((late - timedelta(seconds=1), False), (late, True), (late, False)):
                work = lambda uow, service=service, said=said: service(uow, **said)  # noqa: E731
                assert act(SYSTEM, work, at=at) is done


@pytest.mark.parametrize("line_there", [True, False])
def test_what_is_unpaid_at_the_end_of_the_year_is_carried_into_the_next(
    story, department, other, line_there
):
    line = make_line(department, 1000 * YUAN, item_code="JL-Z02")
    if line_there:
        make_line(department, 50 * YUAN, fiscal_year=2027)
    hold = contracted(department, line, 600 * YUAN, 1)
    payment = propose(department, hold, 100 * YUAN).id
    act(department.approver, lambda uow: paying.approve_payment(uow, payment=payment))
    propose(department, hold, 200 * YUAN)
    with story(f"budgets/carried_{line_there}", **people(department, other)):

        def carry(at):
            return act(SYSTEM, lambda uow: holding.carry_over(uow, hold=hold), at=at)

        assert not carry(end_of_day(date(2026, 12, 31)) - timedelta(seconds=1))
        assert carry(end_of_day(date(2026, 12, 31)))
        assert not carry(NEXT_YEAR)


def test_the_days_of_payments_move_with_the_calendar_and_only_when_they_are_to_come(
    story, department, other, monkeypatch
):
    hold = contracted(department, make_line(department), 300 * YUAN, 1)
    payment = propose(department, hold, 100 * YUAN).id
    session = db.session()
    decide, pay = session.get_one(Payment, payment).approve_by, session.get_one(BudgetHold, hold)
    pay = pay.pay_by
    session.rollback()
    with story("budgets/moved", **people(department, other)):
        moves = (
            (paying, paying.move_payment_day, {"payment": payment}, decide),
            (holding, holding.move_pay_day, {"hold": hold}, pay),
        )
        for module, service, said, due in moves:
            work = lambda uow, service=service, said=said: service(uow, **said)  # noqa: E731
            assert not act(SYSTEM, work)
            with monkeypatch.context() as patched:
                later = due + timedelta(days=1)
                patched.setattr(module, "deadline", lambda *_said, later=later: later)
                assert not act(SYSTEM, work, at=end_of_day(due))
                assert act(SYSTEM, work, at=end_of_day(due) - timedelta(seconds=1))


def test_a_line_is_told_apart_from_all_others(story, department, other):
    line = make_line(department)
    with story("budgets/unknown", **people(department, other)) as told:
        adjust = lambda uow: ledger.adjust_line(  # noqa: E731
            uow, line=line, appropriation_fen=1, reason="一"
        )
        told.may({"adjust": adjust}, *people(department, other).values())
