"""The words of lights."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.wording import rule_value
from marketplace.clocks.rules import SHORT_LIMIT

LABELS: dict[str, LazyString] = {
    "light.green": _("On time"),
    "light.yellow": _("Due soon"),
    "light.red": _("Overdue"),
    "light.paused": _("Clock stands"),
}


def left_text(days: int, *, today: bool, begins: bool = False) -> str:
    """How long there is until a day that is not over; `today`: it is today.

    `begins`: it is said why the light is still green.
    """
    if days:
        left = gettext("%(days)s left", days=rule_value(days, "workdays"))
        return str(gettext("%(left)s (short limit, just begun)", left=left) if begins else left)
    return str(gettext("Due today") if today else gettext("No working day left"))


def light_rule(yellow_days: int) -> str:
    """When a light changes its colour."""
    rule = gettext(
        "A light is yellow from %(days)s before the last day. With a limit of %(short)s days or "
        "fewer it stays green on the first day, however few are left. It is red once the last day "
        "is over.",
        days=rule_value(yellow_days, "workdays"),
        short=SHORT_LIMIT,
    )
    return str(rule)
