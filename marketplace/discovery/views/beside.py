"""All who may be chosen for an item of a project in one table, by what is known of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.capacity.queries import Capacity, capacities
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.discovery.views.aim import Aim, aim_of
from marketplace.discovery.views.blueprint import bp
from marketplace.engagements.queries.choosing import distance
from marketplace.engagements.queries.facts import WorkFigures, work_figures
from marketplace.infra.lists import place_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import OfferRow
from marketplace.institutions.rules.dossier import price_for
from marketplace.kernel.actors import Role
from marketplace.kernel.decisions import Decision
from marketplace.ratings.queries import NO_RATINGS, ListingRatings, rating_counts
from marketplace.web.context import reading_session
from marketplace.web.guard import for_roles
from marketplace.web.submit import page

PAGE_SIZE = 50
NO_WORK = WorkFigures(0, 0, 0, 0, None)
Value: TypeAlias = Decimal | int | str | None


@dataclass(frozen=True)
class Beside:
    """An institution as it stands for the item and the project; None says that nothing is known.

    `price_fen` is what it asks for this project, `apart` how far up the region lies that both are
    in: 0 for the same place.
    """

    offer: OfferRow
    price_fen: int | None
    work: WorkFigures
    rated: ListingRatings
    places: Capacity
    apart: int
    near: str
    may: Decision


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


# What each column is sorted by. What is not known comes last, in both directions.
SORTS: dict[str, Callable[[Beside], Value]] = {
    "near": lambda one: one.apart,
    "name": lambda one: one.offer.name,
    "price": lambda one: one.price_fen,
    "days": lambda one: one.offer.promised_days,
    "used": lambda one: one.work.days_used,
    "on-time": lambda one: _share(one.work.within_limit, one.work.count),
    "first": lambda one: _share(one.work.without_return, one.work.count),
    "rating": lambda one: one.rated.mean,
    "grade": lambda one: one.offer.grade or None,
    "free": lambda one: one.places.free,
}


def in_order(rows: Sequence[Beside], asked: str) -> list[Beside]:
    """The rows by the column `asked`, from its end with a minus before it; else the nearest first.

    Where two are alike, the nearer comes first, and then the name decides.
    """
    value = SORTS.get(asked.removeprefix("-"), SORTS["near"])
    usual = sorted(rows, key=lambda one: (one.apart, one.offer.name))
    known = [(found, one) for one in usual if (found := value(one)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=asked.startswith("-"))
    return [one for _value, one in known] + [one for one in usual if value(one) is None]


def rows_of(session: Session, aim: Aim) -> list[Beside]:
    """Everybody in the market for the item; so many queries, however many they are."""
    listings = institutions.listings_for(session, aim.item.code, aim.named or None)
    offers = institutions.admitted_offers(session, [row.id for row in listings])
    ids = [one.listing_id for one in offers]
    work, rated, places = (
        work_figures(session, ids),
        rating_counts(session, ids),
        capacities(session, ids),
    )
    tree, may = catalogue.regions(session), aim.decisions(ids)
    around = tree.upwards(aim.project.region_code)
    apart = {code: distance(tree, around, code) for code in {one.region_code for one in offers}}
    return [
        Beside(
            offer=one,
            price_fen=price_for(one, aim.project.investment_fen),
            work=work.get(one.listing_id, NO_WORK),
            rated=rated.get(one.listing_id, NO_RATINGS),
            places=places[one.listing_id],
            apart=apart[one.region_code],
            near=_near(tree, around[apart[one.region_code] :][:1]),
            may=may[one.listing_id],
        )
        for one in offers
    ]


def _near(tree: RegionTree, shared: Sequence[str]) -> str:
    """How near two places are, by the smallest region that both lie in."""
    if not shared or shared[0] == tree.root.code:
        return str(_("same province"))
    city = shared[0] in {one.code for one in tree.prefectures}
    return str(_("same city") if city else _("same county"))


@bp.get("/for/<project_id>/<item_code>/table")
@for_roles(Role.ENTERPRISE_AGENT)
def choose_table(project_id: str, item_code: str) -> ResponseReturnValue:
    """One table of all who may be chosen, or of those that the address names, by a column."""
    aim, session = aim_of(project_id, item_code), reading_session()
    sort = request.args.get("sort", "near")
    rows = in_order(rows_of(session, aim), sort)
    number, pages = place_of(request.args.get("page", 1, type=int), len(rows), PAGE_SIZE)
    return page(
        "discovery/beside.html",
        aim=aim,
        rows=rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        count=len(rows),
        sort=sort,
        number=number,
        pages=pages,
        regions=catalogue.regions(session),
    )
