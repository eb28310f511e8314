"""The style guide shows every pattern and keeps the rules that all pages keep."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.settings import ROOT

TEMPLATES = ROOT / "templates"
MACRO = re.compile(r"{%-? macro ([a-z][a-z_]*)\(")
# Shown by the frame of every page, or only where a decision or a request decides.
NOT_SHOWN = {
    "address",
    "account_menu",
    "allowed_or_reason",
    "banner_strip",
    "bell",
    "button_form",
    "chart_legend",
    "column_picker",
    "demo_code",
    "display_menu",
    "exchanged",
    "fact_fields",
    "field",
    "fields",
    "figures_table",
    "flashes",
    "followed",
    "hidden_fields",
    "proof_field",
    "public_sections",
    "section_links",
    "step_pager",
    "strip_days",
}


@pytest.fixture
def guide(client):
    answer = client.get("/style")
    assert answer.status_code == 200
    return answer.text


def test_the_guide_shows_every_pattern():
    shown = "".join(path.read_text() for path in (TEMPLATES / "style").glob("*.html"))
    macros = {
        name
        for path in (TEMPLATES / "macros").glob("*.html")
        for name in MACRO.findall(path.read_text())
    }

    assert {name for name in macros - NOT_SHOWN if f"{name}(" not in shown} == set()


def test_every_icon_named_is_drawn():
    drawn = set(re.findall(r'symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'icon\("([a-z-]+)"[,)]', path.read_text())
    }

    assert named - drawn == set()


def test_no_id_is_used_twice(guide):
    ids = Counter(re.findall(r'\sid="([^"]+)"', guide))

    assert [name for name, times in ids.items() if times > 1] == []


def test_every_label_and_description_points_to_something(guide):
    ids = set(re.findall(r'\sid="([^"]+)"', guide))
    wanted = {
        target
        for value in re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', guide)
        for target in value.split()
    }

    assert wanted - ids == set()


def test_the_links_of_the_error_summary_lead_to_fields(guide):
    summary = guide.split('class="error-summary"')[1].split("</div>")[0]
    ids = set(re.findall(r'\sid="([^"]+)"', guide))

    links = re.findall(r'href="#([^"]+)"', summary)

    assert len(links) == 9
    assert set(links) <= ids


def test_production_shows_the_guide_to_operators_only(app, client):
    app.extensions["settings"] = replace(app.extensions["settings"], environment="production")

    assert client.get("/style").status_code == 404


def test_the_theme_has_no_colour_outside_its_variables():
    components = Path(ROOT / "static/css/components.css").read_text()
    allowed = {"#fff", "#17202b"}

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", components)) <= allowed
