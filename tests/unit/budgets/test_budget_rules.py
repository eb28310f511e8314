"""The arithmetic of a line, and the policies that keep people apart."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets import policy, rules
from marketplace.budgets.policy import HoldStanding, PaymentStanding
from marketplace.budgets.rules import MOVES, Balances, Bucket, EntryKind, PaymentState
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.actors import acting

HERE, ELSEWHERE = 1, 2
ACCEPTED = date(2026, 11, 23)


@dataclass(frozen=True)
class Entry:
    source: Bucket
    target: Bucket
    amount_fen: int


def member(*roles: Role, organisation: int = HERE, user: int = 10, **more) -> Actor:
    return acting(
        user_id=user,
        organisation_id=organisation,
        membership_id=user,
        capacities=frozenset({Capacity.DEPARTMENT}),
        roles=frozenset(roles),
        **more,
    )


OFFICER = member(Role.DEPARTMENT_OFFICER)
APPROVER = member(Role.DEPARTMENT_APPROVER, user=11)
BUDGET = member(Role.BUDGET_OFFICER, user=12)
STRANGER = member(*policy.READERS, organisation=ELSEWHERE, user=13)


# ------------------------------------------------------------------ the ledger


def moves() -> st.SearchStrategy[Entry]:
    ways = sorted({way for chosen in MOVES.values() for way in chosen})
    return st.builds(lambda way, fen: Entry(*way, fen), st.sampled_from(ways), st.integers(1, 50))


@given(st.lists(moves(), max_size=60))
def test_money_only_moves_and_never_appears_from_nowhere(asked):
    done: list[Entry] = []
    for entry in asked:
        try:
            rules.balances_of([*done, entry])
        except ValueError:
            continue
        done.append(entry)

    kept = rules.balances_of(done)
    came = sum(e.amount_fen for e in done if e.source is Bucket.OUTSIDE)
    went = sum(e.amount_fen for e in done if e.target is Bucket.OUTSIDE)
    assert kept.appropriation_fen == came - went
    assert min(kept.free_fen, kept.reserved_fen, kept.committed_fen, kept.paid_fen) >= 0


def test_an_entry_that_takes_what_is_not_there_is_no_entry():
    with pytest.raises(ValueError, match="not there"):
        rules.balances_of([Entry(Bucket.FREE, Bucket.RESERVED, 1)])
    assert rules.balances_of([]) == Balances()


def test_nothing_that_is_paid_ever_comes_back():
    assert not any(source is Bucket.PAID for ways in MOVES.values() for source, _to in ways)
    assert set(MOVES) == set(EntryKind)


@pytest.mark.parametrize(
    ("amount", "code"), [(0, "budget.amount_not_positive"), (11, "budget.above_contract")]
)
def test_a_payment_lies_between_one_fen_and_what_is_left(amount, code):
    rules.check_payment(10, 10)
    with pytest.raises(Refused, match=code):
        rules.check_payment(amount, 10)


def test_a_contract_stays_within_the_award():
    rules.check_contract(10, 10)
    with pytest.raises(Refused, match=r"budget\.above_reservation"):
        rules.check_contract(11, 10)


# ------------------------------------------------------------------ policies


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (BUDGET, ""),
        (SYSTEM, ""),
        (OFFICER, "account.not_your_role"),
        (APPROVER, "account.not_your_role"),
        (STRANGER, "budget.not_your_department"),
        (ANONYMOUS, "request.sign_in"),
        (member(Role.BUDGET_OFFICER, provisional=True), "account.provisional"),
    ],
)
def test_the_budget_officer_keeps_the_lines(actor, reason):
    assert policy.may_keep_lines(actor, HERE).reason == reason


@pytest.mark.parametrize(
    ("actor", "hold", "reason"),
    [
        (OFFICER, HoldStanding(HERE, ACCEPTED, 1), ""),
        (APPROVER, HoldStanding(HERE, ACCEPTED, 1), ""),
        (BUDGET, HoldStanding(HERE, ACCEPTED, 1), "account.not_your_role"),
        (STRANGER, HoldStanding(HERE, ACCEPTED, 1), "budget.not_your_department"),
        (OFFICER, HoldStanding(HERE, None, 1), "budget.not_payable"),
        (OFFICER, HoldStanding(HERE, None, 1, withheld=True), "budget.withheld"),
        (OFFICER, HoldStanding(HERE, ACCEPTED, 0), "budget.nothing_payable"),
    ],
)
def test_an_officer_proposes_to_pay_for_accepted_work(actor, hold, reason):
    assert policy.may_propose_payment(actor, hold).reason == reason


@pytest.mark.parametrize(
    ("actor", "changed", "reason"),
    [
        (APPROVER, {}, ""),
        (APPROVER, {"proposer_id": 11}, "budget.own_proposal"),
        (APPROVER, {"state": PaymentState.APPROVED}, "budget.payment_decided"),
        (OFFICER, {}, "account.not_your_role"),
        (STRANGER, {}, "budget.not_your_department"),
        (SYSTEM, {}, "budget.own_proposal"),
    ],
)
def test_another_person_approves(actor, changed, reason):
    asked = {"department_id": HERE, "state": PaymentState.PROPOSED, "proposer_id": 10}
    assert policy.may_decide_payment(actor, PaymentStanding(**(asked | changed))).reason == reason


def test_other_departments_do_not_know_of_a_line():
    line = HoldStanding(HERE, None, 0)
    assert [policy.may_see(one, line) for one in (OFFICER, APPROVER, BUDGET)] == [True] * 3
    assert not policy.may_see(STRANGER, line)
    assert not policy.may_see(member(Role.ORGANISATION_ADMIN), line)


def test_a_decided_payment_stays_decided():
    assert rules.step(PaymentState.PROPOSED, PaymentState.APPROVED) is PaymentState.APPROVED
    for state in (PaymentState.APPROVED, PaymentState.REFUSED):
        with pytest.raises(Refused, match=r"budget\.payment_decided"):
            rules.step(state, PaymentState.APPROVED)
