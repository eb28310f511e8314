"""A line of the department's, a contract whose work is accepted, a payment that awaits approval."""

from marketplace.budgets.queries import spending
from marketplace.budgets.services import holding
from marketplace.kernel.actors import SYSTEM
from tests.conftest import TODAY
from tests.money import (
    FIRST_PURPOSE,
    YUAN,
    Department,
    act,
    line_of,
    make_line,
    propose,
    read,
    reserve,
)
from tests.personas import Persona, actor


def budgets(_named: dict[str, str]) -> dict[str, str]:
    """All of it is the department's of the cast."""
    officer = actor(Persona.DEPARTMENT_OFFICER)
    assert officer.organisation_id is not None
    department = Department(
        officer.organisation_id,
        officer,
        actor(Persona.DEPARTMENT_APPROVER),
        actor(Persona.BUDGET_OFFICER),
    )
    line = make_line(department, 10_000 * YUAN, name="门户测试线")
    hold = _contracted(department, line)
    payment = propose(department, hold, 1_000 * YUAN)
    return {
        "budget_line": line_of(line).public_id,
        "budget_hold": read(lambda s: spending.hold(s, hold, TODAY)).public_id,
        "payment": payment.public_id,
    }


def _contracted(department: Department, line: int) -> int:
    """Money that may be paid, for something that is no engagement: its payments are followed."""
    reserve(department, line, 6_000 * YUAN, 1)
    contract = FIRST_PURPOSE + 2
    hold = act(
        SYSTEM,
        lambda uow: holding.commit_hold(
            uow,
            purpose_kind="competition",
            purpose_id=FIRST_PURPOSE + 1,
            amount_fen=6_000 * YUAN,
            to_kind="competition",
            to_id=contract,
        ),
    )
    act(
        SYSTEM,
        lambda uow: holding.make_payable(uow, purpose_kind="competition", purpose_id=contract),
    )
    return hold
