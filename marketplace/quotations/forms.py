"""Forms of quotation rounds: the question, the answer, and the acts between them."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.engagements.forms import ACCEPTED, WithPapers, further
from marketplace.engagements.wording import REFUSALS as ENGAGEMENT_REFUSALS
from marketplace.projects.forms import need_field
from marketplace.quotations.wording import REFUSALS
from marketplace.web.fields import DateField, MoneyField, NumberField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField

MAX_WORDS = 2000
MAX_QUESTION = 1000
_TOO_LONG = _("Please use at most %(max)d characters.")


class AskForm(WithPapers):
    """What is asked of those chosen, and by when."""

    variant = RadioField(
        _("Class of the item"),
        [InputRequired(ENGAGEMENT_REFUSALS["engagement.variant_needed"])],
    )
    listings = SelectMultipleField(
        _("Institutions to ask"), [InputRequired(REFUSALS["quoting.nobody_asked"])]
    )
    words = TextAreaField(
        _("What you need"),
        [
            DataRequired(_("Say what the work is about, so that it can be priced.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("Every institution that is asked reads the same words."),
    )
    answer_by = DateField(
        _("Answer by"),
        [InputRequired(_("Enter the day by which you want the answers."))],
        description=_("For example 2026-12-04. The round closes at the end of that day."),
    )
    paper = UploadField(_("Attachment"), [Optional()], description=ACCEPTED)
    second = further(_("Another attachment"))
    need_confirmed = need_field()

    def offer(self, variants: Sequence[SelectChoice], listings: Sequence[SelectChoice]) -> None:
        """Set what can be chosen; an item without classes asks for none."""
        self.listings.choices = list(listings)
        if variants:
            self.variant.choices = list(variants)
        else:
            del self.variant


class AnswerForm(WithPapers):
    """An institution's quotation."""

    price = MoneyField(
        _("Price (yuan)"),
        [InputRequired(REFUSALS["quoting.price_needed"])],
        description=_("The whole price for this work, for example 80,000 or 8万."),
    )
    days = NumberField(_("Days"), [InputRequired(REFUSALS["quoting.days_needed"])])
    words = TextAreaField(
        _("What the price includes"), [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)]
    )
    conditions = TextAreaField(
        _("Conditions"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("On which price and days depend, for example access to the site by a day."),
    )
    paper = UploadField(_("Quotation as a file"), [Optional()], description=ACCEPTED)


class QuestionForm(Form):
    """What an institution wants to know before it quotes."""

    body = TextAreaField(
        _("Your question"),
        [DataRequired(_("Write your question.")), Length(max=MAX_QUESTION, message=_TOO_LONG)],
        description=_(
            "The enterprise and every institution that was asked read it and the answer; the "
            "institutions do not learn who asked. Do not write names or prices."
        ),
    )


class ExplainForm(Form):
    """The client's answer, for everybody asked."""

    answer = TextAreaField(
        _("Answer"),
        [DataRequired(_("Write the answer.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("Every institution that was asked reads it."),
    )


class DeclineForm(Form):
    """Why an institution does not quote."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("The enterprise reads it."),
    )


class WithdrawRoundForm(Form):
    """Why the question is given up."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("Every institution that was asked reads it."),
    )


class PickForm(Form):
    """Why this one, and words that go with the pick."""

    reason = TextAreaField(
        _("Why you pick it"),
        [DataRequired(_("Say why you pick it.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_(
            "The others who quoted read it. Do not write another institution's name or price."
        ),
    )
    words = TextAreaField(
        _("Words to the institution"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("For example when the materials will be ready."),
    )
    need_confirmed = need_field()
