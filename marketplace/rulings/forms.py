"""What is written about an overdue contract: a statement of a side, the reasons of a ruling."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from marketplace.engagements.forms import MAX_WORDS
from marketplace.web.forms import Form


def _words(title: LazyString, needed: LazyString, read_by: LazyString) -> TextAreaField:
    too_long = _("Please use at most %(max)d characters.")
    checks = [DataRequired(needed), Length(max=MAX_WORDS, message=too_long)]
    return TextAreaField(title, checks, description=read_by)


class StatementForm(Form):
    """What one side says; the field has the name under which texts are refused."""

    reason = _words(
        _("Statement"),
        _("Say in a sentence or more why there is no contract yet."),
        _("The supervising office and the other side read it."),
    )


class RulingForm(Form):
    """The reasons of a ruling."""

    reason = _words(
        _("Reasons"),
        _("Write the reasons in a sentence or more."),
        _("Everybody reads them on the public page of the competition."),
    )
