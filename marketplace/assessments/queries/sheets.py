"""One listing's assessment: its line in the tables, its sheet, the frozen facts it rests on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _
from sqlalchemy import Integer, bindparam, case, func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries.offices import judge_for
from marketplace.assessments import models, rules
from marketplace.assessments.policy import SheetStanding
from marketplace.assessments.queries.cycles import CycleRow, cycle, scale_of
from marketplace.assessments.rules import (
    PUBLIC_CYCLES,
    CycleState,
    Facts,
    ObjectionOutcome,
    Score,
    Veto,
)
from marketplace.clocks.queries import NO_DAY, NO_NUMBER, waiting_list
from marketplace.clocks.rules import Waiting
from marketplace.engagements.rules import Side
from marketplace.incidents.queries import Counted, counted
from marketplace.infra.finding import find_row
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import LATER, row_of, through
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import Grade

# How the filter calls listings without a grade.
NOT_GRADED = "none"

_state = through(models.Assessment.cycle_id, models.AssessmentCycle.state)
_year = through(models.Assessment.cycle_id, models.AssessmentCycle.year)
_association = through(models.Assessment.cycle_id, models.AssessmentCycle.association_id)
_number = through(models.Assessment.cycle_id, models.AssessmentCycle.number)
_listing = institutions.heading(models.Assessment.listing_id)
# Whether an objection waits for a decision.
_objected = (
    select(models.AssessmentObjection.id)
    .where(
        models.AssessmentObjection.assessment_id == models.Assessment.id,
        models.AssessmentObjection.decided_at.is_(None),
    )
    .exists()
)


@dataclass(frozen=True)
class AssessmentRow:
    """One listing in a cycle's table."""

    id: int
    public_id: str
    cycle_public_id: str
    year: int
    state: CycleState
    listing_id: int
    organisation_id: int
    institution_public_id: str
    institution_name: str
    item_code: str
    inspected_at: datetime | None
    veto: Veto | None
    total_hundredths: int | None
    grade: str
    final_at: datetime | None
    objected: bool

    @property
    def total(self) -> Decimal | None:
        """The points of 100."""
        return institutions.points_of(self.total_hundredths)


@dataclass(frozen=True)
class WorkRow:
    """An engagement accepted in the year."""

    number: str
    accepted_on: date
    within_limit: bool
    returns: int
    rating_mean: str


