"""Shape and wording of what people enter about accounts."""

from marketplace.accounts.forms.inside import (
    AnswerForm,
    ChangeEmailForm,
    DetailsForm,
    DisputeForm,
    InviteForm,
    LetterForm,
    OrganisationRecordForm,
    PasswordForm,
    RolesForm,
    SecureForm,
    SettleForm,
    StaffForm,
)
from marketplace.accounts.forms.programs import ProvenTokenForm, TokenForm
from marketplace.accounts.forms.way_in import (
    CodeForm,
    EmailForm,
    JoinForm,
    NewPasswordForm,
    OrganisationForm,
    RegisterForm,
    SignInForm,
)

__all__ = [
    "AnswerForm",
    "ChangeEmailForm",
    "CodeForm",
    "DetailsForm",
    "DisputeForm",
    "EmailForm",
    "InviteForm",
    "JoinForm",
    "LetterForm",
    "NewPasswordForm",
    "OrganisationForm",
    "OrganisationRecordForm",
    "PasswordForm",
    "ProvenTokenForm",
    "RegisterForm",
    "RolesForm",
    "SecureForm",
    "SettleForm",
    "SignInForm",
    "StaffForm",
    "TokenForm",
]
