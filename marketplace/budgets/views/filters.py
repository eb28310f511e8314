"""The desk's filters as the address line carries them."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.budgets.queries import SORTS, BudgetDesk, DeskFilter
from marketplace.budgets.rules import FIRST_YEAR, LAST_YEAR
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


def groups(wanted: DeskFilter, found: BudgetDesk) -> list[dict[str, Any]]:
    """The filter panel."""
    shown = [{"value": "", "text": _("All"), "on": not wanted.light}]
    shown += [
        {"value": key, "text": text, "on": key == wanted.light}
        for key, text in _light_words().items()
    ]
    items = [
        {
            "value": item.code,
            "text": local_name(item),
            "count": found.item_counts.get(item.code, 0),
            "on": item.code in wanted.items,
        }
        for item in found.items
    ]
    made = [
        _group("q", _("Name of the line"), "text", [], wanted.text),
        _group("show", _("Which lines"), "radio", shown),
    ]
    return [*made, _group("item", _("Item"), "checkbox", items)] if items else made


def _group(
    name: str, title: str, kind: str, options: list[dict[str, Any]], value: str = ""
) -> dict[str, Any]:
    return {"name": name, "title": title, "kind": kind, "options": options, "value": value}


def _without(name: str, value: str) -> str:
    arguments = request.args.to_dict(flat=False)
    arguments[name] = [one for one in arguments.get(name, []) if one != value]
    return url_for(".lines", **arguments)  # type: ignore[arg-type]


def chosen(wanted: DeskFilter, found: BudgetDesk) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    names = {item.code: local_name(item) for item in found.items}
    kept = [(wanted.text, "q", wanted.text)] if wanted.text else []
    if wanted.light:
        kept.append((_light_words()[wanted.light], "show", wanted.light))
    kept += [(names.get(code, code), "item", code) for code in wanted.items]
    return [(text, _without(name, value)) for text, name, value in kept]


def sorts() -> list[tuple[str, str]]:
    """The orders of the list."""
    return [
        ("", _("Late first")),
        ("appropriation", _("Appropriation")),
        ("free", _("Free")),
        ("bound", _("Bound")),
        ("paid", _("Paid")),
    ]
