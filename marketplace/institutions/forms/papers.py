"""Forms of papers, people and listings: certificates, practitioners, promises, price."""

from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue.queries import ItemRow, KindRow
from marketplace.institutions.forms.profile import (
    answers,
    at_most,
    chosen,
    optional,
    required,
)
from marketplace.institutions.queries.rows import PractitionerRow, QualificationRow, TermsRow
from marketplace.institutions.rules.dossier import PriceBasis
from marketplace.institutions.services.offering import Terms
from marketplace.institutions.services.papers import Certificate
from marketplace.institutions.services.people import Person
from marketplace.institutions.wording import LABELS
from marketplace.web.fields import DateField, MoneyField, NumberField, Parsed, PercentField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField, UploadRequired

_SCAN_LATER = _(
    "PDF, PNG or JPEG, at most 20 MB. You may add it later; it is needed before you submit."
)


class KindForm(Form):
    """Which kind of certificate is to be entered."""

    kind = RadioField(_("Kind of certificate"), [chosen(_("Choose the kind of certificate."))])

    @classmethod
    def among(cls, kinds: tuple[KindRow, ...], lang: str) -> Self:
        """The form with the kinds of the catalogue."""
        form = cls()
        form.kind.choices = answers((kind.code, kind.called(lang)) for kind in kinds)
        return form


_STATED = ("level", "specialty", "certificate_number", "issuer", "valid_from", "valid_to")


class CertificateForm(Form):
    """One certificate of a chosen kind."""

    level = SelectField(_("Level"), [required(_("Choose the level."))])
    specialty = SelectField(_("Specialty"), [required(_("Choose the specialty."))])
    certificate_number = StringField(
        _("Certificate number"), [required(_("Enter the certificate number.")), at_most(60)]
    )
    issuer = StringField(
        _("Issued by"), [required(_("Enter who issued the certificate.")), at_most(120)]
    )
    valid_from = DateField(_("Valid from"), [Parsed(_("Enter the first day."))])
    valid_to = DateField(
        _("Valid until"),
        [optional()],
        description=_("The last day, for example 2028-05-31. Empty where it has no end."),
    )
    scan = UploadField(_("Scan of the certificate"), description=_SCAN_LATER)

    @classmethod
    def of(cls, kind: KindRow, row: QualificationRow | None, lang: str) -> Self:
        """Empty, or filled with a certificate."""
        return cls._offering(kind, {name: getattr(row, name) for name in _STATED if row}, lang)

    @classmethod
    def _offering(cls, kind: KindRow, stated: dict[str, Any], lang: str) -> Self:
        """With the levels and specialties the kind has; without the fields where it has none."""
        form = cls(data=stated)
        form.kind = kind
        form.level.choices = _terms([(t.name, kind.level_name(t.name, lang)) for t in kind.levels])
        form.specialty.choices = _terms(
            [(t.name, kind.specialty_name(t.name, lang)) for t in kind.specialties]
        )
        if not kind.levels:
            del form.level
        if not kind.specialties:
            del form.specialty
        return form

    @classmethod
    def renewing(cls, kind: KindRow, old: QualificationRow, lang: str) -> Self:
        """Filled with what a renewal usually keeps; dates and scan are new."""
        kept = {name: getattr(old, name) for name in _STATED if not name.startswith("valid")}
        return cls._offering(kind, kept, lang)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.kind: KindRow | None = None
        super().__init__(*args, **kwargs)

    def certificate(self) -> Certificate:
        """What was entered."""
        return Certificate(
            kind=self.kind.code if self.kind else "",
            level=self.level.data if "level" in self else "",
            specialty=self.specialty.data if "specialty" in self else "",
            certificate_number=self.certificate_number.data,
            issuer=self.issuer.data,
            valid_from=self.valid_from.parsed,
            valid_to=self.valid_to.parsed,
        )


def _terms(terms: list[tuple[str, str]]) -> list[SelectChoice]:
    return answers([("", _("Choose")), *terms])


class PersonForm(Form):
    """A practitioner."""

    name = StringField(_("Full name"), [required(_("Enter the name.")), at_most(60)])
    id_number = StringField(
        _("Identity number"),
        [at_most(30)],
        description=_("18 characters, kept encrypted; only the last four are shown."),
    )
    title = StringField(
        _("Professional title"), [optional(), at_most(60)], description=_("For example engineer.")
    )
    certificate_kind = StringField(
        _("Practising certificate"),
        [optional(), at_most(60)],
        description=_("For example registered consulting engineer."),
    )
    certificate_number = StringField(_("Number of the certificate"), [optional(), at_most(60)])
    certificate_valid_to = DateField(_("Certificate valid until"), [optional()])
    scan = UploadField(
        _("Scan of the practising certificate or title"),
        description=_(
            "Kept encrypted. PDF, PNG or JPEG, at most 20 MB. You may add it later; it is needed "
            "before you submit."
        ),
    )

    @classmethod
    def of(cls, row: PractitionerRow | None) -> Self:
        """Empty, or filled with a person; the identity number is never written back."""
        names = (
            "name",
            "title",
            "certificate_kind",
            "certificate_number",
            "certificate_valid_to",
        )
        form = cls(data={name: getattr(row, name) for name in names} if row else None)
        form.kept_number = row.id_number_masked if row else ""
        return form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.kept_number = ""
        super().__init__(*args, **kwargs)

    def person(self) -> Person:
        """What was entered; an empty identity number keeps the one there is."""
        typed = (self.id_number.data or "").replace(" ", "")
        return Person(
            name=self.name.data,
            id_number=typed or (None if self.kept_number else ""),
            title=self.title.data or "",
            certificate_kind=self.certificate_kind.data or "",
            certificate_number=self.certificate_number.data or "",
            certificate_valid_to=self.certificate_valid_to.parsed,
        )


class UndertakingForm(Form):
    """The signature under the undertaking."""

    agreed = BooleanField(
        _("I have read the undertaking and sign it on behalf of the institution."),
        [required(_("Tick the box to sign."))],
    )
    signed_name = StringField(
        _("Your name"), [required(_("Enter your name to sign.")), at_most(60)]
    )


class LetterForm(Form):
    """The letter that authorises the agent."""

    scan = UploadField(
        _("Letter of authorisation"),
        [UploadRequired(_("Choose the scan of the letter."))],
        description=_(
            "With the seal of the institution and your name. PDF, PNG or JPEG, at most 20 MB."
        ),
    )


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
        choices=answers((str(basis), LABELS[f"price_basis.{basis}"]) for basis in PriceBasis),
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
