"""What the command line and `/readyz` ask of the demo world."""

import unicodedata
from collections.abc import Sequence

from flask import current_app
from sqlalchemy.orm import Session

from marketplace.demo import loading, queries
from marketplace.demo.cast import PASSWORD
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session
from marketplace.infra.readiness import Check
from marketplace.kernel.actors import Role

# For the terminal, which may show no Chinese; the page uses the words of the product.
_ROLES = {
    Role.INSTITUTION_AGENT: "institution agent",
    Role.ASSOCIATION_EXAMINER: "association examiner",
    Role.ASSOCIATION_APPROVER: "association approver",
    Role.SUPERVISOR: "supervisor",
    Role.DEPARTMENT_OFFICER: "department officer",
    Role.DEPARTMENT_APPROVER: "department approver",
    Role.BUDGET_OFFICER: "budget officer",
    Role.ENTERPRISE_AGENT: "enterprise agent",
    Role.SYSTEM_ADMIN: "operator: system administrator",
    Role.SECURITY_ADMIN: "operator: security administrator",
    Role.AUDIT_ADMIN: "operator: audit administrator",
}


def load() -> str:
    """Make the demo world where it is not complete."""
    return loading.load(current_app.extensions["settings"])


def show_accounts() -> str:
    """A table of who can sign in: role, user, password, organisation."""
    with reading_session() as session:
        known = queries.demo_accounts(session, real_now())
    if not known:
        return "The demo world is not made yet: flask demo load"
    rows = [("ROLE", "USER", "PASSWORD", "ORGANISATION")]
    for each in known:
        role = next(words for role, words in _ROLES.items() if role in each.roles)
        rows.append((role, each.email, PASSWORD, each.organisation_name))
    return f"{_table(rows)}\nSix-digit codes, mails and the clock: /demo"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = zip(row, widths, strict=True)
        padded = (cell + " " * (width - _width(cell)) for cell, width in cells)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def demo_is_complete(session: Session) -> Check:
    """Green once the demo world is complete; always where there is none."""
    if not current_app.extensions["settings"].is_demo:
        return Check(ok=True)
    known = queries.world(session)
    acts = known.position if known else 0
    return Check(ok=bool(known and known.completed_at), details={"acts": acts})
