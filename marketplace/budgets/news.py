"""How the events of budgets are told."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.budgets import events
from marketplace.budgets.policy import DECIDERS, KEEPERS, PROPOSERS
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.spending import PaymentRow
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.kernel.money import yuan

_OFFICERS = (Role.DEPARTMENT_OFFICER,)


def _details(record: EventRecord) -> dict[str, Any]:
    return {**record.payload, "amount": yuan(record.payload["amount_fen"])}


def _line(*roles: Role) -> Audience:
    """The department's people with one of the roles, about money kept on a line of theirs."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        line = appropriations.line(session, record.subject_id)
        people = people_with(session, line.department_id, roles)
        details = {"line": line.name, "year": line.fiscal_year, **_details(record)}
        return [Message(people, line.department_id, f"/budgets/lines/{line.public_id}", details)]

    return tell


def _payment(*roles: Role) -> Audience:
    """The department's people with one of the roles, but for who proposed the payment."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row = spending.payment(session, record.subject_id)
        people = people_with(session, row.department_id, roles, but=row.proposer_id)
        return [_about(row, record, people)]

    return tell


def _proposer(session: Session, record: EventRecord) -> list[Message]:
    """Who proposed the payment; those who can propose it again, where that person has left."""
    row = spending.payment(session, record.subject_id)
    people = people_with(session, row.department_id, PROPOSERS, but=record.actor_user_id)
    if row.proposer_id in people:
        people = (row.proposer_id,)
    return [_about(row, record, people)]


def _about(row: PaymentRow, record: EventRecord, people: tuple[int, ...]) -> Message:
    details = {"number": row.number, "line": row.line_name, **_details(record)}
    return Message(people, row.department_id, f"/budgets/payments/{row.public_id}", details)


NEWS = news(
    kept(events.LineOpened, history=_("The budget line was opened.")),
    kept(events.LineAdjusted, history=_("The appropriation was adjusted.")),
    kept(events.FundsReserved, history=_("Money was reserved.")),
    kept(events.FundsCommitted, history=_("Money was committed to a contract.")),
    kept(events.FundsReleased, history=_("Money was released to the line.")),
    told(
        events.FundsPayable,
        history=_("The work was accepted, and its payment fell due."),
        to=(_line(*_OFFICERS),),
        subject=_("Accepted work has to be paid by %(pay_by)s"),
        text=_(
            "%(amount)s yuan of the line “%(line)s” are committed to it. "
            "Please propose the payment."
        ),
    ),
    told(
        events.FundsWithheld,
        history=_("The work was returned by the approving department; its payment is held."),
        to=(_line(*_OFFICERS),),
        subject=_("A payment is held: the approving department returned the work"),
        text=_(
            "%(amount)s yuan of the line “%(line)s” stay committed to it. Nothing can be proposed "
            "or approved until the work is accepted again."
        ),
    ),
    told(
        events.FundsOverdue,
        history=_("Accepted work was not paid in time; the department was told."),
        to=(_line(*_OFFICERS, *KEEPERS),),
        subject=_("A payment is late: it was due on %(pay_by)s"),
        text=_(
            "%(amount)s yuan of the line “%(line)s” are not paid yet, though the work is accepted."
        ),
    ),
    told(
        events.FundsDueMoved,
        history=_("The day to pay by moved with the calendar."),
        to=(_line(*_OFFICERS),),
        subject=_("The day to pay by has moved"),
        text=_(
            "After a change of the working calendar %(amount)s yuan are to be paid by %(due_on)s."
        ),
    ),
    kept(events.FundsCarriedOut, history=_("An unpaid commitment went over into the next year.")),
    told(
        events.FundsCarriedIn,
        history=_("An unpaid commitment came over from the year before."),
        to=(_line(*KEEPERS),),
        subject=_("A commitment came over from the year before"),
        text=_("%(amount)s unpaid yuan stand on the line “%(line)s” of %(year)s now."),
    ),
    told(
        events.PaymentProposed,
        history=_("A payment was proposed."),
        to=(_payment(*DECIDERS),),
        subject=_("Payment %(number)s waits for your decision"),
        text=_(
            "%(amount)s yuan of the line “%(line)s” are proposed. Please decide by %(approve_by)s."
        ),
    ),
    told(
        events.PaymentApproved,
        history=_("The payment was approved."),
        to=(_payment(*KEEPERS), _proposer),
        subject=_("Payment %(number)s is approved"),
        text=_("%(amount)s yuan of the line “%(line)s” are entered in the ledger as paid."),
    ),
    told(
        events.PaymentRefused,
        history=_("The payment was refused."),
        to=(_proposer,),
        subject=_("Payment %(number)s is refused"),
        text=_("The reason stands with the payment; %(amount)s yuan can be proposed again."),
    ),
    told(
        events.PaymentOverdue,
        history=_("The payment was not decided in time; the approvers were told."),
        to=(_payment(*DECIDERS, *KEEPERS),),
        subject=_("Payment %(number)s is overdue"),
        text=_("%(amount)s yuan were to be decided by %(approve_by)s. Please decide at once."),
    ),
    told(
        events.PaymentDueMoved,
        history=_("The day to decide by moved with the calendar."),
        to=(_payment(*DECIDERS),),
        subject=_("Payment %(number)s: the due date has moved"),
        text=_("After a change of the working calendar it is to be decided by %(due_on)s."),
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the ledger shows it",
)
