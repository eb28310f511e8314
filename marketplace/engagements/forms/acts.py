"""Forms of the acts on an engagement: one for each page that asks for something."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.engagements.forms.papers import ACCEPTED, WithPapers, further
from marketplace.web.fields import DateField, MoneyField, NumberField
from marketplace.web.forms import ActForm, Form
from marketplace.web.uploads import UploadField, UploadRequired

MAX_WORDS = 2000
_TOO_LONG = _("Please use at most %(max)d characters.")


class ReasonForm(Form):
    """Reasons that the other side reads."""

    reason = TextAreaField(
        _("Reasons"),
        [
            DataRequired(_("Write the reasons in a sentence or more.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("The other side reads them, and they stay in the history."),
    )


class WordsForm(Form):
    """Words that may go with an act."""

    words = TextAreaField(
        _("Remark"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("The other side reads it."),
    )


class ContractForm(WithPapers):
    """The signed contract."""

    amount = MoneyField(
        _("Amount of the contract"),
        [InputRequired(_("Enter the amount of the contract."))],
        description=_("In yuan, for example 80,000 or 8万."),
    )
    signed_on = DateField(
        _("Signed on"),
        [InputRequired(_("Enter the day on which the contract was signed."))],
        description=_("For example 2026-11-23."),
    )
    paper = UploadField(
        _("Signed contract"),
        [UploadRequired(_("Attach the signed contract."))],
        description=ACCEPTED,
    )
    second = further(_("Annex"))


class PauseForm(WithPapers):
    """Why the clock should stand, with evidence."""

    reason = TextAreaField(
        _("Why the work cannot go on"),
        [
            DataRequired(_("Write the reasons in a sentence or more.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("The other side is told at once and reads it."),
    )
    paper = UploadField(
        _("Evidence"),
        [UploadRequired(_("Attach the evidence for the pause."))],
        description=_(
            "A letter, a record or a photo that shows it. PDF, PNG or JPEG, at most 20 MB."
        ),
    )


class DeliverForm(WithPapers):
    """A version of the deliverable."""

    paper = UploadField(
        _("Deliverable"),
        [UploadRequired(_("Attach at least one file."))],
        description=ACCEPTED,
    )
    second = further(_("Second file"))
    third = further(_("Third file"))
    words = TextAreaField(
        _("What the client should know"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
    )


class PaymentForm(Form):
    """A payment out of the department's budget."""

    amount = MoneyField(
        _("Amount to pay"),
        [InputRequired(_("Enter the amount to pay."))],
        description=_("In yuan. Payments together never exceed the contract."),
    )
    final = BooleanField(
        _("This is the last payment: what is left goes back to the budget line"),
    )
    words = TextAreaField(_("Remark"), [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)])


class MoveForm(Form):
    """Another institution for the same item."""

    listing = SelectField(
        _("Institution that goes on"), [InputRequired(_("Choose an institution."))], choices=[]
    )
    limit_days = NumberField(_("Shorter limit in days"), [Optional()])
    reason = TextAreaField(
        _("Why you move to another institution"),
        [
            DataRequired(_("Write the reasons in a sentence or more.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("The present institution reads it."),
    )
    words = TextAreaField(
        _("Message to the new institution"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
    )


__all__ = [
    "ActForm",
    "ContractForm",
    "DeliverForm",
    "MoveForm",
    "PauseForm",
    "PaymentForm",
    "ReasonForm",
    "WordsForm",
]
