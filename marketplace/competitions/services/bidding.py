"""Bids under seal: placed, replaced, withdrawn, explained; the seals broken by two people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions import events, policy, rules
from marketplace.competitions.models import Bid, Competition
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.queries.rows import OpenedBid
from marketplace.competitions.queries.sealed import SealedOffer
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import evaluating, working
from marketplace.infra import blobs
from marketplace.infra.crypto import SealBroken
from marketplace.infra.files import (
    FileRow,
    content,
    discard_file,
    files_of,
    name_file,
    store_upload,
)
from marketplace.infra.logs import get_logger
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules import independence
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.projects import services as project_services

log = get_logger(__name__)

FILE_OWNER = "bid"

FILE_KIND = "proposal"


class Proposal(Protocol):
    """An uploaded file."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class Offer:
    """What is offered; it is put under seal at once and shown to nobody."""

    price_fen: int
    promised_days: int
    statement: str = ""
    proposal: Proposal | None = None


def place_bid(uow: UnitOfWork, *, competition: int | str, offer: Offer) -> str:
    """Place a bid, or replace one's own, before the closing instant; gives its public id.

    The instant is compared under the lock of the competition, the listing must be admitted at
    that instant. Refuses ties to the department, who prepared what the item examines, a price
    above the estimated amount, and days above the item's limit. Nothing is refused for what others
    did: nobody learns who bid.
    """
    row, standing = working.lock_public(uow, competition)
    policy.may_bid(uow.actor, standing, uow.now).require()
    organisation_id = uow.organisation_id
    listing = institution_services.require_admitted(uow, _listing(uow, row, organisation_id))
    _check_ties(uow, row, organisation_id)
    _check_offer(uow, row, offer)
    project_services.require_independent(
        uow, project_id=row.project_id, item_code=row.item_code, organisation_id=organisation_id
    )
    bid = _own_bid(uow, row, organisation_id)
    sealed_offer = _sealed_offer(uow, row, bid, offer)
    event = events.BidPlaced if bid is None or bid.withdrawn_at is not None else events.BidReplaced
    if bid is None:
        bid = Bid(competition_id=row.id, organisation_id=organisation_id, version=1)
    else:
        bid.version += 1
    bid.listing_id, bid.withdrawn_at = listing.id, None
    bid.payload = sealed_offer.text()
    bid.placed_at, bid.placed_by = uow.now, uow.user_id
    uow.add(bid)
    _keep_proposal(uow, bid, offer)
    uow.record(event.of(row, bid_id=bid.id))
    return bid.public_id


def withdraw_bid(uow: UnitOfWork, *, competition: int | str) -> None:
    """Take one's own bid back before the closing instant.

    What was offered is destroyed, its files go; that there was a bid stays.
    """
    row, standing = working.lock_public(uow, competition)
    organisation_id = uow.organisation_id
    mine = reading.my_bid(uow.session, row.id, organisation_id)
    own = reading.bid_standing(mine)
    policy.may_withdraw_bid(uow.actor, standing, own, uow.now).require()
    bid = _own_bid(uow, row, organisation_id)
    if bid is None:
        raise Refused("competition.no_bid")
    bid.withdrawn_at, bid.payload = uow.now, None
    for file in files_of(uow.session, FILE_OWNER, bid.id, FILE_KIND):
        discard_file(uow, file.id)
    uow.record(events.BidWithdrawn.of(row, bid_id=bid.id))


def justify_price(uow: UnitOfWork, *, competition: int | str, words: str) -> None:
    """Explain a very low price in writing, once, within the days of the rulebook."""
    row, standing = working.lock_public(uow, competition)
    organisation_id = uow.organisation_id
    mine = reading.my_bid(uow.session, row.id, organisation_id)
    if mine is None:
        raise NotFound
    own, today = reading.bid_standing(mine), local_date(uow.now)
    policy.may_justify(uow.actor, standing, own, today).require()
    bid = uow.lock(Bid, mine.id)
    bid.justification, bid.justified_at = required(words, "words"), uow.now
    uow.record(events.PriceJustified.of(row, bid_id=bid.id))


def _own_bid(uow: UnitOfWork, row: Competition, organisation_id: int) -> Bid | None:
    query = select(Bid.id).where(
        Bid.competition_id == row.id, Bid.organisation_id == organisation_id
    )
    key = uow.session.scalar(query)
    return None if key is None else uow.lock(Bid, key)


def _listing(uow: UnitOfWork, row: Competition, organisation_id: int) -> int:
    institution = institutions.my_institution(uow.session, organisation_id)
    if institution is not None:
        for listing in institutions.listings_of(uow.session, institution.id):
            if listing.item_code == row.item_code:
                return listing.id
    raise Refused("competition.not_listed")


def _check_ties(uow: UnitOfWork, row: Competition, organisation_id: int) -> None:
    """No tie to the department; who belongs together is judged at the opening."""
    mine = institutions.backgrounds(uow.session, {organisation_id})[organisation_id]
    department = accounts.organisation(uow.session, row.department_id)
    if independence.tied_to(mine, department.name, department.credit_code):
        raise Refused("competition.tied_to_department")


