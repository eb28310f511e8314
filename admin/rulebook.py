"""The rulebook: every number of policy, what held before, and giving one a new dated value."""

import re
from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from admin.access import Section
from marketplace.catalogue import queries, services
from marketplace.catalogue.rules.reference import Rulebook
from marketplace.catalogue.wording import rule_group, rule_title, rule_value
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.characters import narrow
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import reading_session, request_time
from marketplace.web.fields import DateField
from marketplace.web.forms import Form
from marketplace.web.submit import submit

_BETWEEN_NUMBERS = re.compile(r"[,，、;；\s]+")

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")

_LINE = re.compile(r"\s*(\w{1,40})\s*[:=]\s*(.+)")


class RuleValueField(TextAreaField):
    """Reads `15`, `60, 30, 7`, or lines of `name: number`; `parsed` is what it means.

    Which of these is asked for follows from the value the field began with; whether the new
    value fits the rule is for the catalogue to judge.
    """

    parsed: Any = None
    shape: type = float

    def process_data(self, value: Any) -> None:
        """Show the present value the way it is written."""
        self.shape = type(value)
        self.parsed = value
        self.data = self.written(value)

    def written(self, value: Any) -> str:
        """The value as the field shows it."""
        return as_text(value)

    def pre_validate(self, _form: Any) -> None:
        """Understand what was typed, or say what was expected."""
        text = "\n".join(map(narrow, (self.data or "").splitlines()))
        if text:
            self.parsed = self._table(text) if self.shape is dict else self._numbers(text)

    def _numbers(self, text: str) -> Any:
        found = [_number(part) for part in _BETWEEN_NUMBERS.split(text)]
        return found if self.shape is list else _only(found)

    def _table(self, text: str) -> dict[str, float]:
        lines = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
        if not all(lines):
            raise StopValidation(
                gettext("Write one line for each part: its name, a colon and a number.")
            )
        return {line.group(1): _number(line.group(2).strip()) for line in lines if line}


def as_text(value: Any) -> str:
    """A rule's value as the field shows it."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {part}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise StopValidation(gettext("%(text)s is not a number.", text=text[:20]))
    return float(text) if "." in text else int(text)


def _only(found: list[float]) -> float:
    if len(found) != 1:
        raise StopValidation(gettext("Enter a single number."))
    return found[0]


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
        form = RuleForm(
            data={"value": book.value(key, _today())}, suggested={"valid_from": _today()}
        )

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
