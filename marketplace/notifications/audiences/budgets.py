"""Who hears of a department's money: who proposes payments, who approves them, who keeps lines."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.budgets import events
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import yuan_text
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import Audience, ids
from marketplace.notifications.services import Message

_OFFICERS = (Role.DEPARTMENT_OFFICER,)
_APPROVERS = (Role.DEPARTMENT_APPROVER,)
_KEEPERS = (Role.BUDGET_OFFICER,)


def _details(record: EventRecord) -> dict[str, Any]:
    return {**record.payload, "amount": yuan_text(record.payload["amount_fen"])}


def _line(*roles: Role) -> Audience:
    """The department's people with one of the roles, about money kept on a line of theirs."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        line = budgets.line(session, record.subject_id)
        people = ids(session, line.department_id, roles)
        details = {"line": line.name, "year": line.fiscal_year, **_details(record)}
        return [Message(people, line.department_id, f"/budgets/lines/{line.public_id}", details)]

    return tell


def _payment(*roles: Role, proposer: bool = False) -> Audience:
    """The department's people with one of the roles, and the proposer, about a payment."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row = budgets.payment(session, record.subject_id)
        people = ids(session, row.department_id, roles) if roles else ()
        if proposer:
            people = tuple(dict.fromkeys((row.proposer_id, *people)))
        else:
            people = tuple(key for key in people if key != row.proposer_id)
        details = {"number": row.number, "line": row.line_name, **_details(record)}
        return [Message(people, row.department_id, f"/budgets/payments/{row.public_id}", details)]

    return tell


AUDIENCES: dict[type[Event], Audience] = {
    events.FundsPayable: _line(*_OFFICERS),
    events.FundsOverdue: _line(*_OFFICERS, *_KEEPERS),
    events.FundsDueMoved: _line(*_OFFICERS),
    events.FundsCarriedIn: _line(*_KEEPERS),
    events.PaymentProposed: _payment(*_APPROVERS),
    events.PaymentApproved: _payment(*_KEEPERS, proposer=True),
    events.PaymentRefused: _payment(proposer=True),
    events.PaymentOverdue: _payment(*_APPROVERS, *_KEEPERS),
    events.PaymentDueMoved: _payment(*_APPROVERS),
}
