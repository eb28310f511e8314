"""The public directory: search, one institution, comparison of up to four."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketplace.assessments import queries as assessments
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.complaints import queries as complaints
from marketplace.discovery import queries
from marketplace.discovery.services import level_code
from marketplace.infra.facts import Money, named, public
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import FACTS
from marketplace.institutions.queries import InstitutionPage
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.wording import listing_tone, terms_text
from marketplace.kernel.actors import Role
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.workdays import Limit
from marketplace.ratings import queries as ratings
from marketplace.vetting import queries as vetting
from marketplace.web import stating
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.filters import Choice, Group
from marketplace.web.limits import limiter
from marketplace.web.listing import Column, workbook
from marketplace.web.submit import page
from marketplace.web.words import day, local_name
from search import NO_GRADE, Facets, Query, Sort

bp = Blueprint("discovery", __name__, url_prefix="/institutions")
bp.add_app_template_filter(listing_tone)
bp.add_app_template_filter(terms_text)

PAGE_SIZE = 20
MAX_PAGE = 10_000
MOST_COMPARED = 4
GRADES = ("A", "B", "C", "D", NO_GRADE)

# A workbook holds so many pages of so many institutions.
_STEP = 200
MOST_PAGES = 25


@bp.app_template_filter()
def promised(days: int, item: catalogue.ItemRow) -> str:
    """A promise in words, in the days that the item's limit counts."""
    return limit_text(Limit(days, item.limit.unit))


@bp.app_template_filter()
def grades_text(page: InstitutionPage, items: Mapping[str, catalogue.ItemRow]) -> str:
    """The last grades; where the institution offers several items, each with its item."""
    if len(page.listings) == 1:
        return "".join(grade for _code, grade in page.grades) or _("Not yet graded")
    said = [
        _("%(item)s: %(grade)s", item=local_name(items[code]), grade=grade)
        for code, grade in page.grades
    ]
    return str(_("; ")).join(said) or str(_("Not yet graded"))


# ------------------------------------------------------------------ the search


