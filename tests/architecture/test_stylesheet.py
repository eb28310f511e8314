"""The sheet that set-up writes holds all of Bootstrap that is used, and little else."""

import re
from functools import cache

from bin._prepare import BOOTSTRAP, VENDOR
from tests.architecture.source import application
from tests.architecture.test_templates import own_styles_and_scripts, templates
from tests.postgres import need

SHEET = VENDOR / "bootstrap.css"
JINJA = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
TEXTS = re.compile(r'"([^"]*)"|\'([^\']*)\'')
ATTRIBUTE = re.compile(r"""\bclass(?:Name|_)?["']?\s*[=:]\s*(?:"([^"]*)"|'([^']*)')""")
LISTED = re.compile(r"\bclassList\.\w+\(([^)]*)\)")
BEGUN = re.compile(r"""(?<![\w-])([a-z][a-z-]*-)(?=\{\{|["']\s*~)""")
NAME = re.compile(r"[A-Za-z][\w-]*")
VARIABLE = re.compile(r"var\((--bs-[\w-]+)\)")
# What templates put behind the beginning of a class that Bootstrap has, too.
MADE = {"btn-": ("primary", "secondary", "danger", "quiet")}


def defined(css: str) -> set[str]:
    """The classes that a sheet speaks of."""
    return set(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r"url\([^)]*\)|/\*.*?\*/", "", css)))


@cache
def stock() -> set[str]:
    """The classes of the whole of Bootstrap."""
    need("Bootstrap (bin/prepare fetches it)", BOOTSTRAP.is_file())
    return defined(BOOTSTRAP.read_text("utf-8"))


def named_in(text: str) -> set[str]:
    """The classes that attributes, also those made in scripts, and texts inside Jinja name."""
    found = [one or other for tag in JINJA.findall(text) for one, other in TEXTS.findall(tag)]
    plain = JINJA.sub(" ", text)
    found += [one or other for one, other in ATTRIBUTE.findall(plain)]
    found += LISTED.findall(plain)
    return {name for words in found for name in NAME.findall(words)}


def used() -> set[str]:
    """Every class that a template, a script or a Python file names."""
    texts = [text for _name, text in (*templates(), *own_styles_and_scripts())]
    python = [each.text for each in application()]
    made = {begun + end for begun, ends in MADE.items() for end in ends}
    return made.union(*map(named_in, texts), *(set(classes_of(text)) for text in python))


def classes_of(python: str) -> list[str]:
    """The classes that Python hands to fields or writes into markup."""
    words = [one or other for one, other in ATTRIBUTE.findall(python)]
    return [name for each in words for name in NAME.findall(each)]


def test_every_class_of_bootstrap_that_is_used_is_there():
    wanted = used() & stock()

    assert {"btn", "btn-primary", "form-control", "table", "visually-hidden"} <= wanted
    assert wanted - defined(SHEET.read_text("utf-8")) == set()


def test_whoever_puts_a_class_of_bootstrap_together_says_from_what():
    begun = {found for _name, text in templates() for found in BEGUN.findall(text)}

    assert "btn-" in begun
    assert {one for one in begun if any(name.startswith(one) for name in stock())} == set(MADE)


def without_value(css: str) -> set[str]:
    """The variables of Bootstrap that are read, with nothing instead, and set nowhere."""
    return {one for one in VARIABLE.findall(css) if f"{one}:" not in css}


def test_every_variable_of_bootstrap_that_is_read_has_its_value():
    need("Bootstrap (bin/prepare fetches it)", BOOTSTRAP.is_file())
    ours = "".join(text for _name, text in own_styles_and_scripts())
    everything = without_value(BOOTSTRAP.read_text("utf-8") + ours)

    assert without_value(SHEET.read_text("utf-8") + ours) <= everything


def test_what_nobody_uses_is_left_out():
    assert len(defined(SHEET.read_text("utf-8"))) < len(stock()) / 20
    assert not {"carousel", "accordion", "offcanvas"} & defined(SHEET.read_text("utf-8"))


def test_classes_are_found_wherever_they_are_written():
    template = """<p class="row {{ "mb-1" if a else 'mb-2' }}">{{ field(x, "width-m") }}</p>"""
    script = """a.className = "btn"; b.classList.add("show", 'fade');"""

    assert {"row", "mb-1", "mb-2", "width-m"} <= named_in(template)
    assert named_in(script) == {"btn", "show", "fade"}
    assert classes_of("""{"class": "small mark"}; f(class_='lead')""") == ["small", "mark", "lead"]
    assert BEGUN.findall("""class="btn btn-{{ kind }}" {{ "col-" ~ n }}""") == ["btn-", "col-"]
