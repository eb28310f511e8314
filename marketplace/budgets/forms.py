"""Forms of budgets: a line, its appropriation, a payment and its decision."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.budgets.wording import LABELS
from marketplace.web.fields import MoneyField
from marketplace.web.forms import Form

MAX_NAME = 100
MAX_WORDS = 1000
ANY_ITEM = "any"

_TOO_LONG = _("Please use at most %(max)d characters.")
_AMOUNT = _("For example 1200, 1,200.50 or 30万.")


class LineForm(Form):
    """A new line of a fiscal year."""

    fiscal_year = SelectField(
        _("Fiscal year"), [InputRequired(_("Choose the fiscal year."))], choices=[]
    )
    name = StringField(
        _("Name of the line"),
        [
            DataRequired(_("Enter a name, as it stands in your budget.")),
            Length(max=MAX_NAME, message=_TOO_LONG),
        ],
        description=_("As in your budget; unique within the fiscal year."),
    )
    item = SelectField(_("Kept for"), [InputRequired(_("Choose an item or any."))], choices=[])
    appropriation = MoneyField(
        LABELS["entry_kind.adjust"],
        [DataRequired(_("Enter the appropriation."))],
        description=_AMOUNT,
    )

    def offer(self, years: Iterable[int], items: Iterable[tuple[str, str]]) -> None:
        """Which years and items can be chosen."""
        self.fiscal_year.choices = [SelectChoice(str(year), str(year)) for year in years]
        self.item.choices = [
            SelectChoice(ANY_ITEM, str(_("Any listed item"))),
            *(SelectChoice(code, name) for code, name in items),
        ]


class AdjustForm(Form):
    """Another appropriation, with the reason."""

    appropriation = MoneyField(
        _("Appropriation from now on"),
        [DataRequired(_("Enter the appropriation."))],
        description=_AMOUNT,
    )
    reason = TextAreaField(
        _("Reason"),
        [
            DataRequired(_("Say why the appropriation changes.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("For example the number of the document that adds or cuts the money."),
    )


class ProposeForm(Form):
    """A payment out of a contract."""

    amount = MoneyField(
        _("Amount to pay"), [DataRequired(_("Enter the amount."))], description=_AMOUNT
    )
    note = TextAreaField(
        _("What is paid for"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("For example the number of the invoice. The approver reads it."),
    )
    final = BooleanField(
        _("Last payment: what is left of the contract returns to the line"), [Optional()]
    )


class RefuseForm(Form):
    """Why a payment is refused."""

    reason = TextAreaField(
        _("Reason of the refusal"),
        [
            DataRequired(_("Say why the payment is refused.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("Whoever proposed the payment reads it."),
    )
