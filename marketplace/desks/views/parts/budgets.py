"""The part of a desk about a department's money: what to propose, to approve, and what is late."""

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.budgets import policy
from marketplace.budgets import queries as budgets
from marketplace.budgets.queries import DeskFilter, HoldRow, Late, PaymentRow, Purpose
from marketplace.budgets.rules import PaymentState
from marketplace.desks.views.parts.shapes import Desk, Figure, Job
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.money import yuan
from marketplace.kernel.times import local_date


def reads_budgets(actor: Actor) -> bool:
    """Whether the actor has to do with a department's money."""
    return actor.is_a(Capacity.DEPARTMENT) and actor.has(*policy.READERS)


def budget_desk(session: Session, actor: Actor, now: datetime) -> Desk:
    own, today = actor.organisation_id or 0, local_date(now)
    waiting = budgets.department_payments(session, own, today, (PaymentState.PROPOSED,))
    jobs = [_to_decide(row) for row in waiting if policy.may_decide_payment(actor, row.standing)]
    if actor.has(Role.DEPARTMENT_OFFICER):
        owed = budgets.payable_holds(session, own, today)
        names = budgets.purposes_of(session, owed)
        jobs += [
            _to_propose(row, names.get((row.purpose_kind, row.purpose_id)))
            for row in owed
            if policy.may_propose_payment(actor, row.standing)
        ]
    late: tuple[Late, ...] = ()
    if actor.has(Role.BUDGET_OFFICER):
        late = budgets.desk(session, own, DeskFilter(today.year), today).late
        jobs += [_late(one) for one in late]
    return Desk(tuple(jobs), _figures(waiting, late, actor, today))


def _figures(
    waiting: tuple[PaymentRow, ...], late: tuple[Late, ...], actor: Actor, today: date
) -> tuple[Figure, ...]:
    proposed = Figure(
        len(waiting),
        _("Payments awaiting approval"),
        url_for("budgets.payments", state=PaymentState.PROPOSED.value),
    )
    if not actor.has(Role.BUDGET_OFFICER):
        return (proposed,)
    red = Figure(
        len(late),
        _("Late payments"),
        url_for("budgets.lines", year=today.year, show="late"),
        "red" if late else "",
    )
    return (proposed, red)


def _to_decide(row: PaymentRow) -> Job:
    return Job(
        _("Decide payment %(number)s", number=row.number),
        url_for("budgets.payment", payment_id=row.public_id),
        row.light,
        row.approve_by,
        _("%(amount)s yuan", amount=yuan(row.amount_fen)) + f" · {row.line_name}",
    )


def _to_propose(row: HoldRow, named: Purpose | None) -> Job:
    words = (
        _("Propose the payment for %(number)s", number=named.number)
        if named
        else _("Propose the payment for accepted work")
    )
    amount = _("%(amount)s yuan", amount=yuan(row.payable_fen))
    return Job(
        words,
        url_for("budgets.propose", hold_id=row.public_id),
        row.light,
        row.pay_by,
        f"{amount} · {named.title}" if named and named.title else amount,
    )


def _late(one: Late) -> Job:
    return Job(
        _("A payment on the line “%(line)s” is late", line=one.line.name),
        url_for("budgets.line", line_id=one.line.public_id),
        "red",
        one.due_on,
        _("%(amount)s yuan", amount=yuan(one.amount_fen)),
    )
