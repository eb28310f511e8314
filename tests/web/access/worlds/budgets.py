"""A line of the department's, a contract whose work is accepted, a payment that awaits approval."""

from marketplace.budgets.queries import spending
from tests.conftest import TODAY
from tests.money import (
    YUAN,
    Department,
    contracted,
    line_of,
    make_line,
    propose,
    read,
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
    hold = contracted(department, line, 6_000 * YUAN, 1)
    payment = propose(department, hold, 1_000 * YUAN)
    return {
        "budget_line": line_of(line).public_id,
        "budget_hold": read(lambda s: spending.hold(s, hold, TODAY)).public_id,
        "payment": payment.public_id,
    }
