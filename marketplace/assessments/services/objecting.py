"""Objections to preliminary grades: decided by another person, corrections kept beside facts."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from marketplace.assessments import policy
from marketplace.assessments.events import AssessmentObjectionDecided, AssessmentObjectionFiled
from marketplace.assessments.models import Assessment, AssessmentFact, AssessmentObjection
from marketplace.assessments.queries.cycles import scale_of
from marketplace.assessments.queries.sheets import frozen_facts
from marketplace.assessments.rules import CORRECTABLE, ObjectionOutcome
from marketplace.assessments.services.assessing import lock_assessment, record
from marketplace.assessments.services.scoring import score_one
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

# A share cannot be more than the whole.
_WHOLE = {"on_time": "accepted", "first_pass": "accepted", "days_valid": "days_looked_at"}


def file_objection(uow: UnitOfWork, *, assessment: int | str, body: str) -> int:
    """Object to a preliminary grade as the institution assessed; its id.

    Refuses `assessment.no_objections_now`, `assessment.objection_open`,
    `request.words_needed`.
    """
    held, row, standing = lock_assessment(uow, assessment)
    policy.may_object(uow.actor, standing, local_date(uow.now)).require()
    objection = uow.add(
        AssessmentObjection(
            assessment_id=row.id,
            body=required(body, "body"),
            filed_by=uow.user_id,
            filed_at=uow.now,
        )
    )
    record(uow, held, row, AssessmentObjectionFiled, objection.body, objection_id=objection.id)
    return objection.id


def decide_objection(
    uow: UnitOfWork,
    *,
    assessment: int | str,
    outcome: ObjectionOutcome,
    reason: str,
    corrections: Mapping[str, Decimal] | None = None,
) -> None:
    """Decide the open objection, by another person than the one who published the grades.

    Upheld, the facts named are corrected and the score is reckoned anew; both values stay
    visible. Refuses `assessment.own_grades`, `assessment.no_open_objection`,
    `assessment.correction_needed`, `assessment.correction_wrong`, `request.words_needed`.
    """
    held, row, standing = lock_assessment(uow, assessment)
    policy.may_decide_objection(uow.actor, standing).require()
    objection = _open(uow, row)
    objection.outcome, objection.reason = outcome, required(reason, "reason")
    objection.decided_by, objection.decided_at = uow.user_id, uow.now
    if outcome is ObjectionOutcome.UPHELD:
        _correct(uow, row, objection.id, corrections or {})
        score_one(uow, row, scale_of(uow.session, held.year))
    record(
        uow,
        held,
        row,
        AssessmentObjectionDecided,
        objection.reason,
        objection_id=objection.id,
        outcome=outcome,
    )


def _open(uow: UnitOfWork, row: Assessment) -> AssessmentObjection:
    return uow.session.scalars(
        select(AssessmentObjection).where(
            AssessmentObjection.assessment_id == row.id, AssessmentObjection.decided_at.is_(None)
        )
    ).one()


def _correct(
    uow: UnitOfWork, row: Assessment, objection_id: int, corrections: Mapping[str, Decimal]
) -> None:
    facts = frozen_facts(uow.session, row)
    if not corrections or facts is None:
        raise Refused("assessment.correction_needed", field="fact")
    for name, value in corrections.items():
        most = 10 if name == "inspection" else getattr(facts, _WHOLE.get(name, ""), None)
        # Points of an inspection have one decimal; everything else is counted.
        places = 1 if name == "inspection" else 0
        if name not in CORRECTABLE or value < 0 or value != round(value, places):
            raise Refused("assessment.correction_wrong", field="value")
        if most is not None and value > most:
            raise Refused("assessment.correction_wrong", field="value")
        said = str(value if name == "inspection" else int(value))
        uow.session.add(
            AssessmentFact(assessment_id=row.id, name=name, value=said, objection_id=objection_id)
        )
    uow.session.flush()
