"""Forms about programs that act for an organisation through the public interface."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.accounts.forms.checks import CheckboxesField, at_most, narrow, required
from marketplace.accounts.rules import TOKEN_DAYS, token_scopes
from marketplace.accounts.wording import SCOPES
from marketplace.kernel.actors import Capacity
from marketplace.kernel.scopes import Scope
from marketplace.web.forms import Form


class TokenForm(Form):
    """What a new token is for, what it allows, and for how long."""

    purpose = StringField(
        _("What it is for"),
        [required(_("Say what the token is for.")), at_most(60)],
        description=_("For instance the name of the program that will use it."),
    )
    scopes = CheckboxesField(
        _("What it allows"),
        [required(_("Choose at least one permission."))],
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


class ProvenTokenForm(TokenForm):
    """The same for whoever has a second factor."""

    code = StringField(
        _("One-time code"),
        [required(_("Enter the code.")), at_most(20)],
        filters=[narrow],
        description=_("Six digits of your authenticator app, or one of your recovery codes."),
    )
