"""Forms of contracts: the terms, the confirmation, what should be different."""

from os import SEEK_END

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from marketplace.contracts.rules import Terms, parts_of
from marketplace.contracts.wording import REFUSALS
from marketplace.engagements.forms import ACCEPTED, WithPapers, further
from marketplace.infra.file_checks import DEFAULT_MEGABYTES, MEGABYTE
from marketplace.kernel.errors import Refused
from marketplace.web.fields import DateField, MoneyField, NumberField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField, UploadRequired
from marketplace.web.wording import refusal_text

MAX_WORDS = 4000
_TOO_LONG = _("Please use at most %(max)d characters.")
_LINES = [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)]


class TermsForm(WithPapers):
    """The terms that one side puts forward."""

    amount = MoneyField(
        _("Amount of the contract"),
        [InputRequired(REFUSALS["contract.amount_needed"])],
        description=_("In yuan, for example 80,000 or 8万."),
    )
    at_signing = MoneyField(
        _("Of it when both have confirmed"), [Optional()], description=_("Empty for nothing.")
    )
    at_delivery = MoneyField(
        _("Of it when the work is delivered"),
        [Optional()],
        description=_("Empty for nothing. The rest is paid when the work is accepted."),
    )
    pay_days = NumberField(
        _("To be paid within, working days"),
        [InputRequired(_("Enter how many working days the client has to pay."))],
    )
    limit_days = NumberField(
        _("Days for the work"), [InputRequired(_("Enter how many days the work may take."))]
    )
    scope = TextAreaField(
        _("What is to be done"),
        [
            DataRequired(_("Say what is to be done.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("It begins with what the item says; add what this project needs."),
    )
    papers_owed = TextAreaField(
        _("What the client hands over before the work begins"),
        _LINES,
        description=_("One document a line. It begins with what the item asks for; add your own."),
    )
    checks = TextAreaField(
        _("What the result is checked for"),
        _LINES,
        description=_(
            "One point a line, those of the item first. Whoever returns a result names points."
        ),
    )
    signed_on = DateField(
        _("Signed on"),
        [Optional()],
        description=_("Empty for the day on which the other side confirms. Example: 2026-11-23."),
    )
    note = TextAreaField(
        _("Why something differs from what was said before"),
        _LINES,
        description=_(
            "Needed where amount or days differ, or a line of the item is left out; the other side "
            "reads it."
        ),
    )
    paper = UploadField(_("Signed scan or annex"), [Optional()], description=ACCEPTED)
    second = further(_("Another annex"))

    def pay_at_acceptance_only(self) -> None:
        """A department pays when the work is accepted: there are no earlier parts to ask for."""
        del self.at_signing, self.at_delivery

    def terms(self) -> Terms:
        """What was entered."""
        amount = self.amount.parsed
        early = [self._fields.get(name) for name in ("at_signing", "at_delivery")]
        return Terms(
            amount_fen=amount,
            limit_days=self.limit_days.parsed,
            parts=parts_of(amount, *(getattr(one, "parsed", None) for one in early)),
            pay_days=self.pay_days.parsed,
            scope=self.scope.data or "",
            papers_owed=self.papers_owed.data or "",
            checks=self.checks.data or "",
            signed_on=self.signed_on.parsed,
            note=self.note.data or "",
        )


class ConfirmForm(Form):
    """The text that was shown, by its digest."""

    content_hash = HiddenField()


class ChangeForm(Form):
    """What should be different."""

    reason = TextAreaField(
        _("What should be different"),
        [
            DataRequired(_("Say what should be different.")),
            Length(max=MAX_WORDS, message=_TOO_LONG),
        ],
        description=_("The other side reads it and puts the text forward anew."),
    )


class CheckForm(Form):
    """A file whose holder asks whether it is the market's; it is compared, and not kept."""

    file = FileField(_("The PDF that you have"), [UploadRequired()])

    def validate_file(self, field: FileField) -> None:
        """What is larger than any paper of the market is not read."""
        size = field.data.stream.seek(0, SEEK_END)
        field.data.stream.seek(0)
        if size > DEFAULT_MEGABYTES * MEGABYTE:
            raise ValidationError(
                refusal_text(Refused("file.too_large", megabytes=DEFAULT_MEGABYTES))
            )
