"""What is mine to do now, and by when: gathered for each capacity of the organisation acted for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import yellow_days
from marketplace.clocks.rules import has_just_begun
from marketplace.desks.views.parts.assessments import (
    assesses,
    assessment_desk,
    is_assessed,
    removal_desk,
)
from marketplace.desks.views.parts.association import association_desk, judging_desk
from marketplace.desks.views.parts.budgets import budget_desk, reads_budgets
from marketplace.desks.views.parts.commission_requests import answers_requests, request_desk
from marketplace.desks.views.parts.competitions import (
    bids,
    commissions,
    department_competitions,
    institution_competitions,
)
from marketplace.desks.views.parts.complaints import complaint_desk, has_complaints
from marketplace.desks.views.parts.engagements import (
    engagement_desk,
    engages,
    handover_desk,
    has_a_say,
    ruling_desk,
)
from marketplace.desks.views.parts.institution import institution_desk
from marketplace.desks.views.parts.operator import operator_desk
from marketplace.desks.views.parts.projects import adds_projects, link_desk, project_desk
from marketplace.desks.views.parts.quotations import asks_or_quotes, quotation_desk
from marketplace.desks.views.parts.shapes import Desk, Job, joined
from marketplace.desks.views.parts.supervision import supervision_desk
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar

Fits: TypeAlias = Callable[[Actor], bool]
Gathers: TypeAlias = Callable[[Session, Actor, datetime], Desk]


def desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Everything that waits for the actor, most urgent first."""
    whole = joined(gather(session, actor, now) for fits, gather in _PARTS if fits(actor))
    order = sorted(whole.jobs, key=attrgetter("urgency"))
    today, calendar = local_date(now), catalogue.calendar(session)
    usual = yellow_days(session, today)
    return replace(whole, jobs=tuple(_dated(job, calendar, today, usual) for job in order))


def _dated(job: Job, calendar: Calendar, today: date, usual: int) -> Job:
    """The job with the working days until it is due, less than none where that day is over."""
    if job.due is None:
        return job
    if job.due < today:
        return replace(job, days=-calendar.workdays_between(job.due, today))
    days = calendar.workdays_between(today, job.due)
    return replace(job, days=days, begins=has_just_begun(job.light, days, usual))


_PARTS: tuple[tuple[Fits, Gathers], ...] = (
    (lambda actor: actor.is_a(Capacity.INSTITUTION), institution_desk),
    (adds_projects, project_desk),
    (engages, engagement_desk),
    (has_a_say, handover_desk),
    (lambda actor: actor.has(Role.SUPERVISOR), ruling_desk),
    (asks_or_quotes, quotation_desk),
    (reads_budgets, budget_desk),
    (answers_requests, request_desk),
    (commissions, department_competitions),
    (bids, institution_competitions),
    (lambda actor: actor.is_a(Capacity.ASSOCIATION), association_desk),
    (lambda actor: actor.is_a(Capacity.SUPERVISOR), judging_desk),
    (assesses, assessment_desk),
    (is_assessed, removal_desk),
    (has_complaints, complaint_desk),
    (lambda actor: actor.has(Role.SYSTEM_ADMIN), operator_desk),
    (lambda actor: actor.has(Role.SYSTEM_ADMIN), link_desk),
    (lambda actor: actor.has(Role.SUPERVISOR), supervision_desk),
)
