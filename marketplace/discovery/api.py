"""The directory of the public interface: who is admitted, with filters and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from marketplace.capacity import queries as capacity
from marketplace.capacity.queries import Capacity
from marketplace.catalogue.api import ITEM_CODE
from marketplace.discovery import queries
from marketplace.institutions import queries as institutions
from marketplace.institutions.facts import FACTS
from marketplace.institutions.queries import PublicListing
from marketplace.institutions.rules.market import ListingState
from marketplace.web import stating
from marketplace.web.api import ApiBlueprint
from marketplace.web.api_fields import (
    N_,
    NOT_ASKED,
    PLAIN,
    PUBLIC_ID,
    Answer,
    NoParameters,
    WholePattern,
    length,
    money,
    one_of,
    rate,
)
from marketplace.web.api_paging import Paging, make_cursor, read_cursor
from marketplace.web.context import reading_session
from search import NO_GRADE, Facets, Sort

blp = ApiBlueprint("api_institutions", __name__, tag="institutions")

REGION = r"^([0-9]{6}|X-[A-Z]{2,8})$"
# A kind of qualification, and its level if it has one.
LEVEL = r"^[a-z_]{1,40}(:[^\x00-\x1f\x7f]{1,20})?$"
LONGEST_QUESTION = 100
MOST_VALUES = 50
MOST_LEVELS = 10


class Wanted(Paging):
    """The filters of the directory's page; values of one filter widen, filters narrow."""

    q = fields.String(
        load_default="",
        validate=[length(0, LONGEST_QUESTION), WholePattern(PLAIN)],
        metadata={"description": N_("Words of the name or the profile; pinyin will do.")},
    )
    item = fields.List(
        fields.String(validate=WholePattern(ITEM_CODE)),
        load_default=list,
        validate=length(0, MOST_VALUES),
        metadata={"description": N_("Codes of listed items.")},
    )
    region = fields.List(
        fields.String(validate=WholePattern(REGION)),
        load_default=list,
        validate=length(0, MOST_VALUES),
        metadata={"description": N_("Region codes; a prefecture holds its districts.")},
    )
    grade = fields.List(
        fields.String(validate=one_of("A", "B", "C", "D", NO_GRADE)),
        load_default=list,
        validate=length(0, MOST_VALUES),
        metadata={"description": N_("Grades of the last assessment; “none” is not yet graded.")},
    )
    level = fields.List(
        fields.String(validate=WholePattern(LEVEL)),
        load_default=list,
        validate=length(0, MOST_LEVELS),
        metadata={"description": N_("Qualifications as the counts name them.")},
    )
    sort = fields.String(
        load_default=NOT_ASKED,
        validate=one_of(*Sort),
        metadata={"description": N_("The order; by relevance with words, else the latest first.")},
    )


def _places() -> fields.Integer:
    return fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": N_(
                "How many works it takes at a time; null where not published or not admitted."
            )
        },
    )


def _places_free() -> fields.Integer:
    return fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": N_(
                "How many more it takes now; null where not published or not admitted."
            )
        },
    )


class Offer(Answer):
    """One item that an institution is admitted for."""

    listing_id = fields.String(attribute="listing_public_id", required=True)
    item_code = fields.String(required=True)
    promised_days = fields.Integer(required=True)
    price_basis = fields.String(required=True)
    price = money(attribute="amount_fen", required=True, allow_none=True)
    rate_percent = rate(attribute="rate_millionths", required=True, allow_none=True)
    admitted_at = fields.AwareDateTime(required=True)
    places = _places()
    places_free = _places_free()


class Institution(Answer):
    """An institution in a list."""

    id = fields.String(attribute="institution_id", required=True)
    name = fields.String(required=True)
    region_code = fields.String(required=True)
    offers = fields.List(fields.Nested(Offer), required=True)


def _counts() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class Counts(Answer):
    """How many institutions each value of a filter leaves, under the other filters."""

    item = _counts()
    region = _counts()
    grade = _counts()
    level = _counts()


