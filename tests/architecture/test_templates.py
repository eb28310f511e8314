"""Pages load only our own files, which exist, and carry nothing the content policy would block."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from marketplace.settings import ROOT
from tests.architecture.source import text_of

STATIC = re.compile(r"""url_for\(\s*['"]static['"]\s*,\s*filename\s*=\s*['"]([^'"]+)['"]""")
PLAIN_STATIC = re.compile(r"""["'(]/static/([^"')?#]+)""")
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
ELSEWHERE = re.compile(
    r"""(?:\b(?:src|srcset|href|action|data|poster|formaction|hx-\w+)\s*=\s*["']|url\(\s*["']?|"""
    r"""@import\s+["'])\s*((?:https?:)?//[^"')\s]*)""",
    re.IGNORECASE,
)
BLOCKED = {
    "inline style": re.compile(r"<[^>{%]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "script without nonce": re.compile(r"<script(?![^>]*\bnonce=)[^>]*>", re.IGNORECASE),
    "style element without nonce": re.compile(r"<style(?![^>]*\bnonce=)[^>]*>", re.IGNORECASE),
}
WAITED_FOR = re.compile(r"<script(?![^>]*\b(?:defer|async)\b)[^>]*\bsrc=[^>]*>", re.IGNORECASE)
EXCHANGED = re.compile(r"\bhx-(?:get|post)=")
MACRO = re.compile(r"\{%-? macro (\w+)\(.*?endmacro -?%\}", re.DOTALL)
IMPORTED = re.compile(r"""\{% from ["']([^"']+)["'] import (.*?) (?:with|%)""", re.DOTALL)
INCLUDED = re.compile(r"""\{%-? include ["']([^"']+)["']""")
# Mails are read elsewhere, under no content policy of ours.
MAIL = "templates/mail/"


def templates() -> list[tuple[str, str]]:
    """Path and text of every template."""
    found = (path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file())
    return [(str(path.relative_to(ROOT)), text_of(path)) for path in found]


def own_styles_and_scripts() -> list[tuple[str, str]]:
    """Path and text of our own CSS and JavaScript."""
    found = [*(ROOT / "static/css").rglob("*.css"), *(ROOT / "static/js").rglob("*.js")]
    return [(str(path.relative_to(ROOT)), text_of(path)) for path in sorted(found)]


def missing_assets(files: Iterable[tuple[str, str]], static: Path) -> list[str]:
    """Assets that are named but do not exist."""
    return [
        f"{name}: {asset}"
        for name, text in files
        for asset in (*STATIC.findall(text), *PLAIN_STATIC.findall(text))
        if not (static / asset).is_file()
    ]


def missing_in_styles(files: Iterable[tuple[str, str]], root: Path) -> list[str]:
    """Pictures and fonts that a style sheet names relative to itself and that do not exist."""
    return [
        f"{name}: {asset}"
        for name, text in files
        for asset in CSS_URL.findall(text)
        if not asset.startswith(("data:", "#", "/static/", "http", "//"))
        if not (root / name).parent.joinpath(asset.split("?")[0].split("#")[0]).is_file()
    ]


def foreign_addresses(files: Iterable[tuple[str, str]]) -> list[str]:
    """References to other sites."""
    return [f"{name}: {address}" for name, text in files for address in ELSEWHERE.findall(text)]


def blocked(files: Iterable[tuple[str, str]]) -> list[str]:
    """What the browser would refuse to run or apply."""
    return [
        f"{name}: {what}"
        for name, text in files
        for what, pattern in BLOCKED.items()
        if not name.startswith(MAIL) and pattern.search(text)
    ]


def exchanges(name: str, texts: dict[str, str]) -> bool:
    """Whether a page has parts that are exchanged in place, its own or by what it brings in."""
    text = texts.get(name, "")
    macros = [
        found[0]
        for source, names in IMPORTED.findall(text)
        for found in MACRO.finditer(texts.get(source, ""))
        if found[1] in re.split(r"[,\s]+", names)
    ]
    if any(EXCHANGED.search(part) for part in (MACRO.sub("", text), *macros)):
        return True
    return any(exchanges(part, texts) for part in INCLUDED.findall(text))


def test_no_script_keeps_a_page_waiting():
    assert [name for name, text in templates() if WAITED_FOR.search(text)] == []
    assert WAITED_FOR.search('<script src="/a.js" nonce="1">')


def test_pages_with_parts_that_are_exchanged_load_what_exchanges_them_and_no_others():
    texts = {name.removeprefix("templates/"): text for name, text in templates()}
    pages = {name for name, text in texts.items() if "{% extends" in text}

    having = {name for name in pages if "{{ exchanged() }}" in texts[name]}
    assert having == {name for name in pages if exchanges(name, texts)}
    assert {"accounts/register.html", "vetting/case.html"} <= having


def test_every_asset_named_exists():
    files = [*templates(), *own_styles_and_scripts()]
    assert missing_assets(files, ROOT / "static") == []
    assert missing_in_styles(own_styles_and_scripts(), ROOT) == []


def test_nothing_is_fetched_from_another_site():
    assert foreign_addresses([*templates(), *own_styles_and_scripts()]) == []


def test_nothing_needs_an_exception_in_the_content_policy():
    assert blocked(templates()) == []


def test_what_is_missing_is_named(tmp_path):
    (tmp_path / "here.css").touch()
    text = """{{ url_for('static', filename='here.css') }} {{ url_for("static", filename="no.js") }}
    <img src="/static/gone.png">"""

    assert missing_assets([("a.html", text)], tmp_path) == ["a.html: no.js", "a.html: gone.png"]
    assert missing_in_styles([("a.css", "b { background: url(no.svg) }")], tmp_path) == [
        "a.css: no.svg"
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<link href='//fonts.example/css'>",
        "a { background: url(http://pictures.example/a.png) }",
        '@import "https://styles.example/a.css";',
    ],
)
def test_a_foreign_address_is_found(text):
    assert len(foreign_addresses([("a.html", text)])) == 1


def test_a_namespace_is_no_address():
    assert foreign_addresses([("a.svg", '<svg xmlns="http://www.w3.org/2000/svg">')]) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<p class="a" style="color: red">', "inline style"),
        ("<a onclick='go()'>", "inline handler"),
        ('<a href="javascript:void(0)">', "script address"),
        ("<script>go()</script>", "script without nonce"),
        ("<style>p {}</style>", "style element without nonce"),
    ],
)
def test_what_the_content_policy_blocks_is_found(text, what):
    assert blocked([("templates/a.html", text)]) == [f"templates/a.html: {what}"]


def test_a_script_with_the_nonce_is_fine():
    assert blocked([("a.html", '<script src="{{ x }}" nonce="{{ frame.csp_nonce }}">')]) == []
