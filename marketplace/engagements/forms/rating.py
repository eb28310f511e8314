"""Forms of ratings: the five criteria, the reply, and the choice to keep or move."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.engagements.quoting_words import LABELS
from marketplace.engagements.rules.moving import Way
from marketplace.engagements.rules.rating import CRITERIA, LEAST, MOST
from marketplace.web.forms import Form

MAX_WORDS = 1000
_TOO_LONG = _("Please use at most %(max)d characters.")
_CHOOSE = _("Choose the institution that takes over.")
_WHY = _("Say why the work moves.")
_WORDS = {
    1: _("1, very poor"),
    2: _("2, poor"),
    3: _("3, fair"),
    4: _("4, good"),
    5: _("5, very good"),
}


def _criterion(name: str) -> RadioField:
    return RadioField(
        LABELS[f"rating.{name}"],
        [InputRequired(_("Choose a score from 1 to 5."))],
        choices=[SelectChoice(str(score), _WORDS[score]) for score in range(MOST, LEAST - 1, -1)],
    )


class RatingForm(Form):
    """What the client says of the service; nothing is chosen beforehand."""

    quality = _criterion("quality")
    timeliness = _criterion("timeliness")
    attitude = _criterion("attitude")
    fees = _criterion("fees")
    conduct = _criterion("conduct")
    comment = TextAreaField(
        _("Comment"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("Public, without the name of your enterprise. Please name no persons."),
    )

    def scores(self) -> dict[str, int]:
        """The score of each criterion."""
        return {one: int(self[one].data) for one in CRITERIA}


class ReplyForm(Form):
    """The institution's reply."""

    words = TextAreaField(
        _("Reply"),
        [DataRequired(_("Write the reply.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("Public, beside the rating. Please name no persons."),
    )


class ChoiceForm(Form):
    """How work goes on after its institution was removed."""

    way = RadioField(
        _("How does this work go on?"), [InputRequired(_("Choose one of the two ways."))]
    )
    listing = SelectField(
        _("Institution that takes over"),
        [Optional()],
        description=_("Admitted institutions for this item; those of the project's region first."),
        validate_choice=False,
    )
    reason = TextAreaField(
        _("Reason"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("Needed when the work moves; both institutions read it."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Moving needs somewhere to go and a reason; each is said beside its own field."""
        valid = super().validate(extra_validators)
        if self.way.data != Way.MOVE or "listing" not in self:
            return valid
        for field, words in ((self.listing, _CHOOSE), (self.reason, _WHY)):
            if not field.data:
                field.errors = [*field.errors, str(words)]
                valid = False
        return valid

    def offer(self, ways: Sequence[Way], listings: Sequence[SelectChoice]) -> None:
        """Set what can be chosen; where the work cannot move, it can only be kept here."""
        self.way.choices = [SelectChoice(one.value, LABELS[f"way.{one}"]) for one in ways]
        if Way.MOVE in ways:
            self.listing.choices = [SelectChoice("", _("Choose an institution")), *listings]
        else:
            del self.listing