@bp.get("", endpoint="institutions")
def directory() -> ResponseReturnValue:
    """The institutions the address line asks for, with filters and counts."""
    session = reading_session()
    asked = read_address(session, request.args)
    answer = queries.ask(session, asked.query)
    shown = queries.cards(session, answer.result.hits)
    return page(
        "discovery/institutions.html",
        asked=asked,
        answer=answer,
        cards=shown,
        suggestions=answer.result.suggestions,
        groups=_groups(session, answer.result.facets, asked.filters),
        pages=max(1, -(-answer.result.total // PAGE_SIZE)),
        items={item.code: item for item in catalogue.items(session)},
        regions=catalogue.regions(session),
        list_name=catalogue.item_list(session),
        most=MOST_COMPARED,
        ratings=_ratings(session, shown),
        commissions=_commissions(),
    )


def _ratings(session: Session, shown: Sequence[queries.Card]) -> dict[int, ratings.ListingRatings]:
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
    items = {item.code: item for item in catalogue.items(session)}
    offers = (offer for card in _all_cards(session, asked.query) for offer in card.offers)
    return workbook("institutions", _columns(items), offers, public=True)


def _columns(items: Mapping[str, catalogue.ItemRow]) -> list[Column[institutions.OfferRow]]:
    """What each line says of an offer, and the facts that have a column of their own."""
    return [
        Column(_l("Institution"), 40, lambda one: one.name),
        *stating.columns(FACTS),
        Column(_l("Listed item"), 40, lambda one: _item_text(items[one.item_code])),
        Column(_l("Promised"), 16, lambda one: promised(one.promised_days, items[one.item_code])),
        Column(_l("Price"), 28, terms_text),
        Column(_l("Admitted on"), 14, lambda one: day(one.admitted_at)),
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


def read_address(session: Session, arguments: MultiDict[str, str]) -> Asked:
    """Read q, item, region, grade, level, sort and page; what makes no sense is left out."""
    wanted = {
        name: tuple(dict.fromkeys(filter(None, arguments.getlist(name))))
        for name in ("item", "region", "grade", "level")
    }
    text = arguments.get("q", "").strip()
    return Asked(
        query=Query(
            text=text,
            items=wanted["item"],
            regions=queries.successors(session, list(wanted["region"])),
            grades=wanted["grade"],
            levels=wanted["level"],
            sort=_sort(arguments.get("sort", ""), text),
            page=min(max(arguments.get("page", 1, type=int), 1), MAX_PAGE),
            page_size=PAGE_SIZE,
        ),
        filters={**wanted, "region": queries.successors(session, list(wanted["region"]))},
    )


def _sort(asked: str, text: str) -> Sort:
    if asked in set(Sort):
        return Sort(asked)
    return Sort.RELEVANCE if text else Sort.ADMITTED


# ------------------------------------------------------------------ the filters beside the result


def _groups(
    session: Session, facets: Facets, chosen: Mapping[str, Sequence[str]]
) -> tuple[Group, ...]:
    """The four filters, each with the counts that the other filters leave."""
    return (
        Group("item", _("Listed item"), _items(session, facets.items, chosen["item"])),
        Group("region", _("Region"), _regions(session, facets.regions, chosen["region"])),
        Group("grade", _("Grade of the last assessment"), _grades(facets.grades, chosen["grade"])),
        Group("level", _("Qualification"), _levels(session, facets.levels, chosen["level"])),
    )


def _items(session: Session, counts: Mapping[str, int], on: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(item.code, local_name(item), counts.get(item.code, 0), item.code in on)
        for item in catalogue.items(session)
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


# ------------------------------------------------------------------ one institution


# The name is the heading of the page, the description stands above the list.
_LISTED_FACTS = tuple(fact for fact in public(FACTS) if fact.name not in {"name", "profile"})


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
        ratings=ratings.ratings_of_listings(session, listings),
        work=ratings.measured_work(session, listings),
        record=assessments.public_record(session, found.organisation_id),
        complaints=complaints.public_complaints(session, found.organisation_id),
        judged=_judged(session, found),
        commissions=_commissions(),
        items={item.code: item for item in catalogue.items(session)},
        kinds={kind.code: kind for kind in catalogue.qualification_kinds(session)},
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


# ------------------------------------------------------------------ side by side


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


@dataclass(frozen=True)
class Line:
    """One fact of every institution; `best` is the place of the single best one."""

    label: str
    values: tuple[str, ...]
    number: bool = False
    best: int | None = None


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
    items = {item.code: item for item in catalogue.items(session)}

    def held(page: InstitutionPage) -> str:
        words = [
            f"{local_name(kinds[q.kind])} {kinds[q.kind].level_name(q.level, language())}".strip()
            for q in page.qualifications
            if q.kind in kinds
        ]
        return "、".join(dict.fromkeys(words)) if language() == "zh" else ", ".join(words)

    facts: tuple[tuple[str, Callable[[InstitutionPage], str], bool], ...] = (
        *(
            (str(fact.label), partial(stating.said, fact), isinstance(fact.field, Money))
            for fact in _COMPARED
        ),
        (_("Practitioners"), lambda page: str(page.practitioner_count), True),
        (_("Qualifications"), held, False),
        (
            _("Grade of the last assessment"),
            lambda page: grades_text(page, items),
            False,
        ),
    )
    return tuple(
        Line(label, tuple(value(page) for page in pages), number) for label, value, number in facts
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
    for item in catalogue.items(session):
        terms = [offer.get(item.code) for offer in offers]
        if not any(terms):
            continue
        days = [one.promised_days if one else None for one in terms]
        words = tuple(promised(value, item) if value else "" for value in days)
        lines.append(
            Line(_("%(item)s: promised", item=local_name(item)), words, True, _least(days))
        )
        prices = tuple(terms_text(one) if one else "" for one in terms)
        lines.append(Line(_("%(item)s: price", item=local_name(item)), prices))
    return tuple(lines)


def _least(values: Sequence[int | None]) -> int | None:
    """The place of the single smallest value; None where there is no single one."""
    given = sorted(value for value in values if value is not None)
    if len(given) < 2 or given[0] == given[1]:
        return None
    return list(values).index(given[0])
