"""Forms with which an enterprise picks an institution, and keeps or moves removed work."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.wording import limit_text
from marketplace.engagements.forms.acts import MAX_WORDS
from marketplace.engagements.rules.moving import Way
from marketplace.engagements.wording import LABELS
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.wording import terms_text
from marketplace.kernel.workdays import Limit
from marketplace.web.context import language
from marketplace.web.fields import NumberField
from marketplace.web.forms import Form

_TOO_LONG = _("Please use at most %(max)d characters.")
_CHOOSE = _("Choose the institution that takes over.")
_WHY = _("Say why the work moves.")


class RequestForm(Form):
    """Project, institution, class of the item, limit and words to the institution."""

    project = SelectField(_("Project"), [InputRequired(_("Choose the project."))], choices=[])
    listing = SelectField(
        _("Institution"), [InputRequired(_("Choose an institution."))], choices=[]
    )
    variant = RadioField(
        _("Class of the item"),
        [InputRequired(_("Choose the class of the item: the limit depends on it."))],
        choices=[],
    )
    limit_days = NumberField(
        _("Shorter limit in days"),
        [Optional()],
        description=_("Empty for the limit of the item; a shorter one must be agreed."),
    )
    words = TextAreaField(
        _("Message to the institution"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("What it should know before it answers."),
    )

    def offer(
        self,
        projects: Iterable[tuple[str, str]],
        listings: Iterable[tuple[str, str]],
        variants: Iterable[tuple[str, str]],
    ) -> None:
        """Give the choices; an item without classes does not ask for one."""
        self.project.choices = [SelectChoice(key, text) for key, text in projects]
        self.listing.choices = [SelectChoice(key, text) for key, text in listings]
        self.variant.choices = [SelectChoice(key, text) for key, text in variants]
        if not self.variant.choices:
            del self.variant


class ChoiceForm(Form):
    """How work goes on after its institution was removed."""

    way = RadioField(
        _("How does this work go on?"), [InputRequired(_("Choose one of the two ways."))]
    )
    listing = SelectField(
        _("Institution that takes over"),
        [Optional()],
        description=_("Admitted institutions for this item; those of the project's region first."),
        validate_choice=False,
    )
    reason = TextAreaField(
        _("Reason"),
        [Optional(), Length(max=1000, message=_TOO_LONG)],
        description=_("Needed when the work moves; both institutions read it."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Moving needs somewhere to go and a reason; each is said beside its own field."""
        valid = super().validate(extra_validators)
        if self.way.data != Way.MOVE or "listing" not in self:
            return valid
        for field, words in ((self.listing, _CHOOSE), (self.reason, _WHY)):
            if not field.data:
                field.errors = [*field.errors, str(words)]
                valid = False
        return valid

    def offer(self, ways: Sequence[Way], listings: Sequence[SelectChoice]) -> None:
        """Set what can be chosen; where the work cannot move, it can only be kept here."""
        self.way.choices = [SelectChoice(one.value, LABELS[f"way.{one}"]) for one in ways]
        if Way.MOVE in ways:
            self.listing.choices = [SelectChoice("", _("Choose an institution")), *listings]
        else:
            del self.listing


def listing_choices(
    session: Session, rows: Iterable[ListingRow], item: ItemRow
) -> list[SelectChoice]:
    """Institutions by name, with place, promise and price."""
    tree, found = catalogue.regions(session), list(rows)
    said = {
        one.listing_id: one
        for one in institutions.listing_documents(session, [row.id for row in found])
    }
    choices = []
    for row in found:
        facts = [row.name, tree.path(row.region_code, language())]
        terms = said.get(row.id)
        if terms is not None and terms.promised_days is not None:
            facts.append(limit_text(Limit(terms.promised_days, item.limit.unit)))
            facts.append(terms_text(terms))
        choices.append(SelectChoice(row.public_id, " · ".join(facts)))
    return choices
