"""Forms of assessments, removals and plans."""

import re
from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from marketplace.assessments.rules import CORRECTABLE, ObjectionOutcome, RemovalOutcome, Veto
from marketplace.assessments.wording import LABELS, REFUSALS
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.wording import LABELS as MARKET_LABELS
from marketplace.kernel.characters import narrow
from marketplace.kernel.errors import Refused
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField

MAX_WORDS = 4000
_TOO_LONG = _("Please use at most %(max)d characters.")
_REASONS = _("Give the reasons.")
_LENGTH = Length(max=MAX_WORDS, message=_TOO_LONG)
# The causes that a person finds; the others are found by the platform.
_CHOSEN = (
    RemovalCause.EXPIRED_CERTIFICATE,
    RemovalCause.FORGERY,
    RemovalCause.COMPLAINTS,
    RemovalCause.BLACKLIST,
    RemovalCause.OTHER,
)
# Whoever opens a case over complaints need not have counted three of them.
_CAUSES = {RemovalCause.COMPLAINTS: LABELS["score_fact.upheld"]}


def _choices(prefix: str, values: Iterable[str]) -> list[SelectChoice]:
    """What may be chosen, in the words of the labels."""
    return [SelectChoice(str(value), LABELS[f"{prefix}.{value}"]) for value in values]


def read_points(text: str, code: str, field: str) -> Decimal:
    """A number of at most one decimal as people write it; refused beside the field otherwise."""
    plain = narrow(text)
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9])?", plain):
        raise Refused(code, field=field)
    return Decimal(plain)


class CycleForm(Form):
    """The year to assess."""

    year = IntegerField(
        _("Year"),
        [
            InputRequired(_("Enter the year.")),
            NumberRange(2018, 2100, _("Enter a year from 2018 on.")),
        ],
    )


class InspectionForm(Form):
    """What the association saw at the institution."""

    points = StringField(
        _("Points of the inspection, 0 to 10"),
        [Optional(), Length(max=6, message=_TOO_LONG)],
        description=_("One decimal. Leave it empty where nobody inspected: the part is left out."),
    )
    words = TextAreaField(
        _("What was seen"), [_LENGTH], description=_("Needed where points are given.")
    )
    veto = SelectField(
        _("Veto fact"),
        [Optional()],
        choices=[SelectChoice("", _("none")), *_choices("veto", Veto)],
        description=_("Gives grade D by itself, however little work there was."),
    )
    veto_reason = TextAreaField(
        _("Reasons of the veto"), [_LENGTH], description=_("Needed where there is a veto fact.")
    )


class ObjectionForm(Form):
    """What the institution holds against its preliminary grade."""

    body = TextAreaField(
        _("What is wrong with the facts or the score?"),
        [DataRequired(_("Say what is wrong.")), _LENGTH],
        description=_("Name the fact and on what you base this."),
    )


class DecideObjectionForm(Form):
    """The answer to an objection, with the fact it corrects."""

    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose what you decide."))],
        choices=[
            SelectChoice(str(ObjectionOutcome.UPHELD), _("Upheld: correct a fact")),
            SelectChoice(str(ObjectionOutcome.DISMISSED), _("Dismissed: the score stays")),
        ],
    )
    fact = SelectField(
        _("Fact to correct"),
        [Optional()],
        choices=[SelectChoice("", _("none")), *_choices("score_fact", CORRECTABLE)],
    )
    value = StringField(_("Correct value"), [Optional(), Length(max=8, message=_TOO_LONG)])
    reason = TextAreaField(_("Reasons"), [DataRequired(_REASONS), _LENGTH])


class OpenRemovalForm(Form):
    """Why a listing may have to be removed."""

    cause = SelectField(
        _("Cause"),
        [InputRequired(_("Choose the cause."))],
        choices=[
            SelectChoice(str(cause), _CAUSES.get(cause, MARKET_LABELS[f"removal_cause.{cause}"]))
            for cause in _CHOSEN
        ],
    )
    facts = TextAreaField(
        _("Facts and what they rest on"), [DataRequired(_("State the facts.")), _LENGTH]
    )
    evidence = UploadField(_("Evidence"), [Optional()])


class ReasonForm(Form):
    """An act that needs its reasons."""

    reason = TextAreaField(_("Reasons"), [DataRequired(_REASONS), _LENGTH])


class ProposeForm(ReasonForm):
    """What is proposed in a removal case."""

    outcome = RadioField(
        _("Proposal"),
        [InputRequired(REFUSALS["removal.outcome_needed"])],
        choices=_choices("removal_proposal", RemovalOutcome),
    )


class DecideForm(ReasonForm):
    """The decision: as proposed, with reasons."""

    outcome = HiddenField()


class ReplyForm(Form):
    """What the institution says in a removal case."""

    body = TextAreaField(_("Your reply"), [DataRequired(_("Please write your reply.")), _LENGTH])
    evidence = UploadField(_("Evidence"), [Optional()])


class StepForm(Form):
    """What was done about a point of the checklist."""

    words = TextAreaField(_("What was done"), [DataRequired(_("Say what was done.")), _LENGTH])
    evidence = UploadField(_("Evidence"), [Optional()])
