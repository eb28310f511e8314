"""The facts of a year are frozen: in the worker, so many listings in one transaction.

What a listing is measured by stands in its own rows once they are frozen, and is never taken a
second time; the mean of an item is reckoned once for all its listings. A worker that is killed is
followed by another, which goes on with the listings that are left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.assessments import events, models, policy, rules
from marketplace.assessments.queries.sheets import inspection_of
from marketplace.assessments.rules import CycleState, Veto
from marketplace.assessments.services.assessing import OVER, how_far, lock_cycle, move
from marketplace.assessments.services.enrolling import enrol_some
from marketplace.complaints.queries.upheld import ComplaintCounts, upheld_of
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries.facts import AcceptedWork
from marketplace.infra.outbox.listening import START, Progress
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow, qualified
from marketplace.institutions.queries.qualified import Stretch
from marketplace.institutions.rules.market import GroundKind
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.ratings import queries as ratings
from marketplace.verdicts import queries as verdicts

# So many listings are frozen in one transaction: a second or so, of a lease of a minute.
AT_ONCE = 100


def cut_off(uow: UnitOfWork, *, cycle: int | str) -> None:
    """Begin to freeze the facts of the year, which the worker goes on with.

    Nothing can be written into the year any more; what happens later counts for the next one.
    Refuses `assessment.not_now` unless the cycle is open, and `assessment.year_not_over`.
    """
    row, standing = lock_cycle(uow, cycle)
    policy.may_cut_off(uow.actor, standing).require()
    until = rules.year_days(row.year)[1]
    if local_date(uow.now) <= until:
        raise Refused("assessment.year_not_over", day=until)
    move(row, CycleState.FREEZING)
    row.cut_off_at = uow.now
    uow.record(events.CutOffBegun.of(row))


def freeze_facts(uow: UnitOfWork, *, cycle: int, came: Progress = START) -> Progress:
    """Take the next step of a cut-off that somebody began; nothing where none is under way.

    The first steps take in the listings admitted during the year after the opening and reckon the
    means of the items; each further one freezes the facts of so many listings.
    """
    row = uow.lock(models.AssessmentCycle, cycle)
    if row.state is not CycleState.FREEZING:
        return OVER
    means, last = _means(uow.session, row.id), None
    if means:
        _freeze_some(uow, row, means)
    else:
        last = enrol_some(uow, row, came)
        if last is None:
            _reckon_means(uow, row)
    far = how_far(uow, row, models.Assessment.frozen_at)
    if not far.over or last is not None:
        uow.record(events.FactsTaken.of(row, frozen=far.done, listings=far.total))
        return replace(far, place=() if last is None else (last,), over=False)
    move(row, CycleState.CUT_OFF)
    uow.record(events.CycleCutOff.of(row, listings=far.total))
    return far


def _means(session: Session, cycle_id: int) -> dict[str, str]:
    """The mean of every item of the cycle, once they are reckoned."""
    mean = models.AssessmentItemMean
    query = select(mean.item_code, mean.mean).where(mean.cycle_id == cycle_id)
    return dict(session.execute(query).all())


def _reckon_means(uow: UnitOfWork, row: models.AssessmentCycle) -> None:
    means = ratings.item_means(uow.session, rules.year_days(row.year)[1])
    items = select(models.Assessment.item_code).where(models.Assessment.cycle_id == row.id)
    uow.session.add_all(
        models.AssessmentItemMean(
            cycle_id=row.id, item_code=item_code, mean=str(means.get(item_code) or "")
        )
        for item_code in uow.session.scalars(items.distinct())
    )
    uow.session.flush()


def _freeze_some(uow: UnitOfWork, row: models.AssessmentCycle, means: Mapping[str, str]) -> None:
    one = models.Assessment
    left = select(one).where(one.cycle_id == row.id, one.frozen_at.is_(None)).order_by(one.id)
    assessments = uow.session.scalars(left.limit(AT_ONCE)).all()
    year = _read_year(uow.session, row.year, [each.listing_id for each in assessments])
    facts: list[dict[str, object]] = []
    for assessment in assessments:
        facts += _freeze(uow, assessment, year, means[assessment.item_code])
    uow.session.execute(insert(models.AssessmentFact), facts)
    uow.session.flush()


@dataclass(frozen=True)
class _Year:
    """What happened in a year to so many listings, each kind read once for all of them."""

    since: date
    until: date
    listings: Mapping[int, ListingRow]
    work: Mapping[int, Sequence[AcceptedWork]]
    rated: Mapping[int, Decimal]
    upheld: Callable[[int, str], ComplaintCounts]
    admitted: Mapping[int, date]
    stretches: Mapping[int, Sequence[Stretch]]


def _read_year(session: Session, year: int, listing_ids: Sequence[int]) -> _Year:
    since, until = rules.year_days(year)
    listings = institutions.listings(session, listing_ids)
    work = verdicts.counted(session, engagements.accepted_work(session, listing_ids, since, until))
    done = [one.engagement_id for some in work.values() for one in some]
    about = {one.organisation_id for one in listings.values()}
    holders = {one.institution_id for one in listings.values()}
    return _Year(
        since,
        until,
        listings,
        work,
        rated=ratings.means_of(session, done),
        upheld=upheld_of(session, about, since, until),
        admitted=qualified.first_admissions(session, listing_ids),
        stretches=qualified.qualified_stretches(session, holders),
    )


def _freeze(
    uow: UnitOfWork, row: models.Assessment, year: _Year, item_mean: str
) -> list[dict[str, object]]:
    """Keep the work of a listing and note that it is frozen; the facts to be kept."""
    listing, work = year.listings[row.listing_id], year.work.get(row.listing_id, ())
    uow.session.add_all(_kept(row, one, year.rated) for one in work)
    facts = {
        **_work(work, year.rated),
        "item_mean": item_mean,
        **_conduct(listing, year),
        **_credentials(uow.session, listing, year),
        "inspection": "" if row.inspection_tenths is None else inspection_of(row),
    }
    if not row.veto and any(one.kind is GroundKind.BLACKLIST for one in listing.open_grounds):
        row.veto, row.veto_reason = Veto.BLACKLIST, Veto.BLACKLIST
    row.frozen_at = uow.now
    return [
        {"assessment_id": row.id, "name": name, "value": str(value)}
        for name, value in facts.items()
    ]


def _kept(
    row: models.Assessment, one: AcceptedWork, rated: Mapping[int, Decimal]
) -> models.AssessmentWork:
    mean = rated.get(one.engagement_id)
    return models.AssessmentWork(
        assessment_id=row.id,
        engagement_id=one.engagement_id,
        number=one.number,
        accepted_on=local_date(one.accepted_at),
        within_limit=one.within_limit,
        returns=one.returns,
        rating_mean="" if mean is None else rules.shown(mean),
    )


def _work(work: Sequence[AcceptedWork], rated: Mapping[int, Decimal]) -> dict[str, object]:
    means = [rated[one.engagement_id] for one in work if one.engagement_id in rated]
    return {
        "accepted": len(work),
        "on_time": sum(one.within_limit for one in work),
        "first_pass": sum(one.returns == 0 for one in work),
        "ratings": len(means),
        "own_mean": sum(means, Decimal(0)) / len(means) if means else "",
    }


def _conduct(listing: ListingRow, year: _Year) -> dict[str, object]:
    counts = year.upheld(listing.organisation_id, listing.item_code)
    return {"upheld": counts.upheld, "partly": counts.partly}


def _credentials(session: Session, listing: ListingRow, year: _Year) -> dict[str, object]:
    """Looked at from the first admission on: before it, no certificate was asked for."""
    start = max(year.since, year.admitted.get(listing.id, year.since))
    stretches = year.stretches.get(listing.institution_id, ())
    days = qualified.days_qualified(session, listing, start, year.until, stretches)
    valid, of = days if days is not None else (0, 0)
    return {"days_valid": valid, "days_looked_at": of}
