"""The public front page: search first, the items by stage, what is new, key figures."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.competitions.queries import lists as competitions
from marketplace.competitions.queries.reading import time_to_sign_up
from marketplace.competitions.wording import sign_up_text
from marketplace.discovery import queries as discovery
from marketplace.engagements.queries import facts as work
from marketplace.infra.lists import Asked
from marketplace.institutions import queries as institutions
from marketplace.kernel.times import local_date
from marketplace.openness import queries as openness
from marketplace.web.context import reading_session, request_time
from marketplace.web.submit import page
from search import Query

bp = Blueprint("portal", __name__)

_LATEST = 6
# What closes next among what one can still bid in.
_CLOSING = Asked(chosen={"phase": ("open",)})
_NEAREST = 3
_YEAR = timedelta(days=365)


@bp.get("/")
def home() -> ResponseReturnValue:
    """What the supermarket is for, and the way in for each of its users."""
    session = reading_session()
    items = catalogue.items(session)
    regions = catalogue.regions(session)
    figures = institutions.market_figures(session)
    today = local_date(request_time())
    return page(
        "portal/home.html",
        stages=[
            (stage, [item for item in items if item.stage.code == stage.code])
            for stage in catalogue.stages(session)
        ],
        items=catalogue.by_code(session),
        item_count=len(items),
        offers=discovery.ask(session, Query(page_size=1)).result.facets.items,
        figures=figures,
        prefectures=sum(
            1 for p in regions.prefectures if _anywhere(regions, p.code, figures.regions)
        ),
        latest=institutions.latest_admissions(session, _LATEST),
        notices=openness.latest(session, _LATEST),
        closing=[
            (row, left)
            for row in competitions.PUBLIC.read(session, _CLOSING).rows[:_NEAREST]
            if (left := time_to_sign_up(session, row, request_time()))
        ],
        sign_up_text=sign_up_text,
        work=work.market_work(session, today - _YEAR),
        promises=work.kept_promises(session, today - _YEAR),
        regions=regions,
        list_name=catalogue.item_list(session),
    )


def _anywhere(regions: RegionTree, prefecture: str, codes: frozenset[str]) -> bool:
    return any(regions.contains(prefecture, code) for code in codes)


@bp.get("/about")
def about() -> ResponseReturnValue:
    """What the supermarket is, on which policy it stands, and who runs it."""
    return page("portal/about.html", list_name=catalogue.item_list(reading_session()))


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return page("portal/accessibility.html")
