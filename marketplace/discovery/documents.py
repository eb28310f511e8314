"""From an admitted listing to its document in the index."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import RegionTree
from marketplace.institutions.queries import ListingDocument as Listing
from marketplace.kernel.times import local_date
from search import NO_GRADE, NO_SCORE, ListingDocument


def level_code(kind: str, level: str) -> str:
    """A qualification as a filter value: `lightning_inspection:甲级`; a kind alone has no level."""
    return f"{kind}:{level}" if level else kind


def to_documents(session: Session, listings: Iterable[Listing]) -> list[ListingDocument]:
    """One document per listing.

    Its region and all above it are found, superseded codes too; and so are what its item is called
    and the codes of the item and the institution.
    """
    regions = catalogue.regions(session)
    called = {item.code: (item.name, *item.name_en.split()) for item in catalogue.items(session)}
    return [_document(listing, regions, called.get(listing.item_code, ())) for listing in listings]


def _document(listing: Listing, regions: RegionTree, called: tuple[str, ...]) -> ListingDocument:
    region = regions.resolve(listing.region_code) or listing.region_code
    held = {level_code(q.kind, q.level) for q in listing.qualifications}
    return ListingDocument(
        key=listing.listing_public_id,
        institution_id=listing.institution_id,
        institution_key=listing.institution_public_id,
        name=listing.name,
        item=listing.item_code,
        admitted_on=local_date(listing.admitted_at),
        promised_days=listing.promised_days,
        profile=listing.profile,
        words=(*called, listing.item_code, listing.credit_code),
        regions=(region, *regions.ancestors(region)),
        levels=tuple(sorted(held)),
        grade=listing.grade or NO_GRADE,
        score=NO_SCORE if listing.score_hundredths is None else listing.score_hundredths,
    )
