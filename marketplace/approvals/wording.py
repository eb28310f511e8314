"""The words of the link to the approval platform."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

REFUSALS: dict[str, LazyString] = {
    "approvals.operator_only": _(
        "Only the operator's system administrators tend the link to the approval platform."
    ),
}
