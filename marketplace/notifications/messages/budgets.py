"""The words of messages about a department's money: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "budget_line.payable": (
        _("Accepted work has to be paid by %(pay_by)s"),
        _(
            "%(amount)s yuan of the line “%(line)s” are committed to it. "
            "Please propose the payment."
        ),
    ),
    "budget_line.overdue": (
        _("A payment is late: it was due on %(pay_by)s"),
        _("%(amount)s yuan of the line “%(line)s” are not paid yet, though the work is accepted."),
    ),
    "budget_line.due_moved": (
        _("The day to pay by has moved"),
        _("After a change of the working calendar %(amount)s yuan are to be paid by %(due_on)s."),
    ),
    "budget_line.carried_in": (
        _("A commitment came over from the year before"),
        _("%(amount)s unpaid yuan stand on the line “%(line)s” of %(year)s now."),
    ),
    "payment.proposed": (
        _("Payment %(number)s waits for your decision"),
        _("%(amount)s yuan of the line “%(line)s” are proposed. Please decide by %(approve_by)s."),
    ),
    "payment.approved": (
        _("Payment %(number)s is approved"),
        _("%(amount)s yuan of the line “%(line)s” are entered in the ledger as paid."),
    ),
    "payment.refused": (
        _("Payment %(number)s is refused"),
        _("The reason stands with the payment; %(amount)s yuan can be proposed again."),
    ),
    "payment.overdue": (
        _("Payment %(number)s is overdue"),
        _("%(amount)s yuan were to be decided by %(approve_by)s. Please decide at once."),
    ),
    "payment.due_moved": (
        _("Payment %(number)s: the due date has moved"),
        _("After a change of the working calendar it is to be decided by %(due_on)s."),
    ),
}
