"""Cut-off: the facts of the year are frozen for every listing, before anybody knows a score."""

from datetime import date
from decimal import Decimal

from marketplace.assessments import policy, queries, rules
from marketplace.assessments.events import CycleCutOff
from marketplace.assessments.models import (
    Assessment,
    AssessmentCycle,
    AssessmentFact,
    AssessmentWork,
)
from marketplace.assessments.queries.facts import inspection_of
from marketplace.assessments.rules import CycleState, Veto
from marketplace.assessments.services import working
from marketplace.complaints import queries as complaints
from marketplace.engagements import queries as engagements
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules import GroundKind
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def cut_off(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Freeze the facts of the year; what happens later counts for the next one.

    Listings admitted during the year after the opening are taken in. Refuses `assessment.not_now`
    unless the cycle is open, and `assessment.year_not_over`.
    """
    row, standing = working.lock_cycle(uow, cycle)
    policy.may_advance(uow.actor, standing, CycleState.OPEN).require()
    since, until = rules.year_days(row.year)
    if local_date(uow.now) <= until:
        raise Refused("assessment.year_not_over", day=until)
    enrol(uow, row)
    found = {one.listing.id: one for one in queries.table(uow.session, row.id)}
    for seen in found.values():
        assessment = queries.find_assessment(uow.session, seen.id)
        _freeze(uow, assessment, seen.listing, since, until)
    working.move(row, CycleState.CUT_OFF)
    row.cut_off_at = uow.now
    working.record_cycle(uow, row, CycleCutOff, listings=len(found))


def enrol(uow: UnitOfWork, row: AssessmentCycle) -> int:
    """Take in every listing the association is competent for that is not in the cycle yet."""
    known = {one.listing.id for one in queries.table(uow.session, row.id)}
    until = min(rules.year_days(row.year)[1], local_date(uow.now))
    listings = queries.to_assess(uow.session, row.association_id, until)
    uow.session.add_all(
        Assessment(
            cycle_id=row.id,
            listing_id=one.id,
            organisation_id=one.organisation_id,
            item_code=one.item_code,
        )
        for one in listings
        if one.id not in known
    )
    uow.session.flush()
    return len(known | {one.id for one in listings})


def _freeze(
    uow: UnitOfWork, row: Assessment, listing: ListingRow, since: date, until: date
) -> None:
    work = engagements.work_facts(uow.session, listing.id, since, until)
    uow.session.add_all(
        AssessmentWork(
            assessment_id=row.id,
            engagement_id=one.engagement_id,
            number=one.number,
            accepted_on=one.accepted_on,
            within_limit=one.within_limit,
            returns=one.returns,
            rating_mean="" if one.rating_mean is None else rules.shown(one.rating_mean),
        )
        for one in work
    )
    rated = [one.rating_mean for one in work if one.rating_mean is not None]
    facts: dict[str, object] = {
        "accepted": len(work),
        "on_time": sum(one.within_limit for one in work),
        "first_pass": sum(one.returns == 0 for one in work),
        "ratings": len(rated),
        "own_mean": sum(rated, Decimal(0)) / len(rated) if rated else "",
        "item_mean": engagements.item_mean(uow.session, listing.item_code, until) or "",
        **_conduct(uow, listing, since, until),
        **_credentials(uow, listing, since, until),
        "inspection": "" if row.inspection_tenths is None else inspection_of(row),
    }
    uow.session.add_all(
        AssessmentFact(assessment_id=row.id, name=name, value=str(value))
        for name, value in facts.items()
    )
    if not row.veto and any(one.kind is GroundKind.BLACKLIST for one in listing.open_grounds):
        row.veto, row.veto_reason = Veto.BLACKLIST, Veto.BLACKLIST
    uow.session.flush()


def _conduct(uow: UnitOfWork, listing: ListingRow, since: date, until: date) -> dict[str, object]:
    counts = complaints.upheld(
        uow.session, listing.organisation_id, since, until, listing.item_code
    )
    return {"upheld": counts.upheld, "partly": counts.partly}


def _credentials(
    uow: UnitOfWork, listing: ListingRow, since: date, until: date
) -> dict[str, object]:
    """Looked at from the first admission on: before it, no certificate was asked for."""
    start = max(since, institutions.first_admitted_on(uow.session, listing.id) or since)
    days = institutions.days_qualified(uow.session, listing, start, until)
    valid, of = days if days is not None else (0, 0)
    return {"days_valid": valid, "days_looked_at": of}