@dataclass(frozen=True)
class Correction:
    """A frozen fact that an objection corrected."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class ObjectionRow:
    """An objection to a preliminary grade."""

    id: int
    public_id: str
    body: str
    filed_at: datetime
    outcome: ObjectionOutcome | None
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """A listing's score sheet: facts, parts with their arithmetic, work, objections.

    `incidents` says how many each side noted in the work of the year: to read, not scored.
    """

    row: AssessmentRow
    standing: SheetStanding
    cycle: CycleRow
    facts: Facts | None
    score: Score | None
    work: tuple[WorkRow, ...]
    corrections: tuple[Correction, ...]
    objections: tuple[ObjectionRow, ...]
    inspection: Decimal | None
    inspection_words: str
    veto_reason: str
    incidents: Mapping[Side, Counted]


@dataclass(frozen=True)
class GradeRow:
    """The final grade of a year, for the public history."""

    year: int
    item_code: str
    grade: str
    total_hundredths: int | None
    cycle_public_id: str

    @property
    def total(self) -> Decimal | None:
        """The points of 100."""
        return institutions.points_of(self.total_hundredths)


@dataclass(frozen=True)
class Assessed:
    """Who has to do with an assessment, for notifications."""

    public_id: str
    number: str
    association_id: int
    organisation_id: int
    item_code: str
    judge_id: int | None = None


ROW = row_of(
    AssessmentRow,
    models.Assessment,
    cycle_public_id=through(models.Assessment.cycle_id, models.AssessmentCycle.public_id),
    year=_year,
    state=_state,
    institution_public_id=_listing.institution_public_id,
    institution_name=_listing.name,
    objected=_objected,
)
_STANDING = row_of(
    SheetStanding,
    models.Assessment,
    state=_state,
    association_id=_association,
    published_by=through(models.Assessment.cycle_id, models.AssessmentCycle.published_by),
    objection_until=through(models.Assessment.cycle_id, models.AssessmentCycle.objection_until),
    objected=_objected,
    judge_id=LATER,
    ties=LATER,
    trail=LATER,
)
_GRADE = row_of(
    GradeRow,
    models.Assessment,
    year=_year,
    cycle_public_id=through(models.Assessment.cycle_id, models.AssessmentCycle.public_id),
)
_ASSESSED = row_of(
    Assessed, models.Assessment, number=_number, association_id=_association, judge_id=LATER
)
_WORK = row_of(WorkRow, models.AssessmentWork)
_OBJECTION = row_of(ObjectionRow, models.AssessmentObjection)
_SHEET = row_of(
    Sheet,
    models.Assessment,
    row=LATER,
    standing=LATER,
    cycle=LATER,
    facts=LATER,
    score=LATER,
    work=LATER,
    corrections=LATER,
    objections=LATER,
    inspection=LATER,
    incidents=LATER,
)
# For the desk: as an objection has no day by which it is decided, no board of lights shows it.
WAITING = waiting_list(
    row_of(
        Waiting,
        models.Assessment,
        kind=literal("assessment_objection"),
        number=_number,
        what=literal("assessment.objection"),
        owes_organisation_id=_association,
        light=literal("green"),
        due_on=NO_DAY,
        region_code=literal(""),
        about_organisation_id=models.Assessment.organisation_id,
        title=_listing.name,
        figure=NO_NUMBER,
        since=select(func.max(models.AssessmentObjection.filed_at))
        .where(models.AssessmentObjection.assessment_id == models.Assessment.id)
        .correlate(models.Assessment)
        .scalar_subquery(),
    ),
    _objected,
)

# The listings of a year by name: for its association, and once published for everybody.
TABLE = PagedList(
    ROW,
    models.Assessment.cycle_id == bindparam("cycle", type_=Integer),
    {"": (_listing.name, models.Assessment.item_code)},
    facets=(
        Facet(
            "grade",
            _("Grade"),
            case((models.Assessment.grade == "", NOT_GRADED), else_=models.Assessment.grade),
            words={NOT_GRADED: _("Not graded")},
            values=(*Grade, NOT_GRADED),
        ),
    ),
    text=(_listing.name,),
    size=50,
)
# What an institution reads of its own, newest year first.
OWN = PagedList(
    ROW,
    (models.Assessment.organisation_id == bindparam("own", type_=Integer))
    & _state.in_(PUBLIC_CYCLES),
    {"": (_year.desc(), models.Assessment.item_code)},
)


def standing(session: Session, assessment_id: int, today: date) -> SheetStanding:
    """What the policies ask of an assessment, with everybody who may not judge it."""
    found = _STANDING.one(session, _STANDING.by(assessment_id))
    return replace(
        found,
        judge_id=judge_for(session, found.association_id, found.organisation_id),
        ties=accounts.ties(session, found.organisation_id, today),
        trail=accounts.trail(session, _acts_on(session, assessment_id)),
    )


def _acts_on(session: Session, assessment_id: int) -> dict[str, tuple[int, ...]]:
    """The records in which people act on an assessment: its own and its cycle."""
    cycle_id = session.get_one(models.Assessment, assessment_id).cycle_id
    return {"assessment": (assessment_id,), "assessment_cycle": (cycle_id,)}


def sheet(session: Session, key: int | str, today: date) -> Sheet:
    """A listing's score sheet; who may see it is the policy's. Raises `NotFound`."""
    row = find_row(session, models.Assessment, key)
    held = cycle(session, row.cycle_id)
    facts = frozen_facts(session, row)
    scored = row.total_hundredths is not None and facts is not None
    work = _WORK.query().where(models.AssessmentWork.assessment_id == row.id)
    objections = _OBJECTION.query().where(models.AssessmentObjection.assessment_id == row.id)
    return _SHEET.of(
        row,
        row=ROW.one(session, ROW.by(row.id)),
        standing=standing(session, row.id, today),
        cycle=held,
        facts=facts,
        score=rules.score(facts, scale_of(session, held.year)) if scored and facts else None,
        work=_WORK.all(
            session, work.order_by(models.AssessmentWork.accepted_on, models.AssessmentWork.id)
        ),
        corrections=corrections(session, row.id),
        objections=_OBJECTION.all(session, objections.order_by(models.AssessmentObjection.id)),
        inspection=inspection_of(row),
        incidents=counted(session, row.listing_id, held.year),
    )


def frozen_facts(session: Session, row: models.Assessment) -> Facts | None:
    """The facts of a listing, as corrected; None before the cut-off."""
    return facts_of(session, [row]).get(row.id)


def facts_of(session: Session, rows: Collection[models.Assessment]) -> dict[int, Facts]:
    """The facts of so many listings, as corrected, without those that are not frozen."""
    stored = models.AssessmentFact
    query = select(stored.assessment_id, stored.name, stored.value).where(
        stored.assessment_id.in_([one.id for one in rows])
    )
    values: dict[int, dict[str, str]] = {}
    for key, name, value in session.execute(query.order_by(stored.id)):
        values.setdefault(key, {})[name] = value
    return {one.id: _facts(values[one.id], one.veto) for one in rows if one.id in values}


def _facts(values: Mapping[str, str], veto: Veto | None) -> Facts:
    return Facts(
        accepted=int(values["accepted"]),
        on_time=int(values["on_time"]),
        first_pass=int(values["first_pass"]),
        ratings=int(values["ratings"]),
        own_mean=_decimal(values["own_mean"]),
        item_mean=_decimal(values["item_mean"]),
        upheld=int(values["upheld"]),
        partly=int(values["partly"]),
        days_valid=int(values["days_valid"]),
        days_looked_at=int(values["days_looked_at"]),
        inspection=_decimal(values["inspection"]),
        veto=veto,
    )


def inspection_of(row: models.Assessment) -> Decimal | None:
    """The points of the inspection, 0 to 10."""
    return None if row.inspection_tenths is None else Decimal(row.inspection_tenths) / 10


def corrections(session: Session, assessment_id: int) -> tuple[Correction, ...]:
    """The facts that objections corrected."""
    return tuple(
        Correction(name, values[0], values[-1])
        for name, values in _all(session, assessment_id).items()
        if len(values) > 1
    )


def _decimal(value: str) -> Decimal | None:
    return Decimal(value) if value else None


def _all(session: Session, assessment_id: int) -> dict[str, list[str]]:
    """Every fact with its values, the frozen one first, the present one last."""
    query = select(models.AssessmentFact).where(
        models.AssessmentFact.assessment_id == assessment_id
    )
    found: dict[str, list[str]] = {}
    for one in session.scalars(query.order_by(models.AssessmentFact.id)):
        found.setdefault(one.name, []).append(one.value)
    return found


def of_listing(session: Session, cycle_id: int, listing_id: int) -> int:
    """The id of a listing's assessment in a cycle."""
    return session.scalars(
        select(models.Assessment.id).where(
            models.Assessment.cycle_id == cycle_id, models.Assessment.listing_id == listing_id
        )
    ).one()


def final_grades(session: Session, organisation_id: int) -> tuple[GradeRow, ...]:
    """The final grades of an institution, newest year first."""
    query = _GRADE.query().where(
        models.Assessment.organisation_id == organisation_id,
        models.Assessment.final_at.is_not(None),
    )
    return _GRADE.all(session, query.order_by(_year.desc(), models.Assessment.item_code))


def assessed(session: Session, assessment_id: int) -> Assessed:
    """Who has to do with an assessment."""
    found = _ASSESSED.one(session, _ASSESSED.by(assessment_id))
    judge_id = judge_for(session, found.association_id, found.organisation_id)
    return replace(found, judge_id=judge_id)
