"""The desk's filters as the address line carries them."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.budgets.queries import SORTS, BudgetDesk, DeskFilter
from marketplace.budgets.rules import FIRST_YEAR, LAST_YEAR
from marketplace.web.filters import Group, boxes, radios, text_field, without
from marketplace.web.words import local_name

_LIGHTS = ("late", "free")


def read(args: "MultiDict[str, str]", this_year: int) -> DeskFilter:
    """The filter an address asks for; what it does not understand is left out."""
    light, sort = args.get("show", ""), args.get("sort", "")
    return DeskFilter(
        year=_year(args.get("year", ""), this_year),
        text=args.get("q", "").strip()[:80],
        items=tuple(code[:10] for code in args.getlist("item") if code),
        light=light if light in _LIGHTS else "",
        sort=sort if sort in SORTS else "",
    )


def _year(text: str, this_year: int) -> int:
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year


def _light_words() -> dict[str, str]:
    return {"late": _("With late payments"), "free": _("With money left")}


def groups(wanted: DeskFilter, found: BudgetDesk) -> list[Group]:
    """The filter panel."""
    items = {item.code: local_name(item) for item in found.items}
    made = [
        text_field("q", _("Name of the line"), wanted.text),
        radios("show", _("Which lines"), _light_words(), wanted.light),
    ]
    return (
        [*made, boxes("item", _("Item"), items, wanted.items, found.item_counts)] if items else made
    )


def chosen(wanted: DeskFilter, found: BudgetDesk) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    names = {item.code: local_name(item) for item in found.items}
    kept = [(wanted.text, "q", wanted.text)] if wanted.text else []
    if wanted.light:
        kept.append((_light_words()[wanted.light], "show", wanted.light))
    kept += [(names.get(code, code), "item", code) for code in wanted.items]
    return [(text, without(url_for(".lines"), name, value)) for text, name, value in kept]


def sorts() -> list[tuple[str, str]]:
    """The orders of the list."""
    return [
        ("", _("Late first")),
        ("appropriation", _("Appropriation")),
        ("free", _("Free")),
        ("bound", _("Bound")),
        ("paid", _("Paid")),
    ]
