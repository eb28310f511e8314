"""How the facts of a table are asked for and shown: form fields, words, the shape of an answer of
the public interface, columns of a workbook.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import new_class
from typing import Any, cast

import marshmallow
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.infra import facts as infra_facts
from marketplace.kernel import personal
from marketplace.kernel.characters import narrow
from marketplace.kernel.money import percent
from marketplace.web import sheets
from marketplace.web.api_fields import money, rate
from marketplace.web.fields import DateField, MoneyField, NumberField, Parsed, PercentField
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


# What is written down and understood; a form knows both.
_WRITTEN = {
    infra_facts.Day: DateField,
    infra_facts.Money: MoneyField,
    infra_facts.Count: NumberField,
    infra_facts.Share: PercentField,
}


def form_of(table: infra_facts.Facts, **besides: object) -> type[Form]:
    """A form that asks for these facts; each field has the name of its fact.

    `besides` are fields that are no facts, such as a scan.
    """
    asked = {fact.name: _field(fact) for fact in table} | besides
    made = new_class("FactsForm", (Form,), exec_body=lambda names: names.update(asked))
    return cast(type[Form], made)


def stated(table: infra_facts.Facts, row: object | None) -> dict[str, Any]:
    """The values of the facts, for the form to begin with; nothing where nothing was stated."""
    if row is None:
        return {}
    return {fact.name: getattr(row, fact.name) for fact in table if fact.shown == fact.name}


def filled(kind: type[Form], table: infra_facts.Facts, row: object | None) -> Form:
    """A form that begins with what the row states; it says which number is kept if left empty."""
    form = kind(data=stated(table, row))
    for fact in table if row is not None else ():
        kept = getattr(row, fact.shown) if isinstance(fact.field, infra_facts.IdNumber) else ""
        if kept:
            said_now = _("Kept now: %(number)s. Leave it empty to keep it.", number=kept)
            form[fact.name].description = said_now
    return form


def given(table: infra_facts.Facts, form: Form) -> dict[str, Any]:
    """What was entered, by fact, of those that the form asks for; a valid form is asked."""
    return {fact.name: _entered(fact, form[fact.name]) for fact in table if fact.name in form}


def _entered(fact: infra_facts.Fact, field: Any) -> Any:
    kind = fact.field
    if type(kind) in _WRITTEN:
        return field.parsed
    if isinstance(kind, infra_facts.Pick) and kind.members is not None:
        return kind.members(field.data)
    if isinstance(kind, infra_facts.Telephone) and not kind.landline:
        return personal.mobile(field.data)
    if isinstance(kind, infra_facts.IdNumber):
        return narrow(field.data or "").replace(" ", "") or None
    return field.data or ""


def _field(fact: infra_facts.Fact) -> Any:
    asked = fact.field
    told: dict[str, Any] = {"description": fact.hint or ""}
    if isinstance(asked, infra_facts.Pick):
        kind = SelectField if asked.members is None else RadioField
        return kind(fact.label, _needed(fact, InputRequired), choices=_answers(asked), **told)
    if isinstance(asked, infra_facts.Day):
        told["endless"] = asked.never is not None
    if isinstance(
        asked, infra_facts.Day | infra_facts.Money | infra_facts.Count | infra_facts.Share
    ):
        return _WRITTEN[type(asked)](fact.label, _needed(fact, Parsed), **told)
    if asked is None:
        raise ValueError(f"{fact.name} is not asked for")
    if isinstance(asked, infra_facts.IdNumber):
        # Left empty it may be kept, or be another's: what is missing its service says.
        return StringField(fact.label, [_at_most(asked.most)], **told)
    text = TextAreaField if isinstance(asked, infra_facts.Paragraph) else StringField
    return text(fact.label, [*_needed(fact, DataRequired), _at_most(asked.most)], **told)


def _at_most(count: int) -> Length:
    return Length(max=count, message=lazy_gettext("Write at most %(max)d characters."))


def _needed(fact: infra_facts.Fact, validator: Callable[[Any], object]) -> list[object]:
    return [Optional() if fact.needed is None else validator(fact.needed)]


def _answers(asked: infra_facts.Pick) -> Callable[[], list[SelectChoice]]:
    """The answers, found when the form is shown: in the language of the page."""

    def found() -> list[SelectChoice]:
        if asked.members is None:
            return CHOICES[asked.source].answers()
        return [SelectChoice(str(one), label(f"{asked.source}.{one}")) for one in asked.members]

    return found


def said(fact: infra_facts.Fact, row: object) -> str:
    """The fact of a row in words; empty where nothing was stated."""
    value: Any = getattr(row, fact.shown)
    if value is None or value == "":
        never = fact.field.never if isinstance(fact.field, infra_facts.Day) else None
        return "" if never is None else str(never)
    if isinstance(fact.field, infra_facts.Day):
        return day(value)
    if isinstance(fact.field, infra_facts.Money):
        return str(_("%(amount)s yuan", amount=yuan(value)))
    if isinstance(fact.field, infra_facts.Share):
        return f"{percent(value)} %"
    if isinstance(fact.field, infra_facts.Pick):
        known = CHOICES.get(fact.field.source)
        return known.said(value) if known else label(f"{fact.field.source}.{value}")
    return str(value)


def rows(table: infra_facts.Facts, row: object | None) -> list[dict[str, str]]:
    """The facts for `summary_list`: label, value and note of each; none where nothing is stated."""
    if row is None:
        return []
    return [{"label": str(fact.label), "value": said(fact, row), "note": ""} for fact in table]


def columns(table: infra_facts.Facts) -> list[Column[Any]]:
    """The columns of a workbook for those that have one."""
    return [_column(fact) for fact in table if fact.sheet]


def _column(fact: infra_facts.Fact) -> Column[Any]:
    return Column(fact.label, fact.sheet, lambda row: _cell(fact, row))


def _cell(fact: infra_facts.Fact, row: object) -> sheets.Cell:
    value: Any = getattr(row, fact.shown)
    if isinstance(fact.field, infra_facts.Money):
        return sheets.amount(value)
    if isinstance(fact.field, infra_facts.Share):
        return sheets.share(value)
    if isinstance(fact.field, infra_facts.Day | infra_facts.Count) and value is not None:
        return sheets.local_day(value) if isinstance(value, date) else int(value)
    return said(fact, row)


def shape(table: infra_facts.Facts) -> Mapping[str, marshmallow.fields.Field[Any]]:
    """The fields of an answer of the public interface that gives these facts."""
    return {fact.api_name: _given_as(fact) for fact in table if fact.api}


def _given_as(fact: infra_facts.Fact) -> marshmallow.fields.Field[Any]:
    more: dict[str, Any] = {"attribute": fact.name, "required": True}
    if isinstance(fact.field, infra_facts.Money):
        return money(allow_none=True, **more)
    if isinstance(fact.field, infra_facts.Share):
        return rate(allow_none=True, **more)
    if isinstance(fact.field, infra_facts.Day):
        return marshmallow.fields.Date(allow_none=True, **more)
    if isinstance(fact.field, infra_facts.Count):
        return marshmallow.fields.Integer(**more)
    maybe = isinstance(fact.field, infra_facts.Pick) and fact.field.members is not None
    return marshmallow.fields.String(allow_none=maybe, **more)
