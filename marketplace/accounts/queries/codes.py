"""Credit codes: what is wrong with one, and those in use with a wrong check character."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import models, rules
from marketplace.infra.rows import row_of, through


@dataclass(frozen=True)
class EnteredCode:
    """A code that the operator entered, with who made sure of it and how."""

    credit_code: str
    reason: str
    entered_at: datetime
    entered_by: str


_ENTERED = row_of(
    EnteredCode,
    models.RegisteredCode,
    entered_by=func.coalesce(through(models.RegisteredCode.entered_by_id, models.User.name), ""),
)
_IS_ENTERED = select(models.RegisteredCode.id).where(
    models.RegisteredCode.credit_code == bindparam("code")
)


def entered_codes(session: Session) -> tuple[EnteredCode, ...]:
    """Every code that the operator entered, the latest first."""
    return _ENTERED.all(session, _ENTERED.query().order_by(models.RegisteredCode.id.desc()))


def credit_code_problem(session: Session, code: str) -> str:
    """What is wrong with a normalised code, but for those that the operator entered; else empty."""
    problem = rules.credit_code_problem(code)
    if problem == rules.WRONG_CHECK and session.scalar(_IS_ENTERED, {"code": code}) is not None:
        return ""
    return problem
