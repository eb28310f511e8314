"""The way back of what was removed: a plan, its points shown, and re-admission applied for."""

from sqlalchemy import select

from marketplace.assessments import events, policy
from marketplace.assessments.models import Rectification, RectificationStep
from marketplace.assessments.queries import removals
from marketplace.assessments.rules import Step
from marketplace.assessments.services.removing import Evidence
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.vetting import services as vetting_services


def begin_plan(uow: UnitOfWork, *, listing: int | str) -> int:
    """Begin to put right what led to the removal; the plan's id.

    Refuses `rectification.not_removed` and what the institution's own policy refuses.
    """
    row, standing = _own_listing(uow, listing)
    policy.may_begin_plan(uow.actor, standing).require()
    case = removals.last_removal(uow.session, row.id)
    if case is None:
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
    uow.record(events.PlanBegun.of(plan))
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
    while the association judges, `request.words_needed`.
    """
    plan = _lock_plan(uow, listing)
    step = uow.session.scalars(
        select(RectificationStep).where(
            RectificationStep.rectification_id == plan.id, RectificationStep.code == code
        )
    ).one()
    words = required(words, "words")
    if evidence is None and step.done_at is None:
        raise Refused("rectification.evidence_needed", field="evidence")
    step.words, step.done_at, step.done_by = words, uow.now, uow.user_id
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
    uow.record(events.PlanStepDone.of(plan, step=code), words=step.words)


def apply_for_readmission(uow: UnitOfWork, *, listing: int | str) -> vetting_services.CaseRef:
    """Apply for re-admission with a plan that is done; an examiner and an approver judge it.

    Refuses `rectification.not_done`, `readmission.too_early`, `listing.incomplete`.
    """
    plan = _lock_plan(uow, listing)
    seen = removals.plan(uow.session, plan.listing_id)
    if seen is None or not seen.complete:
        raise Refused("rectification.not_done")
    case = vetting_services.submit_readmission_case(uow, listing=plan.listing_id)
    plan.case_id = case.id
    uow.record(events.PlanSubmitted.of(plan))
    return case


def _own_listing(
    uow: UnitOfWork, key: int | str
) -> tuple[institutions.ListingRow, policy.PlanStanding]:
    """The listing and how its plan stands; to outsiders it does not exist."""
    row = institutions.listing(uow.session, key)
    if not policy.is_assessed(uow.actor, row.organisation_id):
        raise NotFound
    return row, removals.plan_standing(uow.session, row)


def _lock_plan(uow: UnitOfWork, listing: int | str) -> Rectification:
    row, standing = _own_listing(uow, listing)
    found = removals.find_plan(uow.session, row.id)
    if found is None:
        raise NotFound
    plan = uow.lock(Rectification, found.id)
    policy.may_rectify(uow.actor, standing).require()
    return plan