def _check_offer(uow: UnitOfWork, row: Competition, offer: Offer) -> None:
    if offer.price_fen <= 0:
        raise Refused("competition.price_missing", field="price")
    if offer.price_fen > row.ceiling_fen:
        raise Refused("competition.above_ceiling", field="price")
    limit = catalogue.item_version(uow.session, row.item_version_id).longest_limit
    if not 0 < offer.promised_days <= limit.value:
        raise Refused("competition.days_above_limit", field="promised_days", limit=limit)


def _sealed_offer(
    uow: UnitOfWork, row: Competition, bid: Bid | None, offer: Offer
) -> sealed.SealedOffer:
    """What goes under seal; without a new proposal the old one stays, if a score needs none."""
    if offer.proposal is not None:
        data = offer.proposal.data
        files: tuple[sealed.SealedFile, ...] = (
            sealed.SealedFile(offer.proposal.name, blobs.digest(data)),
        )
    else:
        before = sealed.offer_to_replace(uow.session, bid.id) if bid is not None else None
        files = before.files if before is not None else ()
    if row.method is Method.COMPREHENSIVE and not files:
        raise Refused("competition.proposal_needed", field="proposal")
    return sealed.SealedOffer(
        offer.price_fen, offer.promised_days, optional(offer.statement, "statement"), files
    )


def _keep_proposal(uow: UnitOfWork, bid: Bid, offer: Offer) -> None:
    """A new proposal takes the place of the old one; until the opening its name tells nothing."""
    if offer.proposal is None:
        return
    for file in files_of(uow.session, FILE_OWNER, bid.id, FILE_KIND):
        discard_file(uow, file.id)
    store_upload(
        uow,
        owner_kind=FILE_OWNER,
        owner_id=bid.id,
        kind=FILE_KIND,
        name=FILE_KIND,
        data=offer.proposal.data,
        personal=True,
        field="proposal",
    )


def request_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Ask for the opening once sign-up is closed; another person confirms it."""
    row, standing = working.lock_own(uow, competition)
    policy.may_request_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.OPENING_REQUESTED)
    row.opening_requested_by, row.opening_requested_at = uow.user_id, uow.now
    uow.record(events.OpeningRequested.of(row, requester_id=row.opening_requested_by))


def withdraw_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Take the request back: the bids stay sealed."""
    row, standing = working.lock_own(uow, competition)
    policy.may_withdraw_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.CLOSED)
    row.opening_requested_by = row.opening_requested_at = None
    uow.record(events.OpeningWithdrawn.of(row))


def confirm_opening(uow: UnitOfWork, *, competition: int | str) -> None:
    """Break the seals of all bids at once, by another person than the one who asked.

    The row is locked, so two officers pressing the button together open it once. Entrants that
    belong together, or to the department, are out, all of them: nobody could ask before. Of the
    other prices the very low ones are flagged: their bidders have the rulebook's days to explain.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_confirm_opening(uow.actor, standing).require()
    working.move(uow, row, CompetitionState.OPENED)
    row.opened_by, row.opened_at = uow.user_id, uow.now
    uow.flush()
    bids = _break_seals(uow, row)
    uow.record(
        events.BidsOpened.of(
            row,
            bid_count=len(bids),
            requester_id=row.opening_requested_by,
            opener_id=row.opened_by,
        )
    )
    out = evaluating.exclude_dependent(uow, row, bids)
    _flag_low_prices(uow, [bid for bid in bids if bid.id not in out])


def _break_seals(uow: UnitOfWork, row: Competition) -> tuple[OpenedBid, ...]:
    """All bids, their proposals by name, or none; refuses `competition.does_not_open`."""
    try:
        offers = sealed.opened_offers(uow.session, row.id)
        _name_proposals(uow, offers)
        return sealed.opened_bids(uow.session, row.id, offers)
    except (SealBroken, blobs.BlobMissing) as error:
        log.exception("competition.does_not_open", competition=row.number, exc_info=error)
        raise Refused("competition.does_not_open") from error


def _name_proposals(uow: UnitOfWork, offers: Mapping[int, SealedOffer]) -> None:
    """Each proposal gets its name back; one that is not what was put under seal stops the opening.

    Raises `SealBroken`.
    """
    for bid_id, offer in offers.items():
        kept = files_of(uow.session, FILE_OWNER, bid_id, FILE_KIND) if offer.files else ()
        for said in offer.files:
            found = next((one for one in kept if _is_sealed_file(one, said)), None)
            if found is None:
                raise SealBroken(f"proposal of bid {bid_id}")
            name_file(uow, found.id, said.name)


def _is_sealed_file(row: FileRow, said: sealed.SealedFile) -> bool:
    return blobs.digest(content(row)) == said.sha256


def _flag_low_prices(uow: UnitOfWork, bids: Sequence[OpenedBid]) -> None:
    prices = {bid.id: bid.price_fen for bid in bids}
    low = rules.suspiciously_low(
        prices, _share(uow, "low_price_below_mean"), _share(uow, "low_price_below_next")
    )
    calendar = catalogue.calendar(uow.session)
    days = working.days(uow, "low_price_justification_days")
    for key in low:
        bid = uow.lock(Bid, key)
        bid.low_priced = True
        bid.justify_by = deadline(calendar, working.today(uow), days)
    uow.flush()


def _share(uow: UnitOfWork, key: str) -> Decimal:
    value = catalogue.rule(uow.session, f"competition.{key}", working.today(uow))
    return Decimal(str(value))
