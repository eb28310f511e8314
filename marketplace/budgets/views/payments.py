"""Payments: those of the department, proposing one, approving or refusing it."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.budgets import policy
from marketplace.budgets.forms import ProposeForm, RefuseForm
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.rows import PaymentRow
from marketplace.budgets.rules import PaymentState
from marketplace.budgets.services import paying
from marketplace.budgets.views import presenting
from marketplace.budgets.views.presenting import (
    bp,
    my_department,
    my_hold,
    my_payment,
    readers,
    today,
)
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit

proposers = for_roles(*policy.PROPOSERS)
approvers = for_roles(Role.DEPARTMENT_APPROVER)


@bp.get("/budgets/payments")
@readers
def payments() -> ResponseReturnValue:
    """What awaits approval first, then what was decided; accepted work that awaits payment."""
    session, department_id, actor = reading_session(), my_department(), current_actor()
    asked = request.args.get("state", "")
    states = [state for state in PaymentState if state == asked]
    rows = spending.department_payments(session, department_id, today(), states)
    owed = [h for h in spending.payable_holds(session, department_id, today()) if h.payable_fen]
    return page(
        "budgets/payments.html",
        payments=rows,
        owed=owed,
        states=tuple(PaymentState),
        asked=states[0] if states else "",
        names=spending.purposes_of(session, [*rows, *owed]),
        named=presenting.named,
        may_decide={row.id: policy.may_decide_payment(actor, row.standing) for row in rows},
        may_propose={row.id: policy.may_propose_payment(actor, row.standing) for row in owed},
    )


@bp.get("/budgets/payments/<payment_id>")
@readers
def payment(payment_id: str) -> ResponseReturnValue:
    """One payment: for what, by whom, how it was decided."""
    return _show("budgets/payment.html", my_payment(payment_id))


@bp.route("/budgets/payments/<payment_id>/approve", methods=["GET", "POST"])
@approvers
def approve(payment_id: str) -> ResponseReturnValue:
    """Before and at the approval: what is paid, from where, and what is left then."""
    row, form = my_payment(payment_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        paying.approve_payment(uow, payment=payment_id)
        return url_for(".payment", payment_id=payment_id)

    done = submit(form, work, done=_("The payment is approved and stands in the ledger."))
    return done or _show("budgets/approve.html", row, form)


@bp.route("/budgets/payments/<payment_id>/refuse", methods=["GET", "POST"])
@approvers
def refuse(payment_id: str) -> ResponseReturnValue:
    """Refuse a payment, with the reason."""
    row, form = my_payment(payment_id), RefuseForm()

    def work(uow: UnitOfWork) -> str:
        paying.refuse_payment(uow, payment=payment_id, reason=form.reason.data)
        return url_for(".payment", payment_id=payment_id)

    done = submit(form, work, done=_("The payment is refused; its proposer is told."))
    return done or _show("budgets/refuse.html", row, form)


@bp.route("/budgets/holds/<hold_id>/pay", methods=["GET", "POST"])
@proposers
def propose(hold_id: str) -> ResponseReturnValue:
    """Propose a payment out of a contract whose work is accepted."""
    session, row = reading_session(), my_hold(hold_id)
    form = ProposeForm(data={"amount": row.payable_fen or None, "final": False})

    def work(uow: UnitOfWork) -> str:
        made = paying.propose_payment(
            uow,
            hold=hold_id,
            amount_fen=form.amount.parsed,
            note=form.note.data or "",
            final=form.final.data,
        )
        return url_for(".payment", payment_id=made.public_id)

    done = submit(form, work, done=_("The payment is proposed; another person has to approve it."))
    return done or page(
        "budgets/propose.html",
        form=form,
        hold=row,
        line=appropriations.line(session, row.line_id),
        names=spending.purposes_of(session, [row]),
        named=presenting.named,
        may_propose=policy.may_propose_payment(current_actor(), row.standing),
    )


def _show(template: str, row: PaymentRow, form: Form | None = None) -> ResponseReturnValue:
    session = reading_session()
    return page(
        template,
        form=form,
        payment=row,
        hold=spending.hold(session, row.hold_id, today()),
        names=spending.purposes_of(session, [row]),
        named=presenting.named,
        may_decide=policy.may_decide_payment(current_actor(), row.standing),
    )
