"""Forms of the profile: what the licence says, how to reach us, owners and ties."""

from collections.abc import Iterable
from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from marketplace.catalogue.forms import region_choices
from marketplace.institutions.queries.rows import AffiliationRow, FactsRow
from marketplace.institutions.rules.dossier import HolderKind, InstitutionType, TieKind
from marketplace.institutions.services.describing import BasicFacts, ContactFacts, Owner
from marketplace.institutions.wording import LABELS
from marketplace.web.fields import DateField, MoneyField, PercentField
from marketplace.web.forms import Form


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


class Parsed:
    """A date, amount or number field needs a value that could be read."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop when nothing was entered."""
        if field.parsed is None:
            raise StopValidation(str(self.message))


def optional() -> Optional:
    """The field may stay empty."""
    return Optional()


def _words(prefix: str, kinds: Any) -> list[SelectChoice]:
    return answers((str(kind), LABELS[f"{prefix}.{kind}"]) for kind in kinds)


class BasicForm(Form):
    """What the business licence says beside name and credit code."""

    type = RadioField(
        _("Legal form"),
        [chosen(_("Choose the legal form."))],
        choices=_words("institution_type", InstitutionType),
    )
    region = SelectField(
        _("Region"),
        [required(_("Choose the region."))],
        choices=region_choices,
        description=_("Where the institution is registered."),
    )
    address = StringField(
        _("Address"),
        [required(_("Enter the address.")), at_most(200)],
        description=_("The business address, shown in public. Not a home address."),
    )
    legal_representative = StringField(
        _("Legal representative"), [required(_("Enter the name.")), at_most(60)]
    )
    established = DateField(
        _("Day of establishment"), [Parsed(_("Enter the day of establishment."))]
    )
    capital = MoneyField(
        _("Registered capital"),
        [Parsed(_("Enter the registered capital, 0 where there is none."))],
        description=_("For example 500万 or 5,000,000."),
    )

    @classmethod
    def of(cls, facts: FactsRow | None) -> Self:
        """The form filled with what is stated now."""
        stated: dict[str, Any] = {}
        if facts is not None:
            stated = {
                "type": str(facts.type or ""),
                "region": facts.region_code,
                "address": facts.address,
                "legal_representative": facts.legal_representative,
                "established": facts.established,
                "capital": facts.capital_fen,
            }
        return cls(data=stated)

    def facts(self) -> BasicFacts:
        """What was entered."""
        return BasicFacts(
            type=InstitutionType(self.type.data),
            region_code=self.region.data,
            address=self.address.data,
            legal_representative=self.legal_representative.data,
            established=self.established.parsed,
            capital_fen=self.capital.parsed,
        )


class ContactForm(Form):
    """How the institution is reached, and what it says of itself."""

    contact_name = StringField(
        _("Contact person"),
        [required(_("Enter the name.")), at_most(60)],
        description=_("For the association only, not shown in public."),
    )
    contact_mobile = StringField(
        _("Mobile of the contact person"),
        [required(_("Enter the mobile number.")), at_most(20)],
        description=_("For the association only, kept encrypted."),
    )
    office_phone = StringField(
        _("Office telephone"),
        [required(_("Enter the office telephone.")), at_most(30)],
        description=_("Shown in public: a landline such as 0431-80000000."),
    )
    profile = TextAreaField(
        _("Description"),
        [required(_("Describe what the institution does.")), at_most(1000)],
        description=_(
            "What you do, with how many people, since when. Shown in public and searched."
        ),
    )

    @classmethod
    def of(cls, facts: FactsRow | None) -> Self:
        """The form filled with what is stated now."""
        names = ("contact_name", "contact_mobile", "office_phone", "profile")
        return cls(data={name: getattr(facts, name, "") for name in names})

    def facts(self) -> ContactFacts:
        """What was entered."""
        return ContactFacts(
            contact_name=self.contact_name.data,
            contact_mobile=self.contact_mobile.data.replace(" ", "").replace("-", ""),
            office_phone=self.office_phone.data,
            profile=self.profile.data,
        )


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
