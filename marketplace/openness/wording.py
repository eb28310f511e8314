"""The words of the notice board."""

from flask_babel import lazy_gettext as _

REFUSALS: dict[str, object] = {}


LABELS = {
    "notice.admission": _("Admission"),
    "notice.suspension": _("Suspension"),
    "notice.reinstatement": _("End of a suspension"),
    "notice.withdrawal": _("Exit"),
    "notice.item_change": _("Change of a listed item"),
    "notice.rule_change": _("Change of a rule"),
    "notice.calendar_change": _("Change of the working calendar"),
    "notice.removal": _("Removal from the market"),
    "notice.readmission": _("Re-admission"),
    "notice.grades_preliminary": _("Preliminary grades"),
    "notice.grades_final": _("Final grades"),
    "notice.competition": _("Competition"),
    "notice.award": _("Award"),
    "notice.failure": _("Failed competition"),
    "notice.cancellation": _("Cancelled competition"),
}
