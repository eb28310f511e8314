"""Forms of signed-in people: my account, colleagues, programs, and the operator's."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from marketplace.accounts.forms import way_in
from marketplace.accounts.queries.rows import MemberRow
from marketplace.accounts.rules import TOKEN_DAYS, grantable_roles, token_scopes
from marketplace.accounts.wording.letters import LOCKED
from marketplace.accounts.wording.words import CAPACITIES, REFUSALS, ROLES, SCOPES
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.scopes import Scope
from marketplace.web.fields import CheckboxesField
from marketplace.web.forms import Form
from marketplace.web.uploads import UploadField, UploadRequired


class ProofForm(Form):
    """The proof alone, on a page of its own."""

    takes_proof = True

    def validate(self, extra_validators: Any = None) -> bool:
        """The field is not left empty."""
        valid = super().validate(extra_validators)
        if valid and not self.proof.data:
            self.proof.errors = [_("Enter what is asked for here.")]
            return False
        return valid


class DetailsForm(Form):
    """My name, mobile number and language."""

    name = way_in.name_field(_("Your name"))
    mobile = way_in.mobile_field()
    locale = SelectField(
        _("Language of letters and pages"),
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
    )


class EndForm(Form):
    """Who takes over what a member has in hand; nobody: it goes back to the queue."""

    successor = SelectField(_("Who takes over"), choices=[], default="")

    def offer(self, members: Iterable[MemberRow]) -> None:
        """Offer the colleagues, and first of all the queue."""
        colleagues = [SelectChoice(one.public_id, one.name) for one in members]
        self.successor.choices = [SelectChoice("", _("Back to the queue")), *colleagues]


def _present_password() -> PasswordField:
    return PasswordField(
        _("Present password"),
        [InputRequired(_("Enter your present password.")), way_in.at_most(128)],
    )


class PasswordForm(way_in.NewPasswordForm):
    """Change my password."""

    present_password = _present_password()


class ChangeEmailForm(Form):
    """Use another e-mail address from now on."""

    email = way_in.email_field(_("New e-mail address"))
    present_password = _present_password()


class _RolesForm(Form):
    """Which roles; the choices are those of the organisation's capacities."""

    roles = CheckboxesField(
        _("Roles"), [way_in.required(REFUSALS["account.no_roles"])], coerce=Role, choices=[]
    )

    def offer(self, capacities: Iterable[Capacity]) -> None:
        """Offer the roles that an organisation of these capacities has."""
        self.roles.choices = [
            SelectChoice(role, ROLES[role]) for role in grantable_roles(capacities)
        ]


class InviteForm(_RolesForm):
    """Invite a colleague by e-mail."""

    email = way_in.email_field(_("E-mail address of your colleague"))


class RolesForm(_RolesForm):
    """What a colleague may do."""


class AnswerForm(_RolesForm):
    """Accept or refuse a request to act for the organisation."""

    roles = CheckboxesField(_("Roles, if you accept"), coerce=Role, choices=[], validators=[])
    answer = RadioField(
        _("Your answer"),
        [InputRequired(_("Choose an answer."))],
        choices=[SelectChoice("accept", _("Accept")), SelectChoice("refuse", _("Refuse"))],
    )
    reason = TextAreaField(_("Reason, if you refuse"), [way_in.at_most(500)])

    def validate(self, extra_validators: object = None) -> bool:
        """An acceptance names roles; a refusal gives its reason."""
        valid = super().validate(extra_validators)
        if self.answer.data == "accept" and not self.roles.data:
            self.roles.errors = [REFUSALS["account.no_roles"]]
        elif self.answer.data == "refuse" and not self.reason.data:
            self.reason.errors = [*self.reason.errors, _("Give the reason for refusing.")]
        return valid and not self.errors


class DisputeForm(Form):
    """Bring a request to the operator."""

    grounds = TextAreaField(
        _("Why the operator should decide"),
        [way_in.required(_("Say why the operator should decide.")), way_in.at_most(1000)],
        description=_("For instance that the person who registered has left the organisation."),
    )


