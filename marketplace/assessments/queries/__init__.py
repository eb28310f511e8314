"""Reading assessments, removals and plans: frozen rows, never a change."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.assessments.models import Assessment, AssessmentCycle, AssessmentObjection
from marketplace.assessments.queries.cycles import (
    assessments_of,
    concerned,
    cycle,
    cycles_of,
    dated_cycles,
    due_cycles,
    final_grades,
    find_assessment,
    find_cycle,
    organisations_in,
    public_cycles,
    sheet,
    standing_of,
    table,
    to_assess,
)
from marketplace.assessments.queries.facts import frozen_facts, scale_of
from marketplace.assessments.queries.removals import (
    dated_removals,
    due_removals,
    find_plan,
    find_removal,
    last_removal,
    open_removal,
    plan,
    public_removals,
    removal_cases,
    removal_cases_of,
    removal_concerned,
    removal_of,
    removal_page,
    removal_standing,
    waiting_removals,
)
from marketplace.assessments.queries.rows import (
    AssessmentRow,
    Concerned,
    CycleRow,
    GradeRow,
    PlanRow,
    PublicRecord,
    PublicRemoval,
    RemovalPage,
    RemovalRow,
    Sheet,
)
from marketplace.clocks.rules import Waiting


def public_record(session: Session, organisation_id: int) -> PublicRecord:
    """What everybody may read of an institution: grades per year, removals with reasons."""
    return PublicRecord(
        final_grades(session, organisation_id), public_removals(session, organisation_id)
    )


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Removal cases and objections to grades in which somebody owes something."""
    rows = session.execute(
        select(AssessmentObjection, Assessment, AssessmentCycle)
        .join(Assessment, Assessment.id == AssessmentObjection.assessment_id)
        .join(AssessmentCycle, AssessmentCycle.id == Assessment.cycle_id)
        .where(AssessmentObjection.outcome == "")
    )
    objections = tuple(
        Waiting(
            kind="assessment_objection",
            public_id=row.public_id,
            number=held.number,
            what="assessment.objection",
            owes_organisation_id=held.association_id,
            light="green",
            due_on=None,
            item_code=row.item_code,
            about_organisation_id=row.organisation_id,
        )
        for _objection, row, held in rows
    )
    return (*waiting_removals(session, today), *objections)


__all__ = [
    "AssessmentRow",
    "Concerned",
    "CycleRow",
    "GradeRow",
    "PlanRow",
    "PublicRecord",
    "PublicRemoval",
    "RemovalPage",
    "RemovalRow",
    "Sheet",
    "assessments_of",
    "concerned",
    "cycle",
    "cycles_of",
    "dated_cycles",
    "dated_removals",
    "due_cycles",
    "due_removals",
    "final_grades",
    "find_assessment",
    "find_cycle",
    "find_plan",
    "find_removal",
    "frozen_facts",
    "last_removal",
    "open_removal",
    "organisations_in",
    "plan",
    "public_cycles",
    "public_record",
    "public_removals",
    "removal_cases",
    "removal_cases_of",
    "removal_concerned",
    "removal_of",
    "removal_page",
    "removal_standing",
    "scale_of",
    "sheet",
    "standing_of",
    "table",
    "to_assess",
    "waiting",
]
