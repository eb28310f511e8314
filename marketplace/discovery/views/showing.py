"""One institution at its permanent address, and up to four side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.assessments import queries as assessments
from marketplace.assessments.policy import JUDGES
from marketplace.capacity import queries as capacity
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import days_text
from marketplace.complaints import queries as complaints
from marketplace.discovery.views.aim import Aim, aim_of
from marketplace.discovery.views.blueprint import (
    MOST_COMPARED,
    bp,
    commissions,
    grades_text,
)
from marketplace.engagements.policy import may_commission
from marketplace.infra.facts import Money, named, public
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import CERTIFICATE, FACTS
from marketplace.institutions.queries import InstitutionPage
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.wording import terms_text
from marketplace.kernel.actors import Role
from marketplace.kernel.identifiers import is_public_id
from marketplace.ratings import queries as ratings
from marketplace.rulings import queries as rulings
from marketplace.vetting.queries.standings import judge_of
from marketplace.web import stating
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.guard import for_roles
from marketplace.web.submit import page
from marketplace.web.words import local_name

# The name is the heading of the page, the description stands above the list.
_LISTED_FACTS = tuple(fact for fact in public(FACTS) if fact.name not in {"name", "profile"})
_CERTIFICATE = public(CERTIFICATE)


@bp.get("/<institution_id>")
def institution(institution_id: str) -> ResponseReturnValue:
    """Everything public about one institution, at its permanent address."""
    session = reading_session()
    found = institutions.institution_page(session, institution_id)
    listings = [offer.row.id for offer in found.listings]
    return page(
        "discovery/institution.html",
        institution=found,
        facts=stating.rows(_LISTED_FACTS, found),
        certificates=[(one, stating.rows(_CERTIFICATE, one)) for one in found.qualifications],
        ratings=ratings.ratings_of_listings(session, listings),
        work=ratings.measured_work(session, listings),
        places=capacity.capacities(session, listings),
        record=assessments.public_record(session, found.organisation_id),
        complaints=complaints.public_complaints(session, found.organisation_id),
        abandoned=rulings.abandoned(session, found.organisation_id),
        judged=_judged(session, found),
        commissions=commissions(),
        may_commission=may_commission,
        items=catalogue.by_code(session),
        list_name=catalogue.item_list(session),
    )


def _judged(session: Session, found: institutions.InstitutionPage) -> frozenset[str]:
    """The items of an institution that are the reader's own organisation's to judge."""
    actor = current_actor()
    if not actor.has(*JUDGES):
        return frozenset()
    return frozenset(
        one.row.item_code
        for one in found.listings
        if actor.acts_for(
            judge_of(session, one.row.item_code, found.region_code, one.row.organisation_id)
        )
    )


# ------------------------------------------------------------------ side by side


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Up to four institutions side by side."""
    return _compare()


@bp.get("/for/<project_id>/<item_code>/compare")
@for_roles(Role.ENTERPRISE_AGENT)
def choose_compare(project_id: str, item_code: str) -> ResponseReturnValue:
    """The same to choose one of them for an item of a project."""
    return _compare(aim_of(project_id, item_code))


def _compare(aim: Aim | None = None) -> ResponseReturnValue:
    asked = list(dict.fromkeys(request.args.getlist("id")))
    return page(
        "discovery/compare.html",
        aim=aim,
        comparison=comparison(reading_session(), asked[:MOST_COMPARED]),
        asked=asked[:MOST_COMPARED],
        left_out=max(0, len(asked) - MOST_COMPARED),
        most=MOST_COMPARED,
        commissions=commissions(),
    )


@dataclass(frozen=True)
class Line:
    """One fact of every institution; `best` is the place of the single best one.

    `shares` are its numbers as per cent of a whole that all have in common, for bars; 0 for none.
    """

    label: str
    values: tuple[str, ...]
    number: bool = False
    best: int | None = None
    shares: tuple[float, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The institutions in the order asked for and the lines of the table."""

    pages: tuple[InstitutionPage, ...]
    lines: tuple[Line, ...]
    item_lines: tuple[Line, ...]


def comparison(session: Session, public_ids: Sequence[str]) -> Comparison:
    """Compare the institutions with these public ids; unknown ones are left out."""
    known = [public_id for public_id in public_ids if is_public_id(public_id)]
    pages = institutions.institution_pages(session, known)
    return Comparison(pages, _facts(session, pages), _promises(session, pages))


_COMPARED = tuple(named(FACTS)[name] for name in ("region_code", "established", "capital_fen"))


def _facts(session: Session, pages: Sequence[InstitutionPage]) -> tuple[Line, ...]:
    kinds = {kind.code: kind for kind in catalogue.qualification_kinds(session)}
    items = catalogue.by_code(session)

    def held(page: InstitutionPage) -> str:
        words = [
            f"{local_name(kinds[q.kind])} {kinds[q.kind].level_name(q.level, language())}".strip()
            for q in page.qualifications
            if q.kind in kinds
        ]
        return str(_(", ")).join(dict.fromkeys(words))

    people = [page.practitioner_count for page in pages]
    return (
        *(
            Line(
                str(fact.label),
                tuple(stating.said(fact, page) for page in pages),
                isinstance(fact.field, Money),
            )
            for fact in _COMPARED
        ),
        Line(_("Practitioners"), tuple(map(str, people)), True, shares=_shares(people)),
        Line(_("Qualifications"), tuple(map(held, pages))),
        Line(_("Grade of the last assessment"), tuple(grades_text(page, items) for page in pages)),
    )


def _promises(session: Session, pages: Sequence[InstitutionPage]) -> tuple[Line, ...]:
    """For each item that any of them offers now: promised days and price."""
    offers = [
        {
            offer.row.item_code: offer.terms
            for offer in page.listings
            if offer.row.state is ListingState.ADMITTED and offer.terms is not None
        }
        for page in pages
    ]
    lines = []
    for item in catalogue.by_code(session).values():
        terms = [offer.get(item.code) for offer in offers]
        if not any(terms):
            continue
        days = [one.promised_days if one else None for one in terms]
        words = tuple(days_text(value, item) if value else "" for value in days)
        label = _("%(item)s: promised", item=local_name(item))
        longest = None if item.of_market else item.longest_limit.value
        lines.append(Line(label, words, True, _least(days), _shares(days, longest)))
        prices = tuple(terms_text(one) if one else "" for one in terms)
        lines.append(Line(_("%(item)s: price", item=local_name(item)), prices))
    return tuple(lines)


def _shares(values: Sequence[int | None], whole: int | None = None) -> tuple[float, ...]:
    """Each value as per cent of the whole, by default of the largest among them."""
    whole = whole or max((value or 0 for value in values), default=0)
    return tuple(min((value or 0) / whole * 100, 100.0) if whole else 0.0 for value in values)


def _least(values: Sequence[int | None]) -> int | None:
    """The place of the single smallest value; None where there is no single one."""
    given = sorted(value for value in values if value is not None)
    if len(given) < 2 or given[0] == given[1]:
        return None
    return list(values).index(given[0])
