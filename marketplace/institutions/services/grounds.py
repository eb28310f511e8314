"""Why a listing stands still: opening and closing grounds, and certificates in time."""

from datetime import date

from sqlalchemy import select

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.items import HeldQualification, Requirements, missing_requirements
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import events, policy
from marketplace.institutions.models.dossier import Institution, Qualification
from marketplace.institutions.models.market import Listing, SuspensionGround
from marketplace.institutions.queries import current
from marketplace.institutions.rules import market
from marketplace.institutions.services.dossier import lock_listing, lock_own_listing, step_listing
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

# Opened and closed by the platform or by the institution itself, each in its own act.
_NOT_BY_MEASURE = frozenset({market.GroundKind.EXPIRY, market.GroundKind.OWN_PAUSE})


def open_ground(
    uow: UnitOfWork, *, listing_id: int | str, kind: market.GroundKind, reason: str
) -> None:
    """Suspend a listing by an interim measure or because of the blacklist, with reasons.

    Refuses `ground.not_a_measure`, `request.words_needed`, `ground.already_open` and
    `listing.not_in_market`.
    """
    locked = lock_listing(uow, listing_id)
    policy.may_measure(uow.actor).require()
    if kind in _NOT_BY_MEASURE:
        raise Refused("ground.not_a_measure", field="kind")
    reason = required(reason, "reason")
    if locked.listing.state not in market.LISTED:
        raise Refused("listing.not_in_market")
    if open_one(uow, locked.listing, kind) is not None:
        raise Refused("ground.already_open", field="kind")
    begin_ground(uow, locked.listing, kind, reason)


def close_ground(
    uow: UnitOfWork, *, listing_id: int | str, kind: market.GroundKind, reason: str
) -> None:
    """End an interim measure or a blacklisting; the last ground to close reinstates the listing.

    Refuses `ground.not_a_measure`, `request.words_needed` and `ground.not_open`.
    """
    locked = lock_listing(uow, listing_id)
    policy.may_measure(uow.actor).require()
    if kind in _NOT_BY_MEASURE:
        raise Refused("ground.not_a_measure", field="kind")
    reason = required(reason, "reason")
    ground = open_one(uow, locked.listing, kind)
    if ground is None:
        raise Refused("ground.not_open")
    end_ground(uow, locked.listing, ground, reason)


def pause_listing(uow: UnitOfWork, *, listing_id: int | str, reason: str) -> None:
    """Step aside with a listing for a while, by the institution's own wish.

    Refuses `listing.not_in_market`, `listing.already_paused`, `request.words_needed`.
    """
    locked = lock_own_listing(uow, listing_id)
    ground = open_one(uow, locked.listing, market.GroundKind.OWN_PAUSE)
    policy.may_pause(
        uow.actor, locked.institution, locked.listing, paused=ground is not None
    ).require()
    reason = required(reason, "reason")
    begin_ground(uow, locked.listing, market.GroundKind.OWN_PAUSE, reason)


def resume_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """End the institution's own pause; other open grounds keep the listing suspended.

    Refuses `listing.not_in_market` and `listing.not_paused`.
    """
    locked = lock_own_listing(uow, listing_id)
    ground = open_one(uow, locked.listing, market.GroundKind.OWN_PAUSE)
    policy.may_resume(
        uow.actor, locked.institution, locked.listing, paused=ground is not None
    ).require()
    if ground is not None:
        end_ground(uow, locked.listing, ground, "")


def open_one(uow: UnitOfWork, listing: Listing, kind: market.GroundKind) -> SuspensionGround | None:
    """The open ground of a kind, if there is one."""
    return uow.session.scalars(
        select(SuspensionGround).where(
            SuspensionGround.listing_id == listing.id,
            SuspensionGround.kind == kind,
            SuspensionGround.closed_at.is_(None),
        )
    ).one_or_none()


def begin_ground(uow: UnitOfWork, listing: Listing, kind: market.GroundKind, reason: str) -> None:
    """Open a ground and let the listing's state follow."""
    ground = uow.add(
        SuspensionGround(
            listing_id=listing.id,
            kind=kind,
            reason=reason,
            opened_at=uow.now,
            opened_by=uow.actor.user_id,
        )
    )
    uow.record(events.GroundOpened.of(listing, ground=kind, ground_id=ground.id), words=reason)
    follow_grounds(uow, listing)


def end_ground(uow: UnitOfWork, listing: Listing, ground: SuspensionGround, reason: str) -> None:
    """Close a ground and let the listing's state follow."""
    ground.closed_at, ground.closed_by = uow.now, uow.actor.user_id
    uow.session.flush()
    closed = events.GroundClosed.of(listing, ground=ground.kind, ground_id=ground.id)
    uow.record(closed, words=reason)
    follow_grounds(uow, listing)


def end_with_withdrawal(uow: UnitOfWork, listing: Listing) -> None:
    """Close the grounds that end with a withdrawal; measures of an authority stay open."""
    for kind in sorted(market.GROUNDS_ENDING_WITH_WITHDRAWAL):
        ground = open_one(uow, listing, kind)
        if ground is not None:
            end_ground(uow, listing, ground, "")


