"""What institutions enter: their facts as the tables ask for them, and what is signed or chosen."""

from collections.abc import Iterable
from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.catalogue.forms import kind_choices
from marketplace.catalogue.queries import ItemRow, KindRow
from marketplace.infra.facts import Day
from marketplace.institutions import facts
from marketplace.institutions.queries import QualificationRow
from marketplace.institutions.wording import LABELS, REFUSALS
from marketplace.web.forms import Form
from marketplace.web.stating import filled, form_of
from marketplace.web.uploads import UploadField, UploadRequired
from marketplace.web.words import local_name, with_note

LicenceForm = form_of(facts.LICENCE)
ContactForm = form_of(facts.CONTACT)
OwnerForm = form_of(facts.OWNER)
TieForm = form_of(facts.TIE)
TermsForm = form_of(facts.PROMISE)
CertificateForm = form_of(
    facts.ON_CERTIFICATE,
    scan=UploadField(
        _("Scan of the certificate"),
        description=_(
            "PDF, PNG or JPEG, at most 20 MB. You may add it later; it is needed before you submit."
        ),
    ),
)
PersonForm = form_of(
    facts.PERSON,
    scan=UploadField(
        _("Scan of the practising certificate or title"),
        description=_(
            "Kept encrypted. PDF, PNG or JPEG, at most 20 MB. You may add it later; it is needed "
            "before you submit."
        ),
    ),
)
# Of a certificate that is renewed: all but its days.
_KEPT = tuple(fact for fact in facts.ON_CERTIFICATE if not isinstance(fact.field, Day))


def certificate_form(
    kind: KindRow, row: QualificationRow | None, lang: str, *, renewing: bool = False
) -> Form:
    """Empty, filled with a certificate, or with what a renewal usually keeps of one.

    It offers the levels and specialties that the kind has, and asks for neither where it has none.
    """
    form = filled(CertificateForm, _KEPT if renewing else facts.ON_CERTIFICATE, row)
    offered = {
        "level": [(term.name, kind.level_name(term.name, lang)) for term in kind.levels],
        "specialty": [
            (term.name, kind.specialty_name(term.name, lang)) for term in kind.specialties
        ],
    }
    for name, terms in offered.items():
        form[name].choices = _answers([("", _("Choose")), *terms])
        if not terms:
            del form[name]
    return form


def _answers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The answers of a choice: stored value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


class KindForm(Form):
    """Which kind of certificate is to be entered."""

    kind = RadioField(facts.KIND.label, [InputRequired(facts.KIND.needed)], choices=kind_choices)


class TiesForm(Form):
    """The question whether the institution is tied to an approval department."""

    has_ties = RadioField(
        _("Is the institution tied to an approval department or one of its bodies?"),
        [InputRequired(_("Answer with yes or no."))],
        choices=_answers([("yes", _("Yes")), ("no", _("No"))]),
        description=_(
            "For instance subordinate to it, separated from it, funded by it, or sharing its "
            "staff or premises. Ties do not exclude you, but they must be known."
        ),
    )


class UndertakingForm(Form):
    """The signature under the undertaking."""

    agreed = BooleanField(
        _("I have read the undertaking and sign it on behalf of the institution."),
        [DataRequired(_("Tick the box to sign."))],
    )
    signed_name = StringField(
        _("Your name"),
        [
            DataRequired(_("Enter your name to sign.")),
            Length(max=60, message=_("Write at most %(max)d characters.")),
        ],
    )


class LetterForm(Form):
    """The letter that authorises the agent."""

    scan = UploadField(
        LABELS["evidence.authorisation"],
        [UploadRequired(REFUSALS["authorisation.needs_file"])],
        description=_(
            "With the seal of the institution and your name. PDF, PNG or JPEG, at most 20 MB."
        ),
    )


_MARKET_SERVICE = _("market service")


class ItemForm(Form):
    """Which item the institution wants to offer."""

    item = RadioField(_("Item"), [InputRequired(_("Choose an item."))])

    @classmethod
    def among(cls, items: tuple[ItemRow, ...], services: tuple[ItemRow, ...], chosen: str) -> Self:
        """The form with what can be applied for, services behind the items, one chosen already."""
        form = cls(data={"item": chosen})
        form.item.choices = _answers(
            [
                *((item.code, local_name(item)) for item in items),
                *((one.code, with_note(local_name(one), _MARKET_SERVICE)) for one in services),
            ]
        )
        return form


class PauseForm(Form):
    """Why the institution steps aside for a while."""

    reason = TextAreaField(
        _("Reason"),
        [
            DataRequired(_("Give the reason.")),
            Length(max=300, message=_("Write at most %(max)d characters.")),
        ],
        description=_("For the association; in public only the pause itself is shown."),
    )
