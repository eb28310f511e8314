"""Whatever is done in whatever order: balances are what the entries add up to, never less."""

from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.rules import Balances, balances_of
from marketplace.budgets.services import holding, ledger, paying
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from tests.money import FIRST_PURPOSE, Department, entries, holds, make_department, make_line, read

PURPOSES = st.integers(1, 3)
AMOUNTS = st.integers(1, 700)
ACTS = st.one_of(
    st.tuples(st.just("reserve"), PURPOSES, AMOUNTS),
    st.tuples(st.just("commit"), PURPOSES, AMOUNTS),
    st.tuples(st.just("release"), PURPOSES, st.booleans()),
    st.tuples(st.just("pay"), PURPOSES, AMOUNTS, st.booleans()),
    st.tuples(st.just("refuse"), PURPOSES, AMOUNTS),
    st.tuples(st.just("adjust"), st.integers(0, 2000)),
)


class Play:
    """The acts of a department on one line; what is refused changes nothing."""

    def __init__(self, department: Department, line_id: int) -> None:
        self.department = department
        self.line_id = line_id
        self.first_purpose = FIRST_PURPOSE + 10 * line_id

    def do(self, name: str, *how: int) -> None:
        try:
            getattr(self, name)(*how)
        except Refused:
            return

    def _act(self, actor, work):
        db.session.rollback()
        with UnitOfWork(actor, datetime.now(SHANGHAI)) as uow:
            return work(uow)

    def reserve(self, purpose: int, fen: int) -> None:
        self._act(
            self.department.officer,
            lambda uow: holding.reserve(
                uow,
                line_id=self.line_id,
                amount_fen=fen,
                purpose_kind="competition",
                purpose_id=self.first_purpose + purpose,
            ),
        )

    def commit(self, purpose: int, fen: int) -> None:
        key = self.first_purpose + purpose

        def work(uow: UnitOfWork) -> None:
            holding.commit_hold(
                uow, purpose_kind="competition", purpose_id=key, amount_fen=fen, to_id=key
            )
            holding.make_payable(uow, purpose_id=key)

        self._act(SYSTEM, work)

    def release(self, purpose: int, contracted: bool) -> None:
        self._act(
            SYSTEM,
            lambda uow: holding.release_hold(
                uow,
                purpose_kind="engagement" if contracted else "competition",
                purpose_id=self.first_purpose + purpose,
            ),
        )

    def _propose(self, purpose: int, fen: int, final: bool) -> int:
        hold = read(lambda s: spending.hold_of(s, "engagement", self.first_purpose + purpose))
        if hold is None:
            raise Refused("budget.no_hold")
        return self._act(
            self.department.officer,
            lambda uow: paying.propose_payment(uow, hold=hold.id, amount_fen=fen, final=final),
        ).id

    def pay(self, purpose: int, fen: int, final: bool) -> None:
        payment = self._propose(purpose, fen, final)
        self._act(
            self.department.approver, lambda uow: paying.approve_payment(uow, payment=payment)
        )

    def refuse(self, purpose: int, fen: int) -> None:
        payment = self._propose(purpose, fen, final=False)
        self._act(
            self.department.approver,
            lambda uow: paying.refuse_payment(uow, payment=payment, reason="不符"),
        )

    def adjust(self, fen: int) -> None:
        self._act(
            self.department.budget,
            lambda uow: ledger.adjust_line(
                uow, line=self.line_id, appropriation_fen=fen, reason="调整"
            ),
        )

    def check(self) -> None:
        """Balances, entries and holds tell one story."""
        line = read(lambda s: appropriations.line(s, self.line_id))
        kept_for = holds(self.line_id)
        kept = Balances(line.free_fen, line.reserved_fen, line.committed_fen, line.paid_fen)

        assert kept == balances_of(entries(self.line_id))
        assert line.appropriation_fen == kept.appropriation_fen
        assert line.reserved_fen == sum(hold.reserved_fen for hold in kept_for)
        assert line.committed_fen == sum(hold.committed_fen for hold in kept_for)
        assert line.paid_fen == sum(hold.paid_fen for hold in kept_for)
        assert all(hold.paid_fen + hold.committed_fen <= hold.contract_fen for hold in kept_for)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=5, max_size=20))
def test_balances_always_equal_what_the_entries_add_up_to(app, acts):
    department = make_department()
    play = Play(department, make_line(department, 1000))

    for name, *how in acts:
        play.do(name, *how)

    play.check()
