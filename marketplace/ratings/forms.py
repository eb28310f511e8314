"""Forms of ratings: the five criteria, and the reply."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.ratings.rules import CRITERIA, LEAST, MOST
from marketplace.ratings.wording import LABELS, REFUSALS
from marketplace.web.forms import Form

MAX_WORDS = 1000
_TOO_LONG = _("Please use at most %(max)d characters.")
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
        [InputRequired(REFUSALS["rating.score_needed"])],
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
