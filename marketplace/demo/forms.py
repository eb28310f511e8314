"""The form that moves the clock."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from marketplace.web.forms import Form

MOST_DAYS = 400


class ClockForm(Form):
    """How far the clock goes forward."""

    days = IntegerField(
        _("Days"),
        description=_("A whole number from 0 to 400."),
        default=1,
        validators=[
            InputRequired(_("Please give a whole number of days.")),
            NumberRange(0, MOST_DAYS, _("Please give a whole number from 0 to 400.")),
        ],
    )
    hours = IntegerField(
        _("Hours"),
        description=_("A whole number from 0 to 23."),
        default=0,
        validators=[
            InputRequired(_("Please give a whole number of hours.")),
            NumberRange(0, 23, _("Please give a whole number from 0 to 23.")),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A step forward is longer than nothing."""
        if not super().validate(extra_validators):
            return False
        if not self.days.data and not self.hours.data:
            self.days.errors = [_("Please give at least one hour or one day.")]
            return False
        return True
