"""Forms of engagements: the acts with their papers, the pick, keep or move."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.capacity import queries as capacity
from marketplace.capacity.wording import free_text
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.engagements.rules import Way
from marketplace.engagements.services.working import Paper
from marketplace.engagements.wording import LABELS, REFUSALS
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.wording import terms_text
from marketplace.kernel.workdays import Limit, LimitUnit
from marketplace.projects.forms import need_field
from marketplace.web.context import language
from marketplace.web.fields import CheckboxesField, NumberField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField, UploadRequired

MAX_WORDS = 2000
ACCEPTED = _("PDF, PNG or JPEG, at most 20 MB.")
_TOO_LONG = _("Please use at most %(max)d characters.")
_CHOOSE = _("Choose the institution that takes over.")
_WHY = _("Say why the work moves.")


def further(number: LazyString) -> UploadField:
    """A field for a paper more."""
    return UploadField(number, [Optional()], description=ACCEPTED)


class WithPapers(Form):
    """A form whose fields `paper`, `second` and `third` hold the papers of the act."""

    def papers(self) -> list[Paper]:
        """What was attached, in the order of the fields."""
        fields = [self._fields.get(name) for name in ("paper", "second", "third")]
        uploads = [field.upload for field in fields if isinstance(field, UploadField)]
        return [Paper(one.name, one.data) for one in uploads if one is not None]


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


class NamesForm(Form):
    """Who does the work, as far as the institution says so already."""

    practitioners = CheckboxesField(
        _("Who does the work"),
        description=_(
            "You may say it now or later. The client sees their names, and whether they are named "
            "elsewhere as well."
        ),
    )


class StartForm(Form):
    """What the client has handed over, of what the contract says."""

    handed_over = CheckboxesField(
        _("Handed over"), description=_("Tick what the institution has received.")
    )


class ReturnForm(Form):
    """Which points of the contract a version does not meet, and why."""

    points = CheckboxesField(
        _("Points that are not met"), description=_("As the contract says them.")
    )
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
        [UploadRequired(REFUSALS["engagement.evidence_needed"])],
        description=_(
            "A letter, a record or a photo that shows it. PDF, PNG or JPEG, at most 20 MB."
        ),
    )


class DeliverForm(WithPapers):
    """A version of the deliverable."""

    paper = UploadField(
        _("Deliverable"),
        [UploadRequired(REFUSALS["engagement.deliverable_needed"])],
        description=ACCEPTED,
    )
    second = further(_("Second file"))
    third = further(_("Third file"))
    words = TextAreaField(
        _("What the client should know"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
    )


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
    need_confirmed = need_field()


class RequestForm(Form):
    """Project, class of the item, limit and words to the institution that was chosen."""

    project = SelectField(_("Project"), [InputRequired(_("Choose the project."))], choices=[])
    variant = RadioField(
        _("Class of the item"),
        [InputRequired(REFUSALS["engagement.variant_needed"])],
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
    need_confirmed = need_field()

    def offer(
        self,
        projects: Iterable[tuple[str, str]] | None,
        variants: Iterable[tuple[str, str]],
    ) -> None:
        """Give the choices; neither a project that is known is asked for, nor a class of none."""
        if projects is None:
            del self.project
        else:
            self.project.choices = [SelectChoice(key, text) for key, text in projects]
        self.variant.choices = [SelectChoice(key, text) for key, text in variants]
        if not self.variant.choices:
            del self.variant

    def agree_on_days(self) -> None:
        """Ask for the days themselves, where the item has no limit of its own."""
        self.limit_days.label.text = _("Days agreed")
        self.limit_days.description = _(
            "This service has no limit of its own: the days that you agree on with the institution "
            "are the limit of the contract."
        )


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
        [Length(max=1000, message=_TOO_LONG)],
        description=_("Needed when the work moves. The present institution reads it."),
    )
    need_confirmed = need_field()

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
    session: Session, rows: Iterable[ListingRow], unit: LimitUnit
) -> list[SelectChoice]:
    """Institutions by name, with place, promise and price."""
    tree, found = catalogue.regions(session), list(rows)
    said = {
        one.listing_id: one
        for one in institutions.admitted_offers(session, [row.id for row in found])
    }
    places, choices = capacity.capacities(session, [row.id for row in found]), []
    for row in found:
        facts = [row.name, tree.path(row.region_code, language())]
        terms = said.get(row.id)
        if terms is not None and terms.promised_days is not None:
            facts.append(limit_text(Limit(terms.promised_days, unit)))
            facts.append(terms_text(terms))
        if places[row.id].places is not None:
            facts.append(free_text(places[row.id]))
        choices.append(SelectChoice(row.public_id, " · ".join(facts)))
    return choices
