"""Cycles: how each stands and is graded, for its association and for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.queries import organisation_name
from marketplace.accounts.queries.recusal import ties_of
from marketplace.assessments.models import Assessment, AssessmentCycle, AssessmentObjection
from marketplace.assessments.policy import CycleStanding
from marketplace.assessments.queries.openings import unjudged
from marketplace.assessments.rules import PUBLIC_CYCLES, CycleState, Scale, year_days
from marketplace.catalogue import queries as catalogue
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules.market import Grade
from marketplace.kernel.actors import Actor
from marketplace.vetting.queries import standings

_own = bindparam("own", type_=Integer)
_listings = select(func.count(Assessment.id)).where(Assessment.cycle_id == AssessmentCycle.id)
# Objections that wait for a decision, wherever in the cycle.
_open_objections = (
    select(func.count(AssessmentObjection.id))
    .join(Assessment, Assessment.id == AssessmentObjection.assessment_id)
    .where(Assessment.cycle_id == AssessmentCycle.id, AssessmentObjection.decided_at.is_(None))
    .scalar_subquery()
)


@dataclass(frozen=True)
class CycleRow:
    """A cycle in a list, with how many listings have which grade."""

    id: int
    public_id: str
    number: str
    association_id: int
    association_name: str
    year: int
    state: CycleState
    objection_until: date | None
    final_at: datetime | None
    listings: int
    frozen: int
    scored: int
    finished: int
    graded_a: int
    graded_b: int
    graded_c: int
    graded_d: int


@dataclass(frozen=True)
class CyclePage:
    """A cycle and what its policies ask."""

    row: CycleRow
    standing: CycleStanding


ROW = row_of(
    CycleRow,
    AssessmentCycle,
    association_name=organisation_name(AssessmentCycle.association_id),
    listings=_listings.scalar_subquery(),
    frozen=_listings.where(Assessment.frozen_at.is_not(None)).scalar_subquery(),
    scored=_listings.where(Assessment.scored_at.is_not(None)).scalar_subquery(),
    finished=_listings.where(Assessment.final_at.is_not(None)).scalar_subquery(),
    **{
        f"graded_{grade.lower()}": _listings.where(Assessment.grade == grade).scalar_subquery()
        for grade in Grade
    },
)
STANDING = row_of(
    CycleStanding, AssessmentCycle, open_objections=_open_objections, ties=LATER, unjudged=LATER
)

_NEWEST = (AssessmentCycle.year.desc(), AssessmentCycle.published_at.desc())
OWN = PagedList(ROW, AssessmentCycle.association_id == _own, {"": _NEWEST})
PUBLISHED = PagedList(ROW, AssessmentCycle.state.in_(PUBLIC_CYCLES), {"": _NEWEST})


def scale_on(session: Session, day: date) -> Scale:
    """The rulebook's numbers in force on a day."""
    rulebook = catalogue.rulebook(session)
    return Scale(
        weights=rulebook.value("assessment.weights", day),
        minimum=int(rulebook.value("assessment.minimum_engagements", day)),
        prior=int(rulebook.value("assessment.rating_prior_weight", day)),
        grades=rulebook.value("assessment.grades", day),
    )


def scale_of(session: Session, year: int) -> Scale:
    """The numbers a year is scored by: those in force on its last day."""
    return scale_on(session, year_days(year)[1])


def cycle(session: Session, key: int | str) -> CycleRow:
    """One cycle as lists show it; raises `NotFound`."""
    return ROW.one(session, ROW.by(key))


def page(session: Session, key: str, actor: Actor, today: date) -> CyclePage:
    """A cycle with what its policies ask when this person asks; raises `NotFound`."""
    return CyclePage(cycle(session, key), standing(session, key, actor, today))


def standing(session: Session, key: int | str, actor: Actor, today: date) -> CycleStanding:
    """What the policies ask of a cycle, with the ties of whoever asks; raises `NotFound`.

    What the association itself offers ties nobody: the supervisor judges that.
    """
    found, row = STANDING.one(session, STANDING.by(key)), cycle(session, key)
    assessed = set(organisations_in(session, row.id)) - {found.association_id}
    mine = ties_of(session, actor, today)
    return replace(
        found,
        ties=frozenset(one for one in mine if one.organisation_id in assessed),
        # Asked of what is made final next, and of nothing else.
        unjudged=unjudged(session, row.id) if row.state is CycleState.OBJECTIONS else (),
    )


def done_of(
    session: Session, cycle_id: int, since: InstrumentedAttribute[datetime | None]
) -> tuple[int, int]:
    """Of how many listings of a cycle an instant is noted, of how many in all."""
    query = select(func.count(since), func.count(Assessment.id))
    done, total = session.execute(query.where(Assessment.cycle_id == cycle_id)).one()
    return done, total


def of_year(session: Session, association_id: int, year: int) -> int | None:
    """The id of the cycle in which an association assesses a year, if it was opened."""
    return session.scalar(
        select(AssessmentCycle.id).where(
            AssessmentCycle.association_id == association_id, AssessmentCycle.year == year
        )
    )


def due_cycles(session: Session, now: datetime) -> Sequence[int]:
    """The cycles whose time for objections is over."""
    return session.scalars(
        select(AssessmentCycle.id).where(AssessmentCycle.attention_at <= now)
    ).all()


# The cycles in which objections are taken now, until a day that follows the calendar.
DATED = select(AssessmentCycle.id).where(AssessmentCycle.state == CycleState.PRELIMINARY)


def organisations_in(session: Session, cycle_id: int) -> tuple[int, ...]:
    """The institutions assessed in a cycle."""
    query = select(Assessment.organisation_id).where(Assessment.cycle_id == cycle_id)
    return tuple(session.scalars(query.distinct()))


def taken_in(session: Session, cycle_id: int, listing_ids: Iterable[int]) -> set[int]:
    """Which of these listings are in a cycle."""
    query = select(Assessment.listing_id).where(
        Assessment.cycle_id == cycle_id, Assessment.listing_id.in_(listing_ids)
    )
    return set(session.scalars(query))


def to_assess(
    session: Session, association_id: int, until: date, *, after: int = 0, most: int = 1
) -> tuple[ListingRow, ...]:
    """The listings admitted by the end of a day for which the association is competent.

    At most so many, with ids above `after`, in their order.
    """
    places = standings.places_of(session, association_id)
    return institutions.listings_admitted_by(session, until, places, after=after, most=most)
