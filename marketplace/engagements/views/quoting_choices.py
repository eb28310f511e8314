"""What the form of a round offers: the enterprise's projects, classes, and whom to ask."""

from collections.abc import Iterable, Sequence

from flask import request
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules import RegionTree
from marketplace.catalogue.wording import limit_text
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.wording import terms_text
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.workdays import Limit
from marketplace.projects.queries import ProjectRow
from marketplace.web.context import language
from marketplace.web.words import local_name

# Beside those that were chosen before, so many are offered; the directory finds the others.
MOST_OFFERED = 20


def project_choices(rows: Iterable[ProjectRow]) -> list[SelectChoice]:
    """The projects, by name and code."""
    return [SelectChoice(row.public_id, f"{row.name} ({row.code})") for row in rows]


def variant_choices(item: ItemRow) -> list[SelectChoice]:
    """The classes of the item with their limits; empty where it has none."""
    return [
        SelectChoice(one.key, f"{local_name(one)} ({limit_text(one.limit)})")
        for one in item.variants
    ]


def asked_before(session: Session, item_code: str) -> list[str]:
    """The listings named in the address: directly, or by their institutions."""
    named = [key for key in request.args.getlist("listing") if is_public_id(key)]
    chosen = set(request.args.getlist("id"))
    if not chosen:
        return named
    rows = institutions.listings_for(session, item_code)
    return [*named, *(row.public_id for row in rows if row.institution_public_id in chosen)]


def nearest_first(
    session: Session, rows: Iterable[ListingRow], place: str, first: Sequence[str]
) -> list[ListingRow]:
    """Those chosen before, then those nearest to the place, at most `MOST_OFFERED` of them."""
    tree = catalogue.regions(session)
    around = (place, *tree.ancestors(place)) if place else ()
    kept = [row for row in rows if row.public_id in first]
    others = [row for row in rows if row.public_id not in first]
    others.sort(key=lambda row: (_distance(tree, around, row.region_code), row.name))
    return [*kept, *others[:MOST_OFFERED]]


def _distance(tree: RegionTree, around: Sequence[str], code: str) -> int:
    """0 in the same place, more the farther up the region that both lie in."""
    own = {code, *tree.ancestors(code)}
    return next((far for far, region in enumerate(around) if region in own), len(around))


def listing_choices(
    session: Session, rows: Iterable[ListingRow], item: ItemRow
) -> list[SelectChoice]:
    """Institutions by name, with place, promise and price."""
    tree, found = catalogue.regions(session), list(rows)
    said = {one.listing_id: one for one in institutions.listing_documents(session, _ids(found))}
    choices = []
    for row in found:
        facts = [row.name, tree.path(row.region_code, language())]
        terms = said.get(row.id)
        if terms is not None and terms.promised_days is not None:
            facts.append(limit_text(Limit(terms.promised_days, item.limit.unit)))
            facts.append(terms_text(terms))
        choices.append(SelectChoice(row.public_id, " · ".join(facts)))
    return choices


def _ids(rows: Iterable[ListingRow]) -> list[int]:
    return [row.id for row in rows]