def follow_grounds(uow: UnitOfWork, listing: Listing) -> None:
    """Suspend or reinstate a listing in the market as its grounds demand."""
    grounds = uow.session.scalars(
        select(SuspensionGround)
        .where(SuspensionGround.listing_id == listing.id)
        .order_by(SuspensionGround.id)
    ).all()
    target = market.state_by_grounds(listing.state, grounds)
    if target == listing.state:
        return
    step_listing(uow, listing, target)
    if target is market.ListingState.SUSPENDED:
        kind = next(ground.kind for ground in grounds if ground.closed_at is None)
        uow.record(events.ListingSuspended.of(listing, ground=kind))
    else:
        uow.record(events.ListingReinstated.of(listing))


def settle_qualification(uow: UnitOfWork, *, qualification_id: int) -> None:
    """Give the warning that is due for a certificate in force, or record that it expired.

    Does nothing when another worker did it already. The listings that rest on it are looked
    at again when it expired.
    """
    found = uow.find(Qualification, qualification_id)
    institution = uow.lock(Institution, found.institution_id)
    row = uow.lock(Qualification, qualification_id)
    if row.attention_at is None or row.attention_at > uow.now or row.valid_to is None:
        return
    today = local_date(uow.now)
    if row.valid_to < today:
        row.expired_at, row.attention_at = uow.now, None
        uow.record(events.QualificationExpired(institution.id, row.id, row.valid_to))
        recheck_all(uow, institution)
        return
    warnings = _warnings(uow, today)
    due = market.due_warning(row.valid_to, warnings, row.warned_days, today)
    if due is not None:
        row.warned_days = due
        uow.record(events.QualificationExpiring(institution.id, row.id, due, row.valid_to))
    row.attention_at = market.next_attention(row.valid_to, warnings, row.warned_days)


def watch_expiry(uow: UnitOfWork, row: Qualification) -> None:
    """Set when a certificate that came into force next needs attention."""
    row.warned_days, row.expired_at = None, None
    row.attention_at = market.next_attention(
        row.valid_to, _warnings(uow, local_date(uow.now)), None
    )


def recheck_listing(uow: UnitOfWork, *, listing_id: int) -> None:
    """Look at a listing on the day on which validity begins or ends behind it.

    Requirements no longer met open the ground of expiry, requirements met again close it.
    """
    locked = lock_listing(uow, listing_id)
    if locked.listing.recheck_at is None or locked.listing.recheck_at > uow.now:
        return
    before = uow.recorded
    recheck(uow, locked.listing)
    if uow.recorded == before:
        uow.record(events.ListingRechecked.of(locked.listing))


def recheck_all(uow: UnitOfWork, institution: Institution) -> None:
    """Look at all listings of an institution in the market, after its certificates changed."""
    for listing in current.listings_of_institution(uow.session, institution.id):
        if listing.state in market.LISTED:
            recheck(uow, lock_listing(uow, listing.id).listing)


def recheck(uow: UnitOfWork, listing: Listing) -> None:
    """Open or close the ground of expiry by the requirements of the item's version admitted."""
    if listing.state not in market.LISTED:
        listing.recheck_at = None
        return
    today = local_date(uow.now)
    requirements, certificates = _requirements(uow, listing), _certificates(uow, listing)
    levels = catalogue.level_order(uow.session)
    lacking = bool(missing_requirements(requirements, certificates, levels, today))
    listing.recheck_at = market.next_change(requirements, certificates, levels, today)
    _follow_validity(uow, listing, lacking=lacking)


def lacks_validity(uow: UnitOfWork, listing: Listing) -> bool:
    """Whether the requirements behind a listing are no longer met, and nobody has looked yet."""
    if listing.recheck_at is None or listing.recheck_at > uow.now:
        return False
    levels = catalogue.level_order(uow.session)
    requirements, certificates = _requirements(uow, listing), _certificates(uow, listing)
    return bool(missing_requirements(requirements, certificates, levels, local_date(uow.now)))


def _certificates(uow: UnitOfWork, listing: Listing) -> tuple[HeldQualification, ...]:
    today = local_date(uow.now)
    rows = current.qualifications_in_force(uow.session, listing.institution_id, today)
    return current.held(rows)


def _follow_validity(uow: UnitOfWork, listing: Listing, *, lacking: bool) -> None:
    ground = open_one(uow, listing, market.GroundKind.EXPIRY)
    if lacking and ground is None:
        begin_ground(uow, listing, market.GroundKind.EXPIRY, "")
    elif not lacking and ground is not None:
        end_ground(uow, listing, ground, "")


def _requirements(uow: UnitOfWork, listing: Listing) -> Requirements:
    terms = current.terms_in_force(uow.session, listing.id)
    if terms is None:
        return catalogue.item(uow.session, listing.item_code).requirements
    return catalogue.item_version(uow.session, terms.item_version_id).requirements


def _warnings(uow: UnitOfWork, today: date) -> tuple[int, ...]:
    return tuple(catalogue.rule(uow.session, "qualification.expiry_warning_days", today))
