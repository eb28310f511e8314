"""The public directory: search, one institution, comparison of up to four."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.discovery import queries
from marketplace.discovery.asking import PAGE_SIZE, read_address
from marketplace.discovery.cards import cards
from marketplace.discovery.comparing import MOST_COMPARED, comparison, promised
from marketplace.discovery.export import workbook
from marketplace.discovery.facets import groups
from marketplace.institutions import queries as institutions
from marketplace.institutions.wording import listing_tone, terms_text
from marketplace.web.context import reading_session
from marketplace.web.limits import limiter
from marketplace.web.sheets import download
from marketplace.web.submit import page

bp = Blueprint("discovery", __name__, url_prefix="/institutions")
bp.add_app_template_filter(listing_tone)
bp.add_app_template_filter(terms_text)
bp.add_app_template_filter(promised)


@bp.get("", endpoint="institutions")
def directory() -> ResponseReturnValue:
    """The institutions the address line asks for, with filters and counts."""
    session = reading_session()
    asked = read_address(session, request.args)
    answer = queries.ask(session, asked.query)
    return page(
        "discovery/institutions.html",
        asked=asked,
        answer=answer,
        cards=cards(session, answer.result.hits),
        suggestions=answer.result.suggestions,
        groups=groups(session, answer.result.facets, asked.filters),
        pages=max(1, -(-answer.result.total // PAGE_SIZE)),
        items={item.code: item for item in catalogue.items(session)},
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
        most=MOST_COMPARED,
    )


@bp.get("/export.xlsx")
@limiter.limit("20 per minute")
def export() -> ResponseReturnValue:
    """What the address line asks for, as a workbook."""
    session = reading_session()
    asked = read_address(session, request.args)
    return download(workbook(session, asked.query), "institutions", public=True)


@bp.get("/<institution_id>")
def institution(institution_id: str) -> ResponseReturnValue:
    """Everything public about one institution, at its permanent address."""
    session = reading_session()
    return page(
        "discovery/institution.html",
        institution=institutions.institution_page(session, institution_id),
        items={item.code: item for item in catalogue.items(session)},
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
    )


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Up to four institutions side by side."""
    session = reading_session()
    asked = list(dict.fromkeys(request.args.getlist("id")))
    return page(
        "discovery/compare.html",
        comparison=comparison(session, asked[:MOST_COMPARED]),
        asked=asked[:MOST_COMPARED],
        left_out=max(0, len(asked) - MOST_COMPARED),
        most=MOST_COMPARED,
    )
