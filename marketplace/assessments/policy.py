"""Who may do what in assessments and removals: pure, one clause a line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.accounts.policy import (
    Tie,
    by_second_factor,
    may_act_for_side,
    may_judge,
    may_judge_among,
)
from marketplace.assessments.rules import REMOVAL_DECIDED, CycleState, RemovalState
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision

STAFF = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)
# Supervisors judge where the association is the institution itself.
JUDGES = (*STAFF, Role.SUPERVISOR)
DECIDERS = (Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)
# So many listings a refusal names.
MOST_NAMED = 10


@dataclass(frozen=True)
class CycleStanding:
    """What the policies ask of a cycle.

    `ties` are those of whoever asks to institutions assessed in it; `unjudged` names the listings
    whose grade D would open a removal case that nobody judges.
    """

    state: CycleState
    association_id: int
    published_by: int | None = None
    objection_until: date | None = None
    open_objections: int = 0
    ties: frozenset[Tie] = field(default_factory=frozenset)
    unjudged: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetStanding:
    """What the policies ask of one listing's assessment, and of its cycle.

    `judge_id` is who judges it: the association, or the supervisor where it is assessed itself.
    """

    state: CycleState
    association_id: int
    organisation_id: int
    judge_id: int | None = None
    published_by: int | None = None
    objection_until: date | None = None
    objected: bool = False
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)


@dataclass(frozen=True)
class RemovalStanding:
    """What the policies ask of a removal case.

    `association_id` is who judges it: the competent association, or the supervisor in its place.
    """

    state: RemovalState
    association_id: int
    organisation_id: int
    proposer_id: int | None = None
    suspended_for_it: bool = False
    replied: bool = False
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)

    @property
    def judge_id(self) -> int:
        """Who judges it."""
        return self.association_id


@dataclass(frozen=True)
class PlanStanding:
    """What the policies ask of the plan by which a listing is put right."""

    state: ListingState
    organisation_id: int
    trail: frozenset[Tie] = field(default_factory=frozenset)


def is_staff(actor: Actor, association_id: int) -> bool:
    """Whether the actor examines or approves for the association."""
    return actor.acts_for(association_id) and actor.has(*STAFF)


def is_judge(actor: Actor, judge_id: int | None) -> bool:
    """Whether the actor judges for the association, or for the supervisor in its place."""
    return actor.acts_for(judge_id) and actor.has(*JUDGES)


def is_assessed(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is an agent of the institution concerned."""
    return actor.acts_for(organisation_id) and actor.has(Role.INSTITUTION_AGENT)


def _may_work(actor: Actor, association_id: int) -> Decision:
    if not is_staff(actor, association_id):
        return Decision("assessment.not_competent")
    return ALLOWED


def _may_judge(actor: Actor, one: "SheetStanding | RemovalStanding") -> Decision:
    """Whose it is to judge, but for who has a tie to the institution or acted for it here."""
    if not is_judge(actor, one.judge_id):
        return Decision("assessment.not_competent")
    free = may_judge(actor, one.ties, one.organisation_id)
    return free and may_act_for_side(actor, one.trail)


def _may_work_on(actor: Actor, cycle: CycleStanding) -> Decision:
    """The association's people, but for who has a tie to an institution assessed."""
    works = _may_work(actor, cycle.association_id)
    return works and may_judge_among(actor, cycle.ties)


def may_open_cycle(actor: Actor, association_id: int) -> Decision:
    """An association opens the assessment of its own listings."""
    return _may_work(actor, association_id)


def may_inspect(actor: Actor, sheet: SheetStanding) -> Decision:
    """Inspections are written down once the year is open and until its facts are frozen."""
    works = _may_judge(actor, sheet)
    if works and sheet.state is CycleState.PLANNED:
        return Decision("assessment.being_taken_in")
    if works and sheet.state is not CycleState.OPEN:
        return Decision("assessment.facts_frozen")
    return works


def may_cut_off(actor: Actor, cycle: CycleStanding) -> Decision:
    """The facts are frozen once."""
    return _may_advance(actor, cycle, CycleState.OPEN)


def may_score(actor: Actor, cycle: CycleStanding) -> Decision:
    """The scores follow from frozen facts."""
    return _may_advance(actor, cycle, CycleState.CUT_OFF)


@by_second_factor
def may_publish(actor: Actor, cycle: CycleStanding) -> Decision:
    """What is published was reckoned."""
    return _may_advance(actor, cycle, CycleState.SCORED)


def _may_advance(actor: Actor, cycle: CycleStanding, wanted: CycleState) -> Decision:
    works = _may_work_on(actor, cycle)
    if works and cycle.state is not wanted:
        return Decision("assessment.not_now")
    return works


def may_object(actor: Actor, sheet: SheetStanding, today: date) -> Decision:
    """The institution objects while its grade is preliminary, once at a time."""
    if not is_assessed(actor, sheet.organisation_id):
        return Decision("assessment.not_yours")
    if actor.provisional:
        return Decision("account.provisional")
    if sheet.state is not CycleState.PRELIMINARY or sheet.objection_until is None:
        return Decision("assessment.no_objections_now")
    if today > sheet.objection_until:
        return Decision("assessment.no_objections_now")
    if sheet.objected:
        return Decision("assessment.objection_open")
    return may_act_for_side(actor, sheet.trail)


