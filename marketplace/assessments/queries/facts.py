"""The frozen facts of an assessment and the numbers they are scored by."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.assessments.models import Assessment, AssessmentFact
from marketplace.assessments.queries.rows import Correction
from marketplace.assessments.rules import Facts, Scale, year_days
from marketplace.catalogue import queries as catalogue


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
