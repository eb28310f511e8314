"""No library speaks English on a Chinese page or in a Chinese answer, nor does the browser.

Every message is walked that WTForms, Flask-Admin and marshmallow can say here.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import flask_admin
import marshmallow
import pytest
import wtforms
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from flask_admin import babel as office
from flask_babel import force_locale, gettext
from marshmallow import validate
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms import validators as rules
from wtforms.fields.choices import SelectChoice

from admin.tables import Table
from marketplace.settings import ROOT
from marketplace.web.api_fields import FAULTS, Schema, WholePattern
from marketplace.web.forms import Form
from marketplace.web.library_words import SAID, Words
from tests.browser.latin import foreign_words

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|\{\w+\}")
_POT = Path(inspect.getfile(wtforms)).parent / "locale" / "wtforms.pot"
_IN_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The parts of Flask-Admin that a list without any writing goes through.
_OFFICE = (
    "base",
    "model.base",
    "model.helpers",
    "contrib.sqla.view",
    "contrib.sqla.tools",
    "helpers",
)
# Said after creating, changing or deleting, which `Table` has no address for.
_OF_WRITING = re.compile(r"creat|sav|updat|delet|edit", re.IGNORECASE)


@pytest.fixture
def chinese(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=zh"), force_locale("zh_Hans_CN"):
        yield


def english(texts: dict[str, str]) -> dict[str, str]:
    """Those that say nothing in Chinese, or something in Latin letters beside it."""
    return {
        message: text
        for message, text in texts.items()
        if not _IN_CHINESE.search(text)
        or foreign_words([_PLACEHOLDER.sub(" ", text).replace("MAC", "").replace("UUID", "")])
    }


def of_wtforms() -> Iterator[str]:
    with _POT.open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield from [message.id] if isinstance(message.id, str) else message.id


@pytest.mark.usefixtures("chinese")
def test_every_message_of_the_form_library_has_our_words() -> None:
    found = list(of_wtforms())
    said = {message: Words().gettext(message) for message in found}

    assert len(found) > 35
    assert set(found) <= set(SAID)
    assert english(said) == {}
    assert Words().ngettext("a", found[0], 2) == said[found[0]]


class EveryKind(Form):
    """Fields that the library refuses by itself, each in a way of its own."""

    several = SelectMultipleField(choices=[SelectChoice("a", "甲")])
    one = SelectField(choices=[SelectChoice("a", "甲")])
    number = IntegerField()
    part = DecimalField()
    needed = StringField(validators=[rules.InputRequired()])
    given = StringField(validators=[rules.DataRequired()])
    short = StringField(validators=[rules.Length(min=3, max=4)])
    long = StringField(validators=[rules.Length(max=1)])
    low = IntegerField(validators=[rules.NumberRange(1, 2)])
    shaped = StringField(validators=[rules.Regexp("a")])
    among = StringField(validators=[rules.AnyOf(["甲"])])


@pytest.mark.usefixtures("chinese")
def test_whatever_the_form_library_refuses_it_refuses_in_chinese(app: Flask) -> None:
    # A missing token never comes as far as a form: the site refuses it before, in its own words.
    app.config["WTF_CSRF_ENABLED"] = False
    typed = {"several": "x", "one": "x", "number": "x", "part": "x", "short": "1", "long": "12"}
    form = EveryKind(MultiDict(typed | {"low": "9", "shaped": "1", "among": "1"}))

    assert not form.validate()
    own = [name for name in typed | {"needed": "", "given": ""} if not form[name].errors]
    assert own == []
    assert english({text: text for errors in form.errors.values() for text in errors}) == {}


def of_office(module: ModuleType) -> Iterator[str]:
    path = inspect.getfile(module)
    keywords = {"gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    for _line, message, _notes, _context in extract_from_file("python", path, keywords=keywords):
        yield from [message] if isinstance(message, str) else message


@pytest.mark.usefixtures("chinese")
def test_the_back_office_says_nothing_in_english() -> None:
    modules = [importlib.import_module(f"{flask_admin.__name__}.{name}") for name in _OFFICE]
    found = {message for module in modules for message in of_office(module)}
    reached = {message for message in found if not _OF_WRITING.search(message)}

    assert len(reached) > 5
    assert [Table.can_create, Table.can_edit, Table.can_delete] == [False] * 3
    assert english({message: str(office.gettext(message)) for message in reached}) == {}


def schemas(kind: type[marshmallow.Schema]) -> Iterator[type[marshmallow.Schema]]:
    """The schemas of what comes in."""
    yield kind
    for below in kind.__subclasses__():
        yield from schemas(below)


def of_schemas() -> Iterator[str]:
    for kind in schemas(Schema):
        schema = kind()
        yield from schema.error_messages.values()
        for field in schema.fields.values():
            inner = getattr(field, "inner", None)
            for one in [field, *([inner] if inner else [])]:
                yield from one.error_messages.values()
                yield from of_validators(one)


def of_validators(field: marshmallow.fields.Field[object]) -> Iterator[str]:
    for rule in field.validators:
        if isinstance(rule, WholePattern):
            continue  # it says one of `FAULTS` itself
        assert isinstance(rule, validate.Range | validate.Length | validate.OneOf), rule
        yield str(rule.error)


@pytest.mark.usefixtures("chinese")
def test_every_fault_of_the_public_interface_has_words() -> None:
    found = set(of_schemas())

    assert len(found) > 8
    assert found - set(FAULTS) == set()
    assert english({fault: gettext(fault) for fault in FAULTS}) == {}


def test_no_browser_speaks_in_its_own_words_about_what_was_typed() -> None:
    """Its bubbles are in the language of the browser; ours stand beside the field."""
    forms = [
        (path.relative_to(ROOT).as_posix(), tag)
        for path in (ROOT / "templates").rglob("*.html")
        for tag in re.findall(r"<form\b[^>]*(?:\{\{.*?\}\}[^>]*)*>", path.read_text("utf-8"))
    ]

    assert len(forms) > 10
    assert [one for one in forms if "novalidate" not in one[1]] == []
