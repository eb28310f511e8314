"""Links of templates lead somewhere: a misspelt one would silently be missing from its page."""

import re
from pathlib import Path

from flask import Flask

from marketplace.settings import ROOT

_LINK = re.compile(r"""\blink\(\s*["']([\w.]+)["']((?:[^()]|\([^()]*\))*)\)""")
_ELSEWHERE = "demo."  # exists in the demo environment only


def dead_links(app: Flask, template: Path) -> list[str]:
    needed = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    found = []
    for endpoint, words in _LINK.findall(template.read_text()):
        given = set(re.findall(r"(\w+)\s*=", words))
        if endpoint.startswith(_ELSEWHERE) or "**" in words:
            continue
        if endpoint not in needed or not needed[endpoint] <= given:
            found.append(f"{template.relative_to(ROOT)}: {endpoint} with {sorted(given)}")
    return found


def test_every_link_of_a_template_names_an_endpoint_and_what_it_needs(app: Flask) -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert templates
    assert not [each for template in templates for each in dead_links(app, template)]
