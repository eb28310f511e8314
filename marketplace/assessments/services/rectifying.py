"""The way back: a plan with a checklist and evidence, then a case of re-admission."""

from sqlalchemy import select

from marketplace.assessments import policy, queries
from marketplace.assessments.events import PlanBegun, PlanStepDone, PlanSubmitted
from marketplace.assessments.models import Rectification, RectificationStep
from marketplace.assessments.rules import Step
from marketplace.assessments.services import working
from marketplace.assessments.services.opening import Evidence
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules import ListingState
from marketplace.kernel.errors import NotFound, Refused
from marketplace.vetting import services as vetting
from marketplace.vetting.services import CaseRef


def begin_plan(uow: UnitOfWork, *, listing: int | str) -> int:
    """Begin to put right what led to the removal; the plan's id.

    Refuses `rectification.not_removed` and what the institution's own policy refuses.
    """
    row = institutions.listing(uow.session, listing)
    if not policy.is_assessed(uow.actor, row.organisation_id):
        raise NotFound
    case = queries.last_removal(uow.session, row.id)
    if row.state is not ListingState.REMOVED or case is None:
        raise Refused("rectification.not_removed")
    institution_services.begin_rectification(uow, listing_id=row.id)
    plan = uow.add(
        Rectification(
            removal_case_id=case.id,
            listing_id=row.id,
            organisation_id=row.organisation_id,
            begun_at=uow.now,
            begun_by=uow.actor.user_id,
        )
    )
    uow.session.add_all(RectificationStep(rectification_id=plan.id, code=code) for code in Step)
    uow.session.flush()
    uow.record(PlanBegun(plan.id, row.organisation_id, row.id))
    return plan.id


def do_step(
    uow: UnitOfWork,
    *,
    listing: int | str,
    code: Step,
    words: str,
    evidence: Evidence | None = None,
) -> None:
    """Say what was done about a point of the checklist and show it; may be said anew.

    Refuses `rectification.evidence_needed` for a point without a file, `rectification.closed`
    while the association judges, `assessment.words_needed`.
    """
    plan = _lock(uow, listing)
    step = uow.session.scalars(
        select(RectificationStep).where(
            RectificationStep.rectification_id == plan.id, RectificationStep.code == code
        )
    ).one()
    words = working.required(words, "words")
    if evidence is None and step.done_at is None:
        raise Refused("rectification.evidence_needed", field="evidence")
    step.words, step.done_at, step.done_by = words, uow.now, working.acting_user(uow)
    if evidence is not None:
        store_upload(
            uow,
            owner_kind="rectification",
            owner_id=plan.id,
            kind=code.value,
            name=evidence.name,
            data=evidence.data,
            field="evidence",
        )
    uow.record(PlanStepDone(plan.id, plan.organisation_id, plan.listing_id, code.value))


def apply_for_readmission(uow: UnitOfWork, *, listing: int | str) -> CaseRef:
    """Apply for re-admission with a plan that is done; an examiner and an approver judge it.

    Refuses `rectification.not_done`, `readmission.too_early`, `listing.incomplete`.
    """
    plan = _lock(uow, listing)
    seen = queries.plan(uow.session, plan.listing_id)
    if seen is None or not seen.complete:
        raise Refused("rectification.not_done")
    case = vetting.submit_readmission_case(uow, listing=plan.listing_id)
    plan.case_id = case.id
    uow.record(PlanSubmitted(plan.id, plan.organisation_id, plan.listing_id, case.id))
    return case


def _lock(uow: UnitOfWork, listing: int | str) -> Rectification:
    row = institutions.listing(uow.session, listing)
    found = queries.find_plan(uow.session, row.id)
    if found is None or not policy.is_assessed(uow.actor, row.organisation_id):
        raise NotFound
    plan = uow.lock(Rectification, found.id)
    if row.state is not ListingState.RECTIFYING:
        raise Refused("rectification.closed")
    return plan
