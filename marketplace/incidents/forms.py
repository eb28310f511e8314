"""What is written about an incident: what came up, since when, and what the other side says."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.engagements.forms import MAX_WORDS, WithPapers, further
from marketplace.engagements.wording import REFUSALS
from marketplace.incidents.rules import Kind
from marketplace.incidents.wording import LABELS
from marketplace.web.fields import DateField
from marketplace.web.uploads import UploadField, UploadRequired

_TOO_LONG = _("Please use at most %(max)d characters.")
_RECORD = _(
    "The other side and whoever handles a complaint read it. Leave out identity and bank numbers."
)


class NoteForm(WithPapers):
    """What came up, since when, with evidence."""

    kind = RadioField(
        _("What came up?"),
        [InputRequired(_("Choose what came up."))],
        choices=[SelectChoice(str(one), LABELS[f"incident_kind.{one}"]) for one in Kind],
    )
    since_on = DateField(
        _("Since which day?"),
        [InputRequired(_("Enter the day since which it is so."))],
        description=_("Between the taking on and today. Example: 2026-11-23."),
    )
    words = TextAreaField(
        _("What happened?"),
        [
            DataRequired(_("Please say what happened.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_RECORD,
    )
    paper = UploadField(
        _("Evidence"),
        [UploadRequired(REFUSALS["engagement.evidence_needed"])],
        description=_(
            "A letter, a record or a photo that shows it. PDF, PNG or JPEG, at most 20 MB."
        ),
    )
    second = further(_("Second file"))


class AnswerForm(WithPapers):
    """What the other side says, with evidence where there is some."""

    words = TextAreaField(
        _("Your answer"),
        [
            DataRequired(_("Please write your answer.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_RECORD,
    )
    paper = further(_("Evidence"))
    second = further(_("Second file"))
