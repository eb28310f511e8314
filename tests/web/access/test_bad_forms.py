"""Every form, filled with what no one should send: an answer that helps, never a broken page."""

import io
import re
from typing import Any

import pytest

from tests.personas import Persona
from tests.web.access.table import Row
from tests.web.access.test_access import POSTS, named

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.xdist_group("bad-forms"),
]
_CONTROL = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_CHOICES = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>.*?value="([^"]+)"', re.DOTALL)
# These go with what the page offers, so that the rubbish beside them is looked at.
_OFFERED = {"hidden", "radio", "checkbox"}
RUBBISH = {
    "invisible": "a\x00b\x1fc",
    "endless": "\u7532" * 6000,
    "numbers": "9" * 30,
    "clever": "<script>alert(1)</script>' OR 1=1 --",
}


def controls(cast, persona: Persona, row: Row) -> tuple[dict[str, str], dict[str, str]]:
    """What the page offers to be sent as it is, and what it lets one write: names and types."""
    page = cast.get(persona, row.path, follow=True)
    if page.status_code != 200:
        return {}, {}
    main = page.text[page.text.index('<main id="content"') :]
    offered: dict[str, str] = {}
    written: dict[str, str] = {}
    for tag in _CONTROL.findall(main):
        known = dict(_ATTRIBUTE.findall(tag))
        kind, name = known.get("type", "text"), known.get("name", "csrf_token")
        if kind in _OFFERED:
            offered.setdefault(name, known.get("value", ""))
        elif name != "csrf_token":
            written[name] = kind
    chosen = dict(_CHOICES.findall(main))
    return offered | chosen, {name: kind for name, kind in written.items() if name not in chosen}


def rubbish(written: dict[str, str], text: str) -> dict[str, Any]:
    """The same rubbish in every field, also as a file and its name."""
    return {
        name: (io.BytesIO(text.encode()), f"{text[:40]}.pdf") if kind == "file" else text
        for name, kind in written.items()
    }


@named(POSTS)
def test_no_form_breaks_the_page_whatever_is_written_into_it(strict_cast, row):
    persona = next(who for who in reversed(row.expected) if row.expected[who] != 404)
    offered, written = controls(strict_cast, persona, row)
    sent = offered | {name: text.format(**strict_cast.names) for name, text in row.sent.items()}

    answers = {}
    for name, text in RUBBISH.items() if written else [("as offered", "")]:
        filled = {**sent, **rubbish(written, text)}
        answers[name] = strict_cast.post(persona, row.path, filled).status_code

    assert {name: status for name, status in answers.items() if status >= 500} == {}
