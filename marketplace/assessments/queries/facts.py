"""The frozen facts of an assessment and the numbers they are scored by."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.assessments.models import Assessment, AssessmentFact
from marketplace.assessments.queries.rows import Correction
from marketplace.assessments.rules import Facts, Scale, year_days
from marketplace.catalogue import queries as catalogue

_NUMBERS = (
    "accepted",
    "on_time",
    "first_pass",
    "ratings",
    "upheld",
    "partly",
    "days_valid",
    "days_looked_at",
)
_MEANS = ("own_mean", "item_mean")


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
        **{name: int(values[name]) for name in _NUMBERS},
        **{name: Decimal(values[name]) if values[name] else None for name in _MEANS},
        inspection=inspection_of(row) if "inspection" not in values else _points(values),
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


def _points(values: dict[str, str]) -> Decimal | None:
    return Decimal(values["inspection"]) if values["inspection"] else None


def _all(session: Session, assessment_id: int) -> dict[str, list[str]]:
    """Every fact with its values, the frozen one first, the present one last."""
    query = select(AssessmentFact).where(AssessmentFact.assessment_id == assessment_id)
    found: dict[str, list[str]] = {}
    for one in session.scalars(query.order_by(AssessmentFact.id)):
        found.setdefault(one.name, []).append(one.value)
    return found
