"""Cycles, their tables, one listing's sheet, and the frozen facts it is scored from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.assessments import rules
from marketplace.assessments.models import (
    Assessment,
    AssessmentCycle,
    AssessmentFact,
    AssessmentObjection,
    AssessmentWork,
)
from marketplace.assessments.policy import CycleStanding
from marketplace.assessments.queries.rows import (
    AssessmentRow,
    Concerned,
    Correction,
    CycleRow,
    GradeRow,
    ObjectionRow,
    Sheet,
    WorkRow,
)
from marketplace.assessments.rules import (
    PUBLIC_CYCLES,
    CycleState,
    Facts,
    ObjectionOutcome,
    Scale,
    Veto,
    year_days,
)
from marketplace.catalogue import queries as catalogue
from marketplace.infra.finding import find_row
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.vetting import queries as vetting


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


def frozen_facts(session: Session, row: Assessment) -> Facts | None:
    """The facts of an assessment as they stand now; None before cut-off."""
    values = {name: last[-1] for name, last in _all(session, row.id).items()}
    if not values:
        return None
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
        veto=row.veto,
    )


def inspection_of(row: Assessment) -> Decimal | None:
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
    query = select(AssessmentFact).where(AssessmentFact.assessment_id == assessment_id)
    found: dict[str, list[str]] = {}
    for one in session.scalars(query.order_by(AssessmentFact.id)):
        found.setdefault(one.name, []).append(one.value)
    return found


def find_cycle(session: Session, key: int | str) -> AssessmentCycle:
    """The cycle with this integer or public id; raises `NotFound`."""
    return find_row(session, AssessmentCycle, key)


def find_assessment(session: Session, key: int | str) -> Assessment:
    """The assessment with this integer or public id; raises `NotFound`."""
    return find_row(session, Assessment, key)


def standing_of(session: Session, row: AssessmentCycle) -> CycleStanding:
    """What the policies ask of a cycle."""
    still_open = session.scalar(
        select(func.count(AssessmentObjection.id))
        .join(Assessment, Assessment.id == AssessmentObjection.assessment_id)
        .where(Assessment.cycle_id == row.id, AssessmentObjection.outcome == "")
    )
    return CycleStanding(
        state=CycleState(row.state),
        association_id=row.association_id,
        published_by=row.published_by,
        objection_until=row.objection_until,
        open_objections=still_open or 0,
    )


def cycles_of(session: Session, association_id: int) -> tuple[CycleRow, ...]:
    """The cycles of an association, the newest year first."""
    query = select(AssessmentCycle).where(AssessmentCycle.association_id == association_id)
    return _cycle_rows(session, query.order_by(AssessmentCycle.year.desc()))


def public_cycles(session: Session) -> tuple[CycleRow, ...]:
    """The cycles whose grades everybody may read, newest first."""
    query = select(AssessmentCycle).where(AssessmentCycle.state.in_(PUBLIC_CYCLES))
    order = (AssessmentCycle.year.desc(), AssessmentCycle.published_at.desc())
    return _cycle_rows(session, query.order_by(*order))


def cycle(session: Session, key: int | str) -> CycleRow:
    """One cycle as lists show it."""
    return _seen_cycles(session, [find_cycle(session, key)])[0]


def due_cycles(session: Session, now: datetime) -> Sequence[int]:
    """The cycles whose time for objections is over."""
    return session.scalars(
        select(AssessmentCycle.id).where(AssessmentCycle.attention_at <= now)
    ).all()


def dated_cycles(session: Session) -> Sequence[int]:
    """The cycles in which objections are taken now."""
    query = select(AssessmentCycle.id).where(AssessmentCycle.state == CycleState.PRELIMINARY)
    return session.scalars(query.order_by(AssessmentCycle.id)).all()


def table(
    session: Session, cycle_id: int, *, grades: Sequence[str] = (), words: str = ""
) -> tuple[AssessmentRow, ...]:
    """The listings of a cycle by name; with grades ("none" for without), and words of the name."""
    rows = session.scalars(
        select(Assessment).where(Assessment.cycle_id == cycle_id).order_by(Assessment.id)
    ).all()
    seen = rows_of(session, rows)
    wanted = {"" if grade == "none" else grade for grade in grades}
    found = [
        row
        for row in seen
        if (not wanted or row.grade in wanted) and words.casefold() in row.listing.name.casefold()
    ]
    return tuple(sorted(found, key=lambda row: (row.listing.name, row.item.code)))


def assessments_of(session: Session, organisation_id: int) -> tuple[AssessmentRow, ...]:
    """The published assessments of an institution, newest first."""
    rows = session.scalars(
        select(Assessment)
        .join(AssessmentCycle, AssessmentCycle.id == Assessment.cycle_id)
        .where(
            Assessment.organisation_id == organisation_id,
            AssessmentCycle.state.in_(PUBLIC_CYCLES),
        )
        .order_by(AssessmentCycle.year.desc(), Assessment.id)
    ).all()
    return rows_of(session, rows)


def sheet(session: Session, key: int | str) -> Sheet:
    """A listing's score sheet; who may see it is the policy's."""
    row = find_assessment(session, key)
    seen = rows_of(session, [row])[0]
    held = cycle(session, row.cycle_id)
    facts = frozen_facts(session, row)
    scored = row.total_hundredths is not None and facts is not None
    work = session.scalars(
        select(AssessmentWork)
        .where(AssessmentWork.assessment_id == row.id)
        .order_by(AssessmentWork.accepted_on, AssessmentWork.id)
    )
    return Sheet(
        row=seen,
        cycle=held,
        association_name=held.association_name,
        facts=facts,
        score=rules.score(facts, scale_of(session, held.year)) if scored and facts else None,
        work=tuple(
            WorkRow(one.number, one.accepted_on, one.within_limit, one.returns, one.rating_mean)
            for one in work
        ),
        corrections=corrections(session, row.id),
        objections=_objections(session, row.id),
        inspection=inspection_of(row),
        inspection_words=row.inspection_words,
        veto_reason=row.veto_reason,
    )


def final_grades(session: Session, organisation_id: int) -> tuple[GradeRow, ...]:
    """The final grades of an institution, newest year first."""
    rows = session.execute(
        select(Assessment, AssessmentCycle)
        .join(AssessmentCycle, AssessmentCycle.id == Assessment.cycle_id)
        .where(Assessment.organisation_id == organisation_id, Assessment.final_at.is_not(None))
        .order_by(AssessmentCycle.year.desc(), Assessment.item_code)
    )
    return tuple(
        GradeRow(
            year=held.year,
            item_code=row.item_code,
            grade=row.grade,
            total=_points(row.total_hundredths),
            final_at=row.final_at,
            cycle_public_id=held.public_id,
        )
        for row, held in rows
        if row.final_at is not None
    )


def concerned(session: Session, assessment_id: int) -> Concerned:
    """Who has to do with an assessment."""
    row = find_assessment(session, assessment_id)
    held = find_cycle(session, row.cycle_id)
    return Concerned(
        public_id=row.public_id,
        number=held.number,
        association_id=held.association_id,
        organisation_id=row.organisation_id,
        item_code=row.item_code,
    )


def organisations_in(session: Session, cycle_id: int) -> tuple[int, ...]:
    """The institutions assessed in a cycle."""
    query = select(Assessment.organisation_id).where(Assessment.cycle_id == cycle_id)
    return tuple(session.scalars(query.distinct()))


def to_assess(session: Session, association_id: int, until: date) -> tuple[ListingRow, ...]:
    """The listings admitted by the end of a day for which the association is competent."""
    by_place = {
        (one.item_code, one.region_code): one.association_id for one in vetting.competences(session)
    }
    tree = catalogue.regions(session)

    def competent(row: ListingRow) -> int | None:
        region = tree.resolve(row.region_code) or row.region_code
        places = ((row.item_code, code) for code in (region, *tree.ancestors(region)))
        return next((by_place[one] for one in places if one in by_place), None)

    rows = institutions.listings_admitted_by(session, until)
    return tuple(row for row in rows if competent(row) == association_id)


def rows_of(session: Session, found: Sequence[Assessment]) -> tuple[AssessmentRow, ...]:
    """Assessments as rows, with their listings and items."""
    listings = institutions.listings(session, {row.listing_id for row in found})
    items = {item.code: item for item in catalogue.items(session)}
    cycles = {
        row.id: row
        for row in session.scalars(
            select(AssessmentCycle).where(AssessmentCycle.id.in_({row.cycle_id for row in found}))
        )
    }
    objected = set(
        session.scalars(
            select(AssessmentObjection.assessment_id).where(
                AssessmentObjection.assessment_id.in_([row.id for row in found]),
                AssessmentObjection.outcome == "",
            )
        )
    )
    return tuple(
        AssessmentRow(
            id=row.id,
            public_id=row.public_id,
            cycle_public_id=cycles[row.cycle_id].public_id,
            year=cycles[row.cycle_id].year,
            state=CycleState(cycles[row.cycle_id].state),
            listing=listings[row.listing_id],
            item=items[row.item_code],
            inspected=row.inspected_at is not None,
            veto=Veto(row.veto) if row.veto else None,
            total=_points(row.total_hundredths),
            grade=row.grade,
            final=row.final_at is not None,
            open_objection=row.id in objected,
        )
        for row in found
    )


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def _objections(session: Session, assessment_id: int) -> tuple[ObjectionRow, ...]:
    rows = session.scalars(
        select(AssessmentObjection)
        .where(AssessmentObjection.assessment_id == assessment_id)
        .order_by(AssessmentObjection.id)
    )
    return tuple(
        ObjectionRow(
            id=row.id,
            public_id=row.public_id,
            body=row.body,
            filed_at=row.filed_at,
            outcome=ObjectionOutcome(row.outcome) if row.outcome else None,
            reason=row.reason,
            decided_at=row.decided_at,
        )
        for row in rows
    )


def _cycle_rows(session: Session, query: Select[AssessmentCycle]) -> tuple[CycleRow, ...]:
    return _seen_cycles(session, session.scalars(query).all())


def _seen_cycles(session: Session, found: Iterable[AssessmentCycle]) -> tuple[CycleRow, ...]:
    cycles = list(found)
    names = accounts.organisations(session, {row.association_id for row in cycles})
    counts: dict[int, Counter[str]] = {row.id: Counter() for row in cycles}
    grouped = session.execute(
        select(Assessment.cycle_id, Assessment.grade, func.count(Assessment.id))
        .where(Assessment.cycle_id.in_(counts))
        .group_by(Assessment.cycle_id, Assessment.grade)
    )
    for cycle_id, grade, count in grouped:
        counts[cycle_id][grade] = count
    return tuple(
        CycleRow(
            id=row.id,
            public_id=row.public_id,
            number=row.number,
            association_id=row.association_id,
            association_name=names[row.association_id].name,
            year=row.year,
            state=CycleState(row.state),
            opened_at=row.opened_at,
            cut_off_at=row.cut_off_at,
            published_at=row.published_at,
            objection_until=row.objection_until,
            final_at=row.final_at,
            listings=sum(counts[row.id].values()),
            grades=dict(counts[row.id]),
            standing=standing_of(session, row),
        )
        for row in cycles
    )
