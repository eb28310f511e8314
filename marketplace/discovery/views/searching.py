"""The search: what the address line asks for, the filters beside the result, the workbook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.capacity import queries as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import days_text
from marketplace.discovery import queries
from marketplace.discovery.services import level_code
from marketplace.discovery.views.aim import Aim, aim_of
from marketplace.discovery.views.blueprint import MOST_COMPARED, bp, commissions
from marketplace.infra.lists import place_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import FACTS
from marketplace.institutions.wording import terms_text
from marketplace.kernel.actors import Role
from marketplace.ratings import queries as ratings
from marketplace.web import stating
from marketplace.web.context import language, reading_session
from marketplace.web.filters import Choice, Group
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.listing import Column, workbook
from marketplace.web.sheets import amount, local_day, share
from marketplace.web.submit import page
from marketplace.web.wording import label
from marketplace.web.words import local_name
from search import NO_GRADE, Facets, Query

PAGE_SIZE = 20
MAX_PAGE = 10_000
GRADES = ("A", "B", "C", "D", NO_GRADE)

# A workbook holds so many pages of so many institutions.
_STEP = 200
MOST_PAGES = 25


@bp.get("", endpoint="institutions")
def directory() -> ResponseReturnValue:
    """The institutions the address line asks for, with filters and counts."""
    return _directory()


@bp.get("/for/<project_id>/<item_code>")
@for_roles(Role.ENTERPRISE_AGENT)
def choose(project_id: str, item_code: str) -> ResponseReturnValue:
    """The same search for an item of a project: whom to pick, or whom to ask for quotations."""
    return _directory(aim_of(project_id, item_code))


def _directory(aim: Aim | None = None) -> ResponseReturnValue:
    session = reading_session()
    asked = read_address(session, request.args, aim.item.code if aim else "")
    answer = queries.ask(session, asked.query)
    shown = queries.cards(session, answer.result.hits)
    return page(
        "discovery/institutions.html",
        aim=aim,
        decisions=aim.decisions([card.best.listing_id for card in shown]) if aim else {},
        asked=asked,
        answer=answer,
        cards=shown,
        suggestions=answer.result.suggestions,
        groups=_groups(session, answer.result.facets, asked.filters)[2 if aim else 0 :],
        pages=place_of(1, answer.result.total, PAGE_SIZE)[1],
        items=catalogue.by_code(session),
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
        most=MOST_COMPARED,
        ratings=_ratings(session, shown),
        places=capacity.capacities(session, queries.listings_on(shown)),
        commissions=commissions(),
    )


def _ratings(session: Session, shown: Sequence[queries.Card]) -> dict[int, ratings.ListingRatings]:
    """What clients said of the offers on the page, by listing."""
    return ratings.rating_counts(session, [card.best.listing_id for card in shown])


@bp.get("/export.xlsx")
@limiter.limit("20 per minute")
def export() -> ResponseReturnValue:
    """What the address line asks for, as a workbook."""
    session = reading_session()
    asked = read_address(session, request.args)
    items = catalogue.by_code(session)
    offers = (offer for card in _all_cards(session, asked.query) for offer in card.offers)
    return workbook("institutions", str(_l("Institutions")), _columns(items), offers, public=True)


def _columns(items: Mapping[str, catalogue.ItemRow]) -> list[Column[institutions.OfferRow]]:
    """What each line says of an offer, and the facts that have a column of their own."""
    return [
        Column(_l("Institution"), 40, lambda one: one.name),
        *stating.columns(FACTS),
        Column(_l("Listed item"), 40, lambda one: _item_text(items[one.item_code])),
        Column(_l("Promised days"), 12, lambda one: one.promised_days),
        Column(_l("Promised"), 16, lambda one: days_text(one.promised_days, items[one.item_code])),
        Column(_l("Price"), 28, terms_text),
        Column(_l("Amount in yuan"), 16, lambda one: amount(one.amount_fen)),
        Column(_l("Percentage of the investment"), 14, lambda one: share(one.rate_millionths)),
        Column(_l("Admitted on"), 14, lambda one: local_day(one.admitted_at)),
    ]


def _item_text(item: catalogue.ItemRow) -> str:
    return f"{item.code} {local_name(item)}"


def _all_cards(session: Session, query: Query) -> Iterator[queries.Card]:
    for number in range(1, MOST_PAGES + 1):
        hits = queries.ask(session, replace(query, page=number, page_size=_STEP)).result.hits
        yield from queries.cards(session, hits)
        if len(hits) < _STEP:
            return


# ------------------------------------------------------------------ the address line


@dataclass(frozen=True)
class Asked:
    """What the address line asks for; `filters` keeps the words as they were written there."""

    query: Query
    filters: Mapping[str, tuple[str, ...]]

    @property
    def has_filters(self) -> bool:
        """Whether anything but words narrows the result."""
        return any(self.filters.values())


def read_address(session: Session, arguments: MultiDict[str, str], item: str = "") -> Asked:
    """Read q, item, region, grade, level, sort and page; what makes no sense is left out.

    `item`: the one item that is asked for, whatever the address says.
    """
    wanted = {
        name: tuple(dict.fromkeys(filter(None, arguments.getlist(name))))
        for name in queries.FILTERS
    }
    if item:
        wanted["item"] = (item,)
    query = queries.question(
        session,
        text=arguments.get("q", ""),
        filters=wanted,
        sort=arguments.get("sort", ""),
        page=min(max(arguments.get("page", 1, type=int), 1), MAX_PAGE),
        page_size=PAGE_SIZE,
    )
    return Asked(query, {**wanted, "region": query.regions})


# ------------------------------------------------------------------ the filters beside the result


def _groups(
    session: Session, facets: Facets, chosen: Mapping[str, Sequence[str]]
) -> tuple[Group, ...]:
    """The filters, items and services first, each with the counts that the other filters leave."""
    listed, services = catalogue.items(session), catalogue.market_services(session)
    return (
        Group("item", _("Listed item"), _items(listed, facets.items, chosen["item"])),
        Group("item", label("item_kind.market"), _items(services, facets.items, chosen["item"])),
        Group("region", _("Region"), _regions(session, facets.regions, chosen["region"])),
        Group("grade", _("Grade of the last assessment"), _grades(facets.grades, chosen["grade"])),
        Group("level", _("Qualification"), _levels(session, facets.levels, chosen["level"])),
    )


def _items(
    items: Sequence[catalogue.ItemRow], counts: Mapping[str, int], on: Sequence[str]
) -> tuple[Choice, ...]:
    return tuple(
        Choice(item.code, local_name(item), counts.get(item.code, 0), item.code in on)
        for item in items
    )


def _regions(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    """Prefectures, and below each the places where somebody is found or that are chosen."""
    tree = catalogue.regions(session)
    choices = []
    for prefecture in tree.children(tree.root.code):
        code = prefecture.code
        choices.append(Choice(code, local_name(prefecture), counts.get(code, 0), code in on))
        choices += [
            Choice(place.code, local_name(place), counts.get(place.code, 0), place.code in on, 1)
            for place in tree.children(code)
            if counts.get(place.code) or place.code in on
        ]
    return tuple(choices)


def _grades(counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    words = {NO_GRADE: _("Not yet graded")}
    return tuple(
        Choice(grade, words.get(grade, grade), counts.get(grade, 0), grade in on)
        for grade in GRADES
    )


def _levels(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    choices = []
    for kind in catalogue.qualification_kinds(session):
        for level in [term.name for term in kind.levels] or [""]:
            value = level_code(kind.code, level)
            words = f"{local_name(kind)} {kind.level_name(level, language())}".strip()
            choices.append(Choice(value, words, counts.get(value, 0), value in on))
    return tuple(choices)
