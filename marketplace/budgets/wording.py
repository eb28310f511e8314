"""The words of budgets: refusals, events, labels."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.budgets.rules import PaymentState

REFUSALS: dict[str, LazyString] = {
    "budget.not_your_department": _(
        "Only members of the department this money belongs to may do this."
    ),
    "budget.no_department": _("This organisation is not a department, so it has no budget here."),
    "budget.year_unknown": _("Choose a fiscal year between 2018 and 2100."),
    "budget.item_unknown": _("This item is not on the list. Choose one of the listed items."),
    "budget.line_exists": _(
        "A line of this name exists in this fiscal year already. Choose another name or adjust "
        "that line."
    ),
    "budget.amount_not_positive": _("The amount must be more than zero."),
    "budget.bound": _(
        "%(bound)s yuan are reserved, committed or paid already. The appropriation cannot be less."
    ),
    "budget.nothing_changed": _("This is the appropriation as it is. Enter another amount."),
    "budget.not_enough": _("There is not enough left on this line: %(free)s yuan are free."),
    "budget.not_this_year": _(
        "This line belongs to the fiscal year %(year)s. Choose a line of the present year."
    ),
    "budget.other_item": _("This line is kept for another item. Choose another line."),
    "budget.already_held": _("Money is reserved for this already."),
    "budget.no_hold": _("No money is reserved for this, so no contract can be charged to a line."),
    "budget.above_reservation": _(
        "The contract is above what is reserved for it: %(reserved)s yuan."
    ),
    "budget.above_contract": _(
        "Payments cannot exceed the contract. At most %(payable)s yuan can still be proposed."
    ),
    "budget.not_payable": _("Nothing can be paid before the work is accepted."),
    "budget.withheld": _(
        "The approving department returned the work. Nothing is paid until a new version is "
        "accepted."
    ),
    "budget.nothing_payable": _(
        "Nothing is left to pay: all of the contract is paid or awaits approval."
    ),
    "budget.payment_open": _("A payment still awaits approval. Approve or refuse it first."),
    "budget.payment_decided": _("This payment is decided already."),
    "budget.own_proposal": _("You proposed this payment yourself. Another person has to decide."),
}


LABELS: dict[str, LazyString] = {
    "bucket.outside": _("Outside the line"),
    "bucket.free": _("Free"),
    "bucket.reserved": _("Reserved"),
    "bucket.committed": _("Committed"),
    "bucket.paid": _("Paid"),
    "entry_kind.reserve": _("Reservation"),
    "entry_kind.commit": _("Commitment to a contract"),
    "entry_kind.pay": _("Payment"),
    "entry_kind.release": _("Release"),
    "entry_kind.adjust": _("Appropriation"),
    "entry_kind.carry": _("Carried over"),
    "payment_state.proposed": _("Awaits approval"),
    "payment_state.approved": _("Paid"),
    "payment_state.refused": _("Refused"),
    "purpose.competition": _("Competition"),
    "purpose.engagement": _("Engagement"),
    "payment.approve": _("Decide a proposed payment"),
    "payment.propose": _("Pay for accepted work"),
}

_TONES = {
    PaymentState.PROPOSED: "waiting",
    PaymentState.APPROVED: "good",
    PaymentState.REFUSED: "bad",
}


def payment_tone(state: PaymentState) -> str:
    """The tone of a payment's state tag."""
    return _TONES[state]
