"""What is held for a purpose and paid of it: payments proposed, approved and refused."""

from collections.abc import Iterator

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.budgets import policy
from marketplace.budgets.forms import ProposeForm, RefuseForm
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.appropriations import LEDGER
from marketplace.budgets.queries.spending import (
    DEPARTMENT_PAYMENTS,
    PAYMENTS,
    TO_PAY,
    HoldRow,
    PaymentRow,
)
from marketplace.budgets.rules import PaymentState
from marketplace.budgets.services import paying
from marketplace.budgets.views.pages import bp, my_department, named_by, readers, today
from marketplace.clocks.queries import light_days
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import yuan
from marketplace.web.acts import Act, GoOn, RecordPage, acts, plain, reasoned
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of
from marketplace.web.submit import page


@bp.get("/budgets/payments")
@readers
def payments() -> ResponseReturnValue:
    """What awaits approval first, then what was decided; accepted work that awaits payment."""
    session, actor, asked = reading_session(), current_actor(), asked_of(DEPARTMENT_PAYMENTS)
    values = light_days(session, today(), own=my_department())
    listed = DEPARTMENT_PAYMENTS.read(session, asked, values)
    owed = TO_PAY.read(session, asked_of(TO_PAY, page_name="owed"), values)
    return page(
        "budgets/payments.html",
        payments=listed,
        owed=owed,
        states=tuple(PaymentState),
        asked="".join(asked.chosen.get("state", ())),
        name_of=named_by(spending.purposes_of(session, [*listed.rows, *owed.rows])),
        may_decide={row.id: policy.may_decide_payment(actor, row.standing) for row in listed.rows},
        may_propose={row.id: policy.may_propose_payment(actor, row.standing) for row in owed.rows},
    )


# ------------------------------------------------------------------ what is held for a purpose


def my_hold(hold_id: str) -> HoldRow:
    """Money held on a line of the actor's department; to others it does not exist."""
    row = spending.hold(reading_session(), hold_id, today())
    if not policy.may_see(current_actor(), row):
        raise NotFound
    return row


def _propose(uow: UnitOfWork, key: str, form: ProposeForm) -> GoOn:
    made = paying.propose_payment(
        uow,
        hold=key,
        amount_fen=form.amount.parsed,
        note=form.note.data or "",
        final=form.final.data,
    )
    return GoOn(url_for(".payment", payment_id=made.public_id))


HOLD_ACTS = acts(
    Act(
        "pay",
        form=lambda row, **options: ProposeForm(
            data={"amount": row.payable_fen or None, "final": False}, **options
        ),
        run=_propose,
        may=policy.may_propose_payment,
        done=_("The payment is proposed; another person has to approve it."),
    )
)


def _show_hold(row: HoldRow, _act: str, _form: Form | None) -> ResponseReturnValue:
    """Money kept for one purpose: its contract, its payments, its entries."""
    session, values = reading_session(), light_days(reading_session(), today())
    asked = asked_of(PAYMENTS, page_name="payments")
    moved = appropriations.moved_for(row.id)
    return page(
        "budgets/hold.html",
        hold=row,
        payments=PAYMENTS.read(session, asked, values, spending.from_hold(row.id)),
        entries=LEDGER.read(session, asked_of(LEDGER, page_name="entries"), None, moved),
        name_of=named_by(spending.purposes_of(session, [row])),
        may_propose=policy.may_propose_payment(current_actor(), row.standing),
    )


def _ask_amount(
    row: HoldRow, _act: Act[policy.HoldStanding], form: Form, back: str
) -> ResponseReturnValue:
    return page(
        "budgets/propose.html",
        form=form,
        hold=row,
        back=back,
        name_of=named_by(spending.purposes_of(reading_session(), [row])),
        may_propose=policy.may_propose_payment(current_actor(), row.standing),
    )


RecordPage(HOLD_ACTS, my_hold, _show_hold, ask=_ask_amount, refused=_ask_amount).serve(
    bp,
    "/budgets/holds/<hold_id>",
    endpoint="hold",
    act_endpoint="hold_act",
    guard=readers,
    act_guard=for_roles(*policy.PROPOSERS),
)


# ------------------------------------------------------------------ one payment


def my_payment(payment_id: str) -> PaymentRow:
    """A payment of the actor's department; to others it does not exist."""
    row = spending.payment(reading_session(), payment_id, today())
    if not policy.may_see(current_actor(), row):
        raise NotFound
    return row


def _approving(row: PaymentRow) -> Iterator[object]:
    left = yuan(row.unpaid_fen - row.amount_fen)
    yield _("%(amount)s yuan are entered in the ledger as paid.", amount=yuan(row.amount_fen))
    if row.final:
        yield _(
            "It is the last payment: %(rest)s yuan of the contract return to the line.", rest=left
        )
    else:
        yield _("%(rest)s yuan of the contract are left to pay.", rest=left)
    yield _("Whoever proposed it is told, and so is the provider.")


PAYMENT_ACTS = acts(
    Act(
        "approve",
        run=plain(paying.approve_payment, "payment"),
        may=policy.may_approve_payment,
        title=_("Approve"),
        effects=_approving,
        done=_("The payment is approved and stands in the ledger."),
        final=True,
    ),
    Act(
        "refuse",
        form=RefuseForm,
        run=reasoned(paying.refuse_payment, "payment"),
        may=policy.may_decide_payment,
        title=_("Refuse"),
        effects=(
            _("Nothing is paid; the amount can be proposed again."),
            _("Whoever proposed it is told, with your reason."),
        ),
        done=_("The payment is refused; its proposer is told."),
        danger=True,
    ),
)


def _show_payment(row: PaymentRow, _act: str, _form: Form | None) -> ResponseReturnValue:
    """One payment: for what, by whom, how it was decided."""
    return page(
        "budgets/payment.html",
        payment=row,
        name_of=named_by(spending.purposes_of(reading_session(), [row])),
        may_decide=policy.may_decide_payment(current_actor(), row.standing),
    )


def _ask_decision(
    row: PaymentRow, act: Act[policy.PaymentStanding], form: Form, back: str
) -> ResponseReturnValue:
    """What is paid, from where, and what is left then; or why nothing can be decided."""
    return page(
        "budgets/decide.html",
        form=form,
        payment=row,
        act=act,
        effects=act.will_happen(row),
        back=back,
        name_of=named_by(spending.purposes_of(reading_session(), [row])),
        may_decide=act.may(current_actor(), row.standing),
    )


RecordPage(PAYMENT_ACTS, my_payment, _show_payment, ask=_ask_decision, refused=_ask_decision).serve(
    bp,
    "/budgets/payments/<payment_id>",
    endpoint="payment",
    act_endpoint="payment_act",
    guard=readers,
    act_guard=for_roles(*policy.DECIDERS),
)