@by_second_factor
def may_decide_objection(actor: Actor, sheet: SheetStanding) -> Decision:
    """Another person than the one who published the grades."""
    works = _may_judge(actor, sheet)
    if not works:
        return works
    if not sheet.objected:
        return Decision("assessment.no_open_objection")
    if actor.is_person(sheet.published_by):
        return Decision("assessment.own_grades")
    return ALLOWED


@by_second_factor
def may_make_final(actor: Actor, cycle: CycleStanding) -> Decision:
    """An approver who is not the one who published, once every objection is decided."""
    works = _may_work_on(actor, cycle)
    if not works:
        return works
    if not actor.has(Role.ASSOCIATION_APPROVER):
        return Decision("assessment.approvers_only")
    if cycle.state is CycleState.PRELIMINARY:
        return Decision("assessment.objections_running", {"day": cycle.objection_until})
    if cycle.state is not CycleState.OBJECTIONS:
        return Decision("assessment.not_now")
    if cycle.open_objections:
        return Decision("assessment.objections_open", {"count": cycle.open_objections})
    if actor.is_person(cycle.published_by):
        return Decision("assessment.own_grades")
    if cycle.unjudged:
        return Decision("assessment.nobody_judges", {"listings": _named(cycle.unjudged)})
    return ALLOWED


def _named(names: Sequence[str]) -> str:
    """So many of the names, and that there are more."""
    return "、".join(names[:MOST_NAMED]) + ("……" if len(names) > MOST_NAMED else "")


# ------------------------------------------------------------------ removal


def may_open_removal(
    actor: Actor, judge_id: int | None, organisation_id: int, ties: Collection[Tie]
) -> Decision:
    """The platform, or the competent association with reasons, or the supervisor in its place."""
    if actor.is_system:
        return ALLOWED
    if not is_judge(actor, judge_id):
        return Decision("assessment.not_competent")
    return may_judge(actor, ties, organisation_id)


def may_see_removal(actor: Actor, case: RemovalStanding) -> bool:
    """The association and the supervisor; the institution once it was told."""
    if is_judge(actor, case.judge_id) or actor.has(Role.SUPERVISOR):
        return True
    return is_assessed(actor, case.organisation_id) and case.state is not RemovalState.OPENED


def may_notify(actor: Actor, case: RemovalStanding) -> Decision:
    """The institution is told before anything else."""
    works = _may_judge(actor, case)
    if works and case.state is not RemovalState.OPENED:
        return Decision("removal.told_already")
    return works


@by_second_factor
def may_take_interim(actor: Actor, case: RemovalStanding) -> Decision:
    """An approver suspends the listing until the decision, with reasons."""
    works = _may_judge(actor, case)
    if not works:
        return works
    if not actor.has(*DECIDERS):
        return Decision("assessment.approvers_only")
    if case.state in REMOVAL_DECIDED:
        return Decision("removal.decided_already")
    if case.suspended_for_it:
        return Decision("removal.interim_already")
    return ALLOWED


def may_reply(actor: Actor, case: RemovalStanding) -> Decision:
    """The institution replies, once; late, too, until a decision is proposed."""
    if not is_assessed(actor, case.organisation_id):
        return Decision("assessment.not_yours")
    if actor.provisional:
        return Decision("account.provisional")
    if case.replied or case.state not in {RemovalState.NOTIFIED, RemovalState.HEARD}:
        return Decision("removal.not_being_heard")
    return may_act_for_side(actor, case.trail)


def may_propose(actor: Actor, case: RemovalStanding) -> Decision:
    """A proposal follows the hearing."""
    works = _may_judge(actor, case)
    if not works:
        return works
    if case.state in {RemovalState.OPENED, RemovalState.NOTIFIED}:
        return Decision("removal.hear_first")
    if case.state is not RemovalState.HEARD:
        return Decision("removal.proposed_already")
    return ALLOWED


@by_second_factor
def may_decide(actor: Actor, case: RemovalStanding) -> Decision:
    """An approver who is not the proposer decides, or sends it back."""
    works = _may_judge(actor, case)
    if not works:
        return works
    if not actor.has(*DECIDERS):
        return Decision("assessment.approvers_only")
    if case.state is not RemovalState.PROPOSED:
        return Decision("removal.not_proposed")
    if actor.is_person(case.proposer_id):
        return Decision("removal.own_proposal")
    return ALLOWED


# ------------------------------------------------------------------ the way back


def may_begin_plan(actor: Actor, plan: PlanStanding) -> Decision:
    """The institution begins once its listing is removed."""
    return _may_put_right(actor, plan, ListingState.REMOVED, "rectification.not_removed")


def may_rectify(actor: Actor, plan: PlanStanding) -> Decision:
    """It works on its plan and applies with it while nobody judges it."""
    return _may_put_right(actor, plan, ListingState.RECTIFYING, "rectification.closed")


def _may_put_right(
    actor: Actor, plan: PlanStanding, wanted: ListingState, otherwise: str
) -> Decision:
    if not is_assessed(actor, plan.organisation_id):
        return Decision("assessment.not_yours")
    if plan.state is not wanted:
        return Decision(otherwise)
    return may_act_for_side(actor, plan.trail)
