"""The public directory: search, one institution, comparison of up to four."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from marketplace.assessments import queries as assessments
from marketplace.catalogue import queries as catalogue
from marketplace.complaints import queries as complaints
from marketplace.discovery import queries
from marketplace.discovery.asking import PAGE_SIZE, read_address
from marketplace.discovery.cards import Card, cards
from marketplace.discovery.comparing import MOST_COMPARED, comparison, grades_text, promised
from marketplace.discovery.export import workbook
from marketplace.discovery.facets import groups
from marketplace.institutions import queries as institutions
from marketplace.institutions.wording import listing_tone, terms_text
from marketplace.kernel.actors import Role
from marketplace.ratings import queries as ratings
from marketplace.vetting import queries as vetting
from marketplace.web.context import current_actor, reading_session
from marketplace.web.limits import limiter
from marketplace.web.sheets import download
from marketplace.web.submit import page

bp = Blueprint("discovery", __name__, url_prefix="/institutions")
bp.add_app_template_filter(listing_tone)
bp.add_app_template_filter(terms_text)
bp.add_app_template_filter(promised)
bp.add_app_template_filter(grades_text)


@bp.get("", endpoint="institutions")
def directory() -> ResponseReturnValue:
    """The institutions the address line asks for, with filters and counts."""
    session = reading_session()
    asked = read_address(session, request.args)
    answer = queries.ask(session, asked.query)
    shown = cards(session, answer.result.hits)
    return page(
        "discovery/institutions.html",
        asked=asked,
        answer=answer,
        cards=shown,
        suggestions=answer.result.suggestions,
        groups=groups(session, answer.result.facets, asked.filters),
        pages=max(1, -(-answer.result.total // PAGE_SIZE)),
        items={item.code: item for item in catalogue.items(session)},
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
        most=MOST_COMPARED,
        ratings=_ratings(session, shown),
        commissions=_commissions(),
    )


def _ratings(session: Session, shown: tuple[Card, ...]) -> dict[int, ratings.ListingRatings]:
    """What clients said of the offers on the page, by listing."""
    return ratings.rating_counts(session, [card.best.listing_id for card in shown])


def _commissions() -> bool:
    """Whether the reader picks institutions and asks them for quotations: an enterprise's agent."""
    return current_actor().has(Role.ENTERPRISE_AGENT)


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
    found = institutions.institution_page(session, institution_id)
    listings = [offer.row.id for offer in found.listings]
    return page(
        "discovery/institution.html",
        institution=found,
        ratings=ratings.ratings_of_listings(session, listings),
        work=ratings.measured_work(session, listings),
        record=assessments.public_record(session, found.organisation_id),
        complaints=complaints.public_complaints(session, found.organisation_id),
        judged=_judged(session, found),
        commissions=_commissions(),
        items={item.code: item for item in catalogue.items(session)},
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
    )


def _judged(session: Session, found: institutions.InstitutionPage) -> frozenset[str]:
    """The items of an institution that the reader's own association is competent for."""
    actor = current_actor()
    if not actor.has(Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER):
        return frozenset()
    return frozenset(
        one.row.item_code
        for one in found.listings
        if actor.acts_for(
            vetting.competent_association(session, one.row.item_code, found.region_code)
        )
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
        commissions=_commissions(),
    )
