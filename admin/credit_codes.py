"""Credit codes that are in use although their check character is wrong."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField

from admin.access import Section
from marketplace.accounts.forms.way_in import at_most, required
from marketplace.accounts.queries import codes
from marketplace.accounts.services import appointing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.web.context import reading_session
from marketplace.web.forms import Form
from marketplace.web.submit import submit


class CreditCodeForm(Form):
    """A code as the business licence has it, and how that was made sure."""

    credit_code = StringField(
        _("Unified social credit code"), [required(_("Enter the credit code."))]
    )
    reason = TextAreaField(
        _("How it was made sure that the licence has this code"),
        [required(_("Say how it was made sure.")), at_most(400)],
        description=_("For example: the licence was seen, and the register of firms asked."),
    )


class CreditCodes(Section):
    """The list, and entering one."""

    group, address = "policy", "credit_codes"
    title = _("Credit codes with a wrong check character")
    purpose = _("Codes that are really registered although a typing error is suspected in them.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every code that was entered, the latest first."""
        rows = codes.entered_codes(reading_session())
        return self.page("admin/credit_codes.html", rows=rows)

    @expose("/new", methods=("GET", "POST"))
    def add(self) -> ResponseReturnValue:
        """Enter a code with the reason."""
        form = CreditCodeForm()

        def work(uow: UnitOfWork) -> str:
            appointing.enter_credit_code(
                uow, credit_code=form.credit_code.data, reason=form.reason.data
            )
            return url_for(".index")

        done = gettext("The code is entered. It can be registered from now on.")
        return submit(form, work, done=done) or self.page("admin/credit_code.html", form=form)
