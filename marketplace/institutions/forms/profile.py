"""Forms of the profile: what the licence says, how to reach us, owners and ties."""

from collections.abc import Iterable
from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.institutions.facts import CONTACT, LICENCE
from marketplace.institutions.queries.rows import AffiliationRow
from marketplace.institutions.rules.dossier import HolderKind, TieKind
from marketplace.institutions.services.describing import Owner
from marketplace.institutions.wording import LABELS
from marketplace.web.fields import PercentField
from marketplace.web.forms import Form
from marketplace.web.stating import form_of


def answers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The answers of a choice: stored value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


def required(message: Any) -> DataRequired:
    """The field needs a text."""
    return DataRequired(message)


def chosen(message: Any) -> InputRequired:
    """One of the answers must be chosen."""
    return InputRequired(message)


def at_most(count: int) -> Length:
    """A text of at most so many characters."""
    return Length(max=count, message=_("Write at most %(max)d characters."))


def optional() -> Optional:
    """The field may stay empty."""
    return Optional()


def _words(prefix: str, kinds: Any) -> list[SelectChoice]:
    return answers((str(kind), LABELS[f"{prefix}.{kind}"]) for kind in kinds)


LicenceForm = form_of(LICENCE)
ContactForm = form_of(CONTACT)


class OwnerForm(Form):
    """An owner: an organisation with its credit code or a person with an identity number."""

    holder = RadioField(
        _("Who is the owner?"),
        [chosen(_("Choose what the owner is."))],
        choices=_words("holder", HolderKind),
    )
    name = StringField(_("Name"), [required(_("Enter the name of the owner.")), at_most(200)])
    credit = StringField(
        _("Unified social credit code"),
        [optional(), at_most(30)],
        description=_("For an organisation: 18 characters."),
    )
    id_number = StringField(
        _("Identity number"),
        [optional(), at_most(30)],
        description=_(
            "For a natural person: 18 characters, kept encrypted; only the last four are shown."
        ),
    )
    share = PercentField(
        _("Share in percent"),
        [optional()],
        description=_("Leave it empty for a sponsor without a share."),
    )

    @classmethod
    def of(cls, row: AffiliationRow | None) -> Self:
        """Empty, or filled with an owner; a kept identity number is never written back."""
        if row is None:
            return cls()
        form = cls(
            data={
                "holder": str(row.holder),
                "name": row.name,
                "credit": row.credit_code,
                "share": row.share_basis_points,
            }
        )
        form.kept_number = row.id_number_masked
        return form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.kept_number = ""
        super().__init__(*args, **kwargs)

    def owner(self) -> Owner:
        """What was entered."""
        typed = (self.id_number.data or "").replace(" ", "")
        return Owner(
            holder=HolderKind(self.holder.data),
            name=self.name.data,
            credit_code=self.credit.data or "",
            id_number=typed or None,
            share_basis_points=self.share.parsed,
        )


class TiesForm(Form):
    """The question whether the institution is tied to an approval department."""

    has_ties = RadioField(
        _("Is the institution tied to an approval department or one of its bodies?"),
        [chosen(_("Answer with yes or no."))],
        choices=answers([("yes", _("Yes")), ("no", _("No"))]),
        description=_(
            "For instance subordinate to it, separated from it, funded by it, or sharing its "
            "staff or premises. Ties do not exclude you, but they must be known."
        ),
    )


class TieForm(Form):
    """A tie to one department or body."""

    name = StringField(_("Department or body"), [required(_("Enter its full name.")), at_most(200)])
    tie = RadioField(
        _("What ties you to it?"),
        [chosen(_("Choose the kind of tie."))],
        choices=_words("tie", TieKind),
    )
    note = TextAreaField(
        _("Explanation"),
        [optional(), at_most(300)],
        description=_("Since when, and whatever else helps to understand it."),
    )
