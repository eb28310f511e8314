"""How the facts of a table are asked for and shown: form fields, words, the shape of an answer of
the public interface, columns of a workbook.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import new_class
from typing import Any, cast

import marshmallow
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.infra.facts import Day, Fact, Facts, Money, Paragraph, Pick, Telephone
from marketplace.web.api_fields import money
from marketplace.web.fields import DateField, MoneyField, Parsed
from marketplace.web.forms import Form
from marketplace.web.listing import Column
from marketplace.web.wording import label
from marketplace.web.words import day, yuan


@dataclass(frozen=True)
class Choices:
    """What may be chosen where that is no enumeration, and how a choice is said."""

    answers: Callable[[], list[SelectChoice]]
    said: Callable[[str], str]


# By the name that a `Pick` gives; filled by the features that know the choices.
CHOICES: dict[str, Choices] = {}


def form_of(table: Facts) -> type[Form]:
    """A form that asks for these facts; each field has the name of its fact."""
    asked = {fact.name: _field(fact) for fact in table}
    made = new_class("FactsForm", (Form,), exec_body=lambda names: names.update(asked))
    return cast(type[Form], made)


def stated(table: Facts, row: object | None) -> dict[str, Any]:
    """The values of the facts, for the form to begin with; nothing where nothing was stated."""
    return {} if row is None else {fact.name: getattr(row, fact.name) for fact in table}


def given(table: Facts, form: Form) -> dict[str, Any]:
    """What was entered, by fact; a valid form is asked."""
    return {fact.name: _entered(fact, form[fact.name]) for fact in table}


def _entered(fact: Fact, field: Any) -> Any:
    if isinstance(fact.field, Day | Money):
        return field.parsed
    if isinstance(fact.field, Telephone) and not fact.field.landline:
        return field.data.replace(" ", "").replace("-", "")
    return field.data


def _field(fact: Fact) -> Any:
    asked, told = fact.field, {"description": fact.hint or ""}
    if isinstance(asked, Pick):
        kind = SelectField if asked.members is None else RadioField
        return kind(fact.label, _needed(fact, InputRequired), choices=_answers(asked), **told)
    if isinstance(asked, Day | Money):
        written = DateField if isinstance(asked, Day) else MoneyField
        return written(fact.label, _needed(fact, Parsed), **told)
    if asked is None:
        raise ValueError(f"{fact.name} is not asked for")
    most = Length(max=asked.most, message=lazy_gettext("Write at most %(max)d characters."))
    text = TextAreaField if isinstance(asked, Paragraph) else StringField
    return text(fact.label, [*_needed(fact, DataRequired), most], **told)


def _needed(fact: Fact, validator: Callable[[Any], object]) -> list[object]:
    return [Optional() if fact.needed is None else validator(fact.needed)]


def _answers(asked: Pick) -> Callable[[], list[SelectChoice]]:
    """The answers, found when the form is shown: in the language of the page."""

    def found() -> list[SelectChoice]:
        if asked.members is None:
            return CHOICES[asked.source].answers()
        return [SelectChoice(str(one), label(f"{asked.source}.{one}")) for one in asked.members]

    return found


def said(fact: Fact, row: object) -> str:
    """The fact of a row in words; empty where nothing was stated."""
    value: Any = getattr(row, fact.name)
    if value is None or value == "":
        return ""
    if isinstance(fact.field, Day):
        return day(value)
    if isinstance(fact.field, Money):
        return str(_("%(amount)s yuan", amount=yuan(value)))
    if isinstance(fact.field, Pick):
        known = CHOICES.get(fact.field.source)
        return known.said(value) if known else label(f"{fact.field.source}.{value}")
    return str(value)


def rows(table: Facts, row: object | None) -> list[dict[str, str]]:
    """The facts for `summary_list`: label, value and note of each; none where nothing is stated."""
    if row is None:
        return []
    return [{"label": str(fact.label), "value": said(fact, row), "note": ""} for fact in table]


def columns(table: Facts) -> list[Column[Any]]:
    """The columns of a workbook for those that have one."""
    return [_column(fact) for fact in table if fact.sheet]


def _column(fact: Fact) -> Column[Any]:
    return Column(fact.label, fact.sheet, lambda row: said(fact, row))


def shape(table: Facts) -> Mapping[str, marshmallow.fields.Field[Any]]:
    """The fields of an answer of the public interface that gives these facts."""
    return {fact.api_name: _given_as(fact) for fact in table if fact.api}


def _given_as(fact: Fact) -> marshmallow.fields.Field[Any]:
    more: dict[str, Any] = {"attribute": fact.name, "required": True}
    if isinstance(fact.field, Money):
        return money(allow_none=True, **more)
    if isinstance(fact.field, Day):
        return marshmallow.fields.Date(allow_none=True, **more)
    maybe = isinstance(fact.field, Pick) and fact.field.members is not None
    return marshmallow.fields.String(allow_none=maybe, **more)
