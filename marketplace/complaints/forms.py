"""Forms of complaints and objections."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.complaints.rules import Outcome
from marketplace.complaints.wording import LABELS
from marketplace.web.forms import Form

MAX_WORDS = 4000
_TOO_LONG = _("Please use at most %(max)d characters.")
_SAY = _("Please say what happened.")
_REASONS = _("Give the reasons.")


def _choices(*outcomes: Outcome) -> list[SelectChoice]:
    return [SelectChoice(str(one), LABELS[f"complaint_outcome.{one}"]) for one in outcomes]


class ComplaintForm(Form):
    """What somebody complains about, in their words."""

    headline = StringField(
        _("In one line: what is wrong?"),
        [DataRequired(_SAY), Length(max=120, message=_TOO_LONG)],
    )
    body = TextAreaField(
        _("What happened, when, and what do you ask for?"),
        [DataRequired(_SAY), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_(
            "Read by whoever decides and by the other side. Leave out identity and bank numbers."
        ),
    )
    with_record = BooleanField(
        _("Attach the record of the work"),
        default=True,
        description=_(
            "The contract, its days, and what both sides noted and answered, as it stands now. "
            "Whoever decides reads it; later changes do not alter it."
        ),
    )

    def about_work(self, is_so: bool) -> None:
        """Only a complaint about work has a record to attach."""
        if not is_so:
            del self.with_record


class PublicComplaintForm(ComplaintForm):
    """The same from somebody without an account, with a way to be answered."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Please give your name.")), Length(max=60, message=_TOO_LONG)],
        description=_("The other side reads your family name only."),
    )
    reach = StringField(
        _("How can we answer you?"),
        [DataRequired(_("Please say how we can answer you.")), Length(max=120, message=_TOO_LONG)],
        description=_("Mail or telephone; kept encrypted and used for the answer only."),
    )


class AnswerForm(Form):
    """What the other side says."""

    body = TextAreaField(
        _("Your answer"),
        [
            DataRequired(_("Please write your answer.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("Read by whoever decides and by whoever complained."),
    )


class ReasonForm(Form):
    """An act that needs its reasons."""

    reason = TextAreaField(
        _("Reasons"), [DataRequired(_REASONS), Length(max=MAX_WORDS, message=_TOO_LONG)]
    )


class ProposeForm(ReasonForm):
    """What is proposed about a complaint, with the reasons the parties will read."""

    outcome = RadioField(
        _("Proposal"),
        [InputRequired(_("Choose what you propose."))],
        choices=_choices(*Outcome),
    )


class ReviewForm(ReasonForm):
    """What holds after the review."""

    outcome = RadioField(
        _("What holds from now on"),
        [InputRequired(_("Choose what holds from now on."))],
        choices=_choices(*Outcome),
    )


class ProposeObjectionForm(ReasonForm):
    """What is proposed about an objection."""

    outcome = RadioField(
        _("Proposal"),
        [InputRequired(_("Choose what you propose."))],
        choices=_choices(Outcome.UPHELD, Outcome.DISMISSED),
    )


class DecideForm(ReasonForm):
    """The decision: as proposed, with reasons."""

    outcome = HiddenField()


class ObjectionForm(Form):
    """Why an entrant objects to an award."""

    body = TextAreaField(
        _("What is wrong with the award, and on what do you base this?"),
        [DataRequired(_SAY), Length(max=MAX_WORDS, message=_TOO_LONG)],
    )
