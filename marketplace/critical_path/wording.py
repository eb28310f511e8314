"""The words of the critical path: whose a day was, what is waited for, how an end was found."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

LABELS: dict[str, LazyString] = {
    "path_owner.department": _("approval department"),
    "path_owner.institution": _("institution"),
    "path_owner.enterprise": _("enterprise"),
    "path_owner.coordination": _("lead department of the 1+X case"),
    "path_owner.supplement": _("enterprise"),
    "path_owner.idle": _("not known"),
    "path_day.department": _("Lay with a department"),
    "path_day.institution": _("Waited for an institution"),
    "path_day.enterprise": _("Waited for the enterprise"),
    "path_day.coordination": _("Stood: 1+X case"),
    "path_day.supplement": _("Stood: supplement"),
    "path_day.idle": _("Nothing lay with a department"),
    "path_wait.refused": _("a new application, for it was refused"),
    "path_wait.coordination": _("the end of a 1+X case"),
    "path_wait.supplement": _("what the enterprise has to supply"),
    "path_wait.stands": _("its clock stands; the platform does not say why or since when"),
    "path_wait.item": _("work of an institution"),
    "path_wait.stage": _("approval items of earlier stages"),
    "path_wait.application": _("the enterprise's application"),
    "path_wait.decision": _("the department's decision"),
    "stand_kind.coordination": _("1+X case"),
    "stand_kind.supplement": _("Supplement by the enterprise"),
}
