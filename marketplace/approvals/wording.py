"""The words of the link to the approval platform."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

REFUSALS: dict[str, LazyString] = {
    "approvals.operator_only": _(
        "Only the operator's system administrators tend the link to the approval platform."
    ),
}

EVENTS: dict[str, LazyString] = {
    "approval_channel.closed": _("The approval platform takes no more milestones."),
    "approval_channel.reopened": _("Milestones go to the approval platform again."),
}
