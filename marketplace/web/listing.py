"""A list as a page: what its address asks for, its filters, and the same list as a workbook."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Response, request
from flask_babel import LazyString

from marketplace.infra.lists import LAST_PAGE, Asked, Facet, Listed, PagedList
from marketplace.web import sheets
from marketplace.web.filters import Group, boxes, radios, text_field, without
from marketplace.web.wording import label

R = TypeVar("R")

# What is called by its name rather than by a label: filled by the feature that knows it.
NAMES: dict[str, Callable[[str], str]] = {}
_LONGEST_TEXT = 80
_LONGEST_VALUE = 40
_MOST_VALUES = 50


def asked_of(described: PagedList[Any], *, page_name: str = "page") -> Asked:
    """What the address asks of a list; what it does not understand is left out.

    `page_name` tells the pages of several lists on one page apart.
    """
    args = request.args
    chosen = {
        facet.name: tuple(
            value[:_LONGEST_VALUE]
            for value in args.getlist(facet.name)[:_MOST_VALUES]
            if value and (not facet.choices or value in facet.choices)
        )[: 1 if facet.single else None]
        for facet in described.facets
    }
    page = args.get(page_name, "1")
    sort = args.get("sort", "")
    return Asked(
        text=args.get("q", "").strip()[:_LONGEST_TEXT],
        chosen={name: values for name, values in chosen.items() if values},
        sort=sort if sort in described.sorts else "",
        page=min(int(page), LAST_PAGE) if page.isdecimal() and len(page) < 9 else 1,
    )


def words_of(facet: Facet, value: str) -> str:
    """The words of one value of a filter."""
    if not isinstance(facet.words, str):
        return str(facet.words.get(value, value))
    if facet.words in NAMES:
        return NAMES[facet.words](value) or value
    return label(f"{facet.words}.{value}") if facet.words else value


def panel(
    described: PagedList[Any],
    asked: Asked,
    listed: Listed[Any],
    *,
    text_title: LazyString | str = "",
    offered: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Group]:
    """The filter panel: a field for words, then each filter with what its values find.

    `offered` are the values of a filter in their words where only a request knows them.
    """
    groups = [text_field("q", str(text_title), asked.text)] if described.text else []
    for facet in described.facets:
        chosen = asked.chosen.get(facet.name, ())
        counts = listed.counts.get(facet.name)
        values = facet.choices or tuple(sorted({*(counts or ()), *chosen}))
        known = (offered or {}).get(facet.name)
        words = known or {value: words_of(facet, value) for value in values}
        if not words:
            continue  # nothing was found by which one could choose
        if facet.single:
            groups.append(radios(facet.name, str(facet.title), words, chosen[0] if chosen else ""))
        else:
            groups.append(boxes(facet.name, str(facet.title), words, chosen, counts))
    return groups


def chosen_filters(described: PagedList[Any], asked: Asked, address: str) -> list[tuple[str, str]]:
    """What is chosen, each with the address of the list without it."""
    told = [(asked.text, "q", asked.text)] if asked.text else []
    told += [
        (words_of(facet, value), facet.name, value)
        for facet in described.facets
        for value in asked.chosen.get(facet.name, ())
    ]
    return [(text, without(address, name, value)) for text, name, value in told]


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column of a workbook: its head, its width, its cell for a row; `total` adds it up."""

    head: LazyString
    width: int
    cell: Callable[[R], sheets.Cell]
    total: bool = False


def workbook(
    name: str,
    title: str,
    columns: Sequence[Column[R]],
    rows: Iterable[R],
    *,
    public: bool = False,
) -> Response:
    """The rows as an .xlsx attachment whose sheet is called `title`.

    Only public ones may be kept by a cache.
    """
    heads = [sheets.Head(str(column.head), column.width, column.total) for column in columns]
    cells = ([column.cell(row) for column in columns] for row in rows)
    return sheets.download(sheets.workbook(title, heads, cells), name, public=public)
