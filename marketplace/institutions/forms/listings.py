"""Forms of listings: choose an item, promise days and price, pause."""

from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField

from marketplace.catalogue.queries import ItemRow
from marketplace.institutions.forms.shapes import (
    Parsed,
    answers,
    at_most,
    chosen,
    optional,
    required,
)
from marketplace.institutions.queries import TermsRow
from marketplace.institutions.rules import PriceBasis
from marketplace.institutions.services import Terms
from marketplace.institutions.words import LABEL_WORDS
from marketplace.web.fields import MoneyField, NumberField, PercentField
from marketplace.web.forms import Form


class ItemForm(Form):
    """Which item the institution wants to offer."""

    item = RadioField(_("Item"), [chosen(_("Choose an item."))])

    @classmethod
    def among(cls, items: tuple[ItemRow, ...], lang: str, chosen: str) -> Self:
        """The form with the items that can be applied for, one of them chosen already."""
        form = cls(data={"item": chosen})
        form.item.choices = answers(
            (item.code, item.name_en if lang == "en" else item.name) for item in items
        )
        return form


class TermsForm(Form):
    """What is promised for an item."""

    promised_days = NumberField(_("Promised days"), [Parsed(_("Enter the promised days."))])
    price_basis = RadioField(
        _("Price basis"),
        [chosen(_("Choose by what you charge."))],
        choices=answers((str(basis), LABEL_WORDS[f"price_basis.{basis}"]) for basis in PriceBasis),
    )
    amount = MoneyField(
        _("Amount"),
        [optional()],
        description=_("For a fixed price or a price per unit. For example 3万 or 12.50."),
    )
    unit = StringField(
        _("Unit"),
        [optional(), at_most(20)],
        description=_("For a price per unit, for example square metre."),
    )
    rate = PercentField(
        _("Percentage of the investment"),
        [optional()],
        description=_("For a percentage, for example 0.3."),
    )
    price_note = TextAreaField(
        _("Explanation of the price"),
        [optional(), at_most(500)],
        description=_("What is included, what may be added, how a quotation is made."),
    )

    @classmethod
    def of(cls, row: TermsRow | None) -> Self:
        """Empty, or filled with what is promised now."""
        if row is None:
            return cls()
        return cls(
            data={
                "promised_days": row.promised_days,
                "price_basis": str(row.price_basis),
                "amount": row.amount_fen,
                "unit": row.unit,
                "rate": row.rate_basis_points,
                "price_note": row.price_note,
            }
        )

    def terms(self) -> Terms:
        """What was entered."""
        return Terms(
            promised_days=self.promised_days.parsed,
            price_basis=PriceBasis(self.price_basis.data),
            amount_fen=self.amount.parsed,
            unit=self.unit.data or "",
            rate_basis_points=self.rate.parsed,
            price_note=self.price_note.data or "",
        )


class PauseForm(Form):
    """Why the institution steps aside for a while."""

    reason = TextAreaField(
        _("Reason"),
        [required(_("Give the reason.")), at_most(300)],
        description=_("For the association; in public only the pause itself is shown."),
    )
