"""The rulebook: every number of policy, what held before, and giving one a new dated value."""

from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from admin.access import Section
from admin.rule_value import RuleValueField
from marketplace.catalogue import queries, services
from marketplace.catalogue.rules import Rulebook
from marketplace.catalogue.wording import rule_group, rule_title, rule_value
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import reading_session, request_time
from marketplace.web.fields import DateField
from marketplace.web.forms import Form
from marketplace.web.submit import submit


class RuleForm(Form):
    """A value from a day on, with where it comes from."""

    value = RuleValueField(_("New value"), [InputRequired(_("Enter the new value."))])
    valid_from = DateField(
        _("Holds from"),
        [InputRequired(_("Enter the day from which it holds."))],
        description=_("Today or a later day. What held in the past stays as it was."),
    )
    source = StringField(
        _("Source"),
        [Optional(), Length(max=200)],
        description=_("The law, notice or decision. Left empty, it counts as platform default."),
    )
    note = TextAreaField(_("Note"), [Optional(), Length(max=400)])


class Rules(Section):
    """The list of rules, one rule with its history, the form for its next value."""

    group, address = "policy", "rulebook"
    title = _("Rulebook")
    purpose = _("Every number of policy with its source; a change is a new value from a day on.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The rules by subject with their present values."""
        book = queries.rulebook(reading_session())
        groups: dict[str, list[str]] = {}
        for key in book.keys:
            groups.setdefault(rule_group(key), []).append(key)
        return self._page("admin/rulebook.html", book, groups=groups)

    @expose("/<key>")
    def rule(self, key: str) -> ResponseReturnValue:
        """One rule with all its values."""
        book = _book_with(key)
        return self._page("admin/rule.html", book, key=key)

    @expose("/<key>/new-value", methods=("GET", "POST"))
    def new_value(self, key: str) -> ResponseReturnValue:
        """Give a rule a value from a day on."""
        book = _book_with(key)
        form = RuleForm(data={"value": book.value(key, _today()), "valid_from": _today()})

        def work(uow: UnitOfWork) -> str:
            services.add_rulebook_entry(
                uow,
                key=key,
                value=form.value.parsed,
                valid_from=form.valid_from.parsed,
                source=form.source.data or "",
                note=form.note.data or "",
            )
            return url_for(".rule", key=key)

        return submit(form, work, done=gettext("The new value is laid down.")) or self._page(
            "admin/new_value.html", book, form=form, key=key
        )

    def _page(self, template: str, book: Rulebook, **context: Any) -> ResponseReturnValue:
        return self.page(
            template,
            book=book,
            today=_today(),
            rule_title=rule_title,
            rule_value=rule_value,
            **context,
        )


def _today() -> date:
    return local_date(request_time())


def _book_with(key: str) -> Rulebook:
    book = queries.rulebook(reading_session())
    if key not in book:
        raise NotFound
    return book
