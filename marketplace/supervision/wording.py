"""Words of supervision."""

from flask_babel import lazy_gettext as _

LABELS = {
    "supervision.platform": _("The platform itself"),
    "supervision.earlier": _("Earlier"),
    "supervision.province": _("Province level"),
    "waiting.commission_request": _("Request to a department"),
    "waiting.competition": _("Competition"),
    "waiting.payment": _("Payment"),
    "waiting.budget_hold": _("Accepted work to pay for"),
    "waiting.complaint": _("Complaint"),
    "waiting.objection": _("Objection to an award"),
    "waiting.removal_case": _("Removal case"),
    "waiting.approval": _("Approval item of a project"),
    "waiting.approval.decision": _("Decision of the department"),
}