class LetterForm(Form):
    """Hand in the authorisation letter."""

    letter = UploadField(_("Authorisation letter"), [UploadRequired()])


class OrganisationRecordForm(Form):
    """The operator makes an organisation."""

    name = StringField(
        _("Name of the organisation"),
        [way_in.required(_("Enter the name of the organisation.")), way_in.at_most(200)],
    )
    credit_code = StringField(
        _("Unified social credit code"),
        [way_in.required(_("Enter the credit code.")), way_in.right_credit_code],
        filters=[way_in.narrow],
    )
    capacities = CheckboxesField(
        _("On this platform it is"),
        [way_in.required(_("Choose what the organisation is."))],
        coerce=Capacity,
        choices=[SelectChoice(each, words) for each, words in CAPACITIES.items()],
    )
    region_code = way_in.RegionField(_("Region"))


class StaffForm(_RolesForm):
    """The operator makes an account for a member of an organisation."""

    name = way_in.name_field(_("Name"))
    email = way_in.email_field(_("E-mail address"))
    mobile = way_in.mobile_field()


class SettleForm(Form):
    """The operator decides a dispute."""

    decision = RadioField(
        _("Decision"),
        [InputRequired(_("Choose a decision."))],
        choices=[
            SelectChoice("upheld", _("The claimant acts for the organisation")),
            SelectChoice("dismissed", _("The request is dismissed")),
        ],
    )
    reason = TextAreaField(
        _("Reason"),
        [way_in.required(_("Give the reason.")), way_in.at_most(500)],
        description=_("Both sides read it."),
    )


class SecureForm(Form):
    """What the security administrator does for an account."""

    takes_proof = True
    act = RadioField(
        _("What shall be done"),
        [InputRequired(_("Choose what shall be done."))],
        choices=[
            SelectChoice("unlock", LOCKED.link),
            SelectChoice("end_sessions", _("End all sessions")),
            SelectChoice("reset_second_factor", _("Remove the second factor, to be set up anew")),
            SelectChoice("free_mobile", _("Free the mobile number for its new owner")),
        ],
    )
    reason = TextAreaField(_("Reason, if you free the number"), [way_in.at_most(500)])

    def validate(self, extra_validators: object = None) -> bool:
        """A number is freed for a reason."""
        valid = super().validate(extra_validators)
        if self.act.data == "free_mobile" and not (self.reason.data or "").strip():
            said = _("Say who has shown that the number is theirs now, and how.")
            self.reason.errors = [*self.reason.errors, said]
        return valid and not self.errors


class PersonForm(Form):
    """Whose account the security administrator looks up."""

    email = StringField(_("E-mail address"), [way_in.at_most(254)])
    mobile = StringField(
        _("Or mobile number"), [Optional(), way_in.right_mobile], filters=[way_in.narrow]
    )

    def validate(self, extra_validators: object = None) -> bool:
        """One of the two."""
        valid = super().validate(extra_validators)
        if valid and not (self.email.data or self.mobile.data):
            self.email.errors = [_("Enter the e-mail address or the mobile number.")]
        return valid and not self.errors


class TokenForm(Form):
    """What a new token is for, what it allows, and for how long."""

    takes_proof = True

    purpose = StringField(
        _("What it is for"),
        [way_in.required(_("Say what the token is for.")), way_in.at_most(60)],
        description=_("For instance the name of the program that will use it."),
    )
    scopes = CheckboxesField(
        _("What it allows"),
        [way_in.required(_("Choose at least one permission."))],
        coerce=Scope,
        choices=[],
    )
    days = RadioField(
        _("Good for"),
        [InputRequired(_("Choose how long the token is good."))],
        choices=[SelectChoice(str(days), _("%(count)s days", count=days)) for days in TOKEN_DAYS],
        default=str(TOKEN_DAYS[1]),
    )

    def offer(self, capacities: Iterable[Capacity]) -> None:
        """Offer the permissions that an organisation of these capacities can give."""
        self.scopes.choices = [
            SelectChoice(scope, SCOPES[scope]) for scope in token_scopes(capacities)
        ]
