"""How days, instants and money are written on a page."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask, request
from flask_babel import gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from marketplace.kernel import money
from marketplace.kernel.times import SHANGHAI
from marketplace.web.context import language
from marketplace.web.forms import page_of_form
from marketplace.web.frame import link
from marketplace.web.wording import event_text, label, mend_of, refusal_text

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
# An instant, a day, the number of a record: what is read as one, and would break at its hyphens.
_ONE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d|(?<![\w-])[A-Z0-9]+(?:-[A-Z0-9]+)+(?![\w-])", re.ASCII
)
# The texts of a part of a page; what is passed over holds no words of its own.
_TEXTS = re.compile(r"<(textarea|select|svg)\b.*?</\1>|(?<=>)[^<>]+(?=<)", re.DOTALL)

# A number with its Chinese unit: a space between them, none before the units of dates and sizes.
_COUNTED = re.compile(r"(?<=\d)(?=[个元项家次件份笔人周])")
_DATED = re.compile(r"(?<=\d) (?=[年月日号级])")


def spaced(text: object) -> str:
    """Words of the catalogue with numbers and units as pages write them: `15 个工作日`, `15日`."""
    return _DATED.sub("", _COUNTED.sub(" ", str(text)))


def day(value: date | datetime | None) -> str:
    """`2026-11-23`, in Shanghai; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat()


def moment(value: datetime | None) -> str:
    """`2026-11-23 09:30`, in Shanghai; empty for nothing."""
    return "" if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def yuan(fen: int | None) -> str:
    """An amount in yuan to the fen, `12,000.00`; empty for nothing."""
    return "" if fen is None else money.yuan(fen)


def local_name(row: object) -> str:
    """The name of a row with `name` and `name_en`, in the language of the page."""
    english = getattr(row, "name_en", "")
    return english if english and language() == "en" else getattr(row, "name", "")


def with_note(text: object, note: object) -> str:
    """A name with what tells it from others in brackets, those of the page's language."""
    return str(gettext("%(text)s (%(note)s)", text=text, note=note))


def tongue(text: object) -> str:
    """` lang="zh-CN"` for Chinese words on a page in another language: they are read out right."""
    foreign = language() != "zh" and _HAN.search(str(text or ""))
    return Markup(' lang="zh-CN"') if foreign else ""


def value_tongue(text: object) -> str:
    """The same for a value: a sentence of the page that names somebody stays in its language."""
    if language() == "zh":
        return ""
    words = str(text or "")
    mostly = 3 * len(_HAN.findall(words)) > len(_LATIN.findall(words))
    return Markup(' lang="zh-CN"') if mostly else ""


def unbroken(part: Markup) -> Markup:
    """Part of a page with days and numbers of records marked: paper breaks none of them."""

    def mark(found: re.Match[str]) -> str:
        return found[0] if found[1] else _ONE.sub(r'<span class="whole">\g<0></span>', found[0])

    return Markup(_TEXTS.sub(mark, part))  # noqa: S704 - of a page, and so escaped


def way_to_mend(code: str) -> tuple[str, str] | None:
    """The link to where what a refusal asks for is done, and from there back to this page."""
    mend = mend_of(code)
    if mend is None:
        return None
    back = page_of_form() if request.method == "POST" else request.full_path.rstrip("?")
    return str(mend[0]), link(mend[1], next=back)


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.globals.update(way_to_mend=way_to_mend)
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        yuan=yuan,
        ten_thousand_yuan=money.ten_thousand_yuan,
        percent=money.percent,
        tongue=_as_read(tongue),
        value_tongue=_as_read(value_tongue),
        spaced=spaced,
        unbroken=unbroken,
        label=_as_read(label),
        event_text=_as_read(event_text),
        refusal=_as_read(refusal_text),
        local_name=_as_read(local_name),
    )


def _as_read(words: Callable[[Any], str]) -> Callable[[Context, Any], str]:
    """A filter in the reader's language.

    It takes the context so that Jinja asks it anew for each reader: what depends on its text
    alone is worked out once, when the template is compiled, in the language of the first reader.
    """

    @pass_context
    def read(_context: Context, value: Any) -> str:
        return words(value)

    return read
