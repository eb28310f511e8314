"""What the directory found as an Excel workbook: a line for each offer."""

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.discovery.cards import Card, cards
from marketplace.discovery.comparing import promised
from marketplace.discovery.queries import ask
from marketplace.institutions.wording import terms_text
from marketplace.web import sheets
from marketplace.web.context import language
from marketplace.web.words import day, local_name
from search import Query

_STEP = 200
MOST_PAGES = 25


def workbook(session: Session, query: Query) -> bytes:
    """The institutions that the query finds, the first 5,000, in its order."""
    columns = [
        (_("Institution"), 40),
        (_("Region"), 24),
        (_("Listed item"), 40),
        (_("Promised"), 16),
        (_("Price"), 28),
        (_("Admitted on"), 14),
    ]
    return sheets.workbook(columns, _rows(session, query))


def _rows(session: Session, query: Query) -> Iterator[tuple[str, ...]]:
    items = {item.code: item for item in catalogue.items(session)}
    regions = catalogue.regions(session)
    for card in _all_cards(session, query):
        for offer in card.offers:
            item = items[offer.item_code]
            yield (
                card.name,
                regions.path(card.region_code, language()),
                f"{item.code} {local_name(item)}",
                promised(offer.promised_days, item),
                terms_text(offer),
                day(offer.admitted_at),
            )


def _all_cards(session: Session, query: Query) -> Iterator[Card]:
    for number in range(1, MOST_PAGES + 1):
        hits = ask(session, replace(query, page=number, page_size=_STEP)).result.hits
        yield from cards(session, hits)
        if len(hits) < _STEP:
            return
