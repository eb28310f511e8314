"""The public front page: search first, the items by stage, what is new, key figures."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import RegionTree
from marketplace.discovery import queries as discovery
from marketplace.institutions import queries as institutions
from marketplace.openness import queries as openness
from marketplace.web.context import reading_session
from marketplace.web.submit import page
from search import Query

bp = Blueprint("portal", __name__)

_LATEST = 6


@bp.get("/")
def home() -> ResponseReturnValue:
    """What the supermarket is for, and the way in for each of its users."""
    session = reading_session()
    items = catalogue.items(session)
    regions = catalogue.regions(session)
    figures = institutions.market_figures(session)
    return page(
        "portal/home.html",
        stages=[
            (stage, [item for item in items if item.stage.code == stage.code])
            for stage in catalogue.stages(session)
        ],
        items={item.code: item for item in items},
        offers=discovery.ask(session, Query(page_size=1)).result.facets.items,
        figures=figures,
        prefectures=sum(
            1 for p in regions.prefectures if _anywhere(regions, p.code, figures.regions)
        ),
        latest=institutions.latest_admissions(session, _LATEST),
        notices=openness.latest(session, _LATEST),
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