class Institutions(Answer):
    """A page of the directory."""

    data = fields.List(fields.Nested(Institution), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    counts = fields.Nested(Counts, required=True)


@dataclass(frozen=True)
class Found:
    """A page of the directory with its counts."""

    data: tuple[Any, ...]
    next: str | None
    total: int
    counts: Mapping[str, Mapping[str, int]]


@blp.operation(
    "/institutions",
    summary=N_("The institutions admitted now, with filters and counts"),
    takes=Wanted,
    gives=Institutions,
    problems=(404,),
)
def list_institutions(asked: Mapping[str, Any]) -> Found:
    session = reading_session()
    after, skip = read_cursor(asked) or ("", 0)
    query = queries.question(
        session,
        text=asked["q"],
        filters={name: asked[name] for name in queries.FILTERS},
        sort=asked["sort"],
        page_size=asked["limit"] + 1,
        after=after,
        skip=skip,
    )
    result = queries.ask(session, query).result
    shown = result.hits[: asked["limit"]]
    following = None
    if len(result.hits) > len(shown):
        following = make_cursor(asked, shown[-1].listing_key, skip + len(shown))
    found = _with_places(session, queries.cards(session, shown))
    return Found(found, following, result.total, _counted(result.facets))


def _with_places(session: Session, cards: Sequence[queries.Card]) -> tuple[dict[str, Any], ...]:
    places = capacity.capacities(session, queries.listings_on(cards))
    return tuple(
        {
            **vars(card),
            "offers": [{**vars(one), **_room(places[one.listing_id])} for one in card.offers],
        }
        for card in cards
    )


def _room(found: Capacity) -> dict[str, int | None]:
    return {"places": found.places, "places_free": found.free}


def _counted(facets: Facets) -> dict[str, Mapping[str, int]]:
    return {
        "item": facets.items,
        "region": facets.regions,
        "grade": facets.grades,
        "level": facets.levels,
    }


class Certificate(Answer):
    """A qualification in force."""

    kind = fields.String(required=True)
    level = fields.String(required=True)
    specialty = fields.String(required=True)
    certificate_number = fields.String(required=True)
    issuer = fields.String(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)


class ListedItem(Answer):
    """An item the institution is or was listed for, with its promise in force."""

    listing_id = fields.String(required=True)
    item_code = fields.String(required=True)
    state = fields.String(required=True)
    grade = fields.String(
        required=True,
        metadata={"description": N_("The grade of the last assessment; empty without one.")},
    )
    admitted_at = fields.AwareDateTime(required=True, allow_none=True)
    promised_days = fields.Integer(required=True, allow_none=True)
    price_basis = fields.String(required=True, allow_none=True)
    price = money(required=True, allow_none=True)
    rate_percent = rate(attribute="rate_millionths", required=True, allow_none=True)
    places = _places()
    places_free = _places_free()


class OneInstitution(Answer):
    """Everything public about an institution that was ever admitted."""

    class Meta:
        """What its profile states."""

        include = stating.shape(FACTS)

    id = fields.String(attribute="public_id", required=True)
    practitioner_count = fields.Integer(required=True)
    qualifications = fields.List(fields.Nested(Certificate), required=True)
    listings = fields.List(fields.Nested(ListedItem), required=True)


@blp.operation(
    "/institutions/<institution_id>",
    summary=N_("Everything public about one institution"),
    takes=NoParameters,
    gives=OneInstitution,
    problems=(404,),
    address={"institution_id": (PUBLIC_ID, N_("The id of the institution."))},
)
def read_institution(_asked: Mapping[str, Any], institution_id: str) -> dict[str, Any]:
    found = institutions.institution_page(reading_session(), institution_id)
    places = capacity.capacities(reading_session(), [one.row.id for one in found.listings])
    listed = [_listed(one) | _room(_taken(one, places[one.row.id])) for one in found.listings]
    return {**vars(found), "listings": listed}


def _taken(one: PublicListing, found: Capacity) -> Capacity:
    """Its places, while it can be chosen: whoever is not in the market takes no more works."""
    return found if one.row.state is ListingState.ADMITTED else Capacity()


def _listed(one: PublicListing) -> dict[str, Any]:
    terms = one.terms
    return {
        "listing_id": one.row.public_id,
        "item_code": one.row.item_code,
        "state": one.row.state,
        "grade": one.row.grade,
        "admitted_at": one.row.admitted_at,
        "promised_days": terms.promised_days if terms else None,
        "price_basis": terms.price_basis if terms else None,
        "price": terms.amount_fen if terms else None,
        "rate_millionths": terms.rate_millionths if terms else None,
    }
