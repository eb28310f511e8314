"""Who may do what with complaints and objections: pure, one clause a line."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from marketplace.accounts.policy import (
    Tie,
    by_second_factor,
    may_act_for_side,
    may_judge,
    may_judge_among,
)
from marketplace.complaints.rules import ANSWERED, DECIDED, ComplaintState, ObjectionState
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision

HANDLERS = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)
DECIDERS = (Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Standing:
    """What the policies ask of a complaint; `by_supervisor` that a supervisor handles it."""

    state: ComplaintState
    handler_id: int
    about_organisation_id: int
    filer_organisation_id: int | None = None
    filed_by: int | None = None
    proposer_id: int | None = None
    decider_id: int | None = None
    accepted_by: int | None = None
    reviewer_id: int | None = None
    answered: bool = False
    review_over: bool = False
    by_supervisor: bool = False
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)


@dataclass(frozen=True)
class ObjectionStanding:
    """What the policies ask of an objection to an award.

    `ties` are those to whoever objected, to the department, and to every entrant: what is decided
    about the award is decided about all of them.
    """

    state: ObjectionState
    handler_id: int
    organisation_id: int
    department_id: int
    competition_id: int
    proposer_id: int | None = None
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)


@dataclass(frozen=True)
class AwardStanding:
    """What is asked of a competition before an objection to its award."""

    award_open: bool
    objection_until: date | None
    is_entrant: bool
    objected_already: bool
    trail: frozenset[Tie] = field(default_factory=frozenset)


def is_handler(actor: Actor, handler_id: int) -> bool:
    """Whether the actor deals with complaints for the organisation that has it."""
    return actor.acts_for(handler_id) and actor.has(*HANDLERS)


def may_see(actor: Actor, case: Standing) -> bool:
    """Its handler, and the supervisor, who may review it."""
    return is_handler(actor, case.handler_id) or actor.has(Role.SUPERVISOR)


def is_party(actor: Actor, case: Standing) -> bool:
    """Whoever complained, and once it is accepted whoever it is about."""
    if not actor.signed_in:
        return False
    if actor.acts_for(case.filer_organisation_id):
        return True
    heard = case.state not in {ComplaintState.FILED, ComplaintState.REFUSED}
    return actor.acts_for(case.about_organisation_id) and heard


def may_file(actor: Actor, about_organisation_id: int, trail: Collection[Tie] = ()) -> Decision:
    """Everybody may complain; an organisation does so through a confirmed member.

    But not who has acted for the other side of what it is about (`trail`).
    """
    if actor.is_system or not actor.signed_in:
        return ALLOWED
    if actor.provisional:
        return Decision("account.provisional")
    if actor.acts_for(about_organisation_id):
        return Decision("complaint.about_yourself")
    return may_act_for_side(actor, trail)


def _may_handle(actor: Actor, case: Standing) -> Decision:
    if not is_handler(actor, case.handler_id):
        return Decision("complaint.not_competent")
    return may_judge_sides(actor, case)


def may_judge_sides(actor: Actor, case: Standing) -> Decision:
    """Nobody with a tie to either side deals with a complaint, or reads who filed it.

    Nor does whoever filed it, for whatever organisation they act now.
    """
    if case.filed_by is not None and actor.is_person(case.filed_by):
        return Decision("account.recused")
    subjects = (case.about_organisation_id, case.filer_organisation_id)
    return may_judge(actor, case.ties, *subjects) and may_act_for_side(actor, case.trail)


def may_accept(actor: Actor, case: Standing) -> Decision:
    """The handler takes a new complaint up, or refuses it."""
    handles = _may_handle(actor, case)
    if not handles:
        return handles
    if case.state is not ComplaintState.FILED:
        return Decision("complaint.not_new")
    return ALLOWED


def may_answer(actor: Actor, case: Standing) -> Decision:
    """Whoever the complaint is about is heard, once; late, too, until a decision is proposed."""
    if not actor.acts_for(case.about_organisation_id) or not actor.roles:
        return Decision("complaint.not_about_you")
    if actor.provisional:
        return Decision("account.provisional")
    late = case.state is ComplaintState.INVESTIGATING and case.proposer_id is None
    if case.answered or not (late or case.state is ComplaintState.ACCEPTED):
        return Decision("complaint.not_being_heard")
    return may_act_for_side(actor, case.trail)


def may_propose(actor: Actor, case: Standing) -> Decision:
    """The handler proposes once the other side was heard or let the time pass."""
    handles = _may_handle(actor, case)
    if not handles:
        return handles
    if case.state is ComplaintState.ACCEPTED:
        return Decision("complaint.other_side_first")
    if case.state is not ComplaintState.INVESTIGATING:
        return Decision("complaint.not_investigated")
    if case.proposer_id is not None:
        return Decision("complaint.proposed_already")
    return ALLOWED


@by_second_factor
def may_decide(actor: Actor, case: Standing) -> Decision:
    """Another person than the proposer decides, or sends it back."""
    handles = _may_handle(actor, case)
    if not handles:
        return handles
    if not actor.has(*DECIDERS):
        return Decision("complaint.not_a_decider")
    if case.state is not ComplaintState.INVESTIGATING or case.proposer_id is None:
        return Decision("complaint.not_proposed")
    if actor.is_person(case.proposer_id):
        return Decision("complaint.own_proposal")
    return ALLOWED


def may_be_reviewed(case: Standing) -> Decision:
    """Whether the supervisor can still look at an answer; else the reason says what remains.

    What a supervisor has said itself is reviewed by none: the legal remedies remain.
    """
    if case.state not in ANSWERED:
        return Decision("complaint.not_decided")
    if case.by_supervisor:
        return Decision("complaint.office_answered")
    if case.reviewer_id is not None:
        return Decision("complaint.reviewed_already")
    if case.review_over or case.state not in DECIDED:
        return Decision("complaint.review_over")
    return ALLOWED


@by_second_factor
def may_review(actor: Actor, case: Standing) -> Decision:
    """The supervisor looks at an association's answer once more; never the person who gave it."""
    if not actor.has(Role.SUPERVISOR):
        return Decision("complaint.supervisor_only")
    open_still = may_be_reviewed(case)
    if not open_still:
        return open_still
    if any(map(actor.is_person, (case.proposer_id, case.decider_id, case.accepted_by))):
        return Decision("complaint.own_decision")
    return may_judge_sides(actor, case)


# ------------------------------------------------------------------ objections to awards


def may_object(actor: Actor, award: AwardStanding, today: date) -> Decision:
    """An entrant objects while the objection period runs, once."""
    if not actor.has(Role.INSTITUTION_AGENT) or not award.is_entrant:
        return Decision("objection.entrants_only")
    if actor.provisional:
        return Decision("account.provisional")
    if not award.award_open or award.objection_until is None:
        return Decision("objection.no_award")
    if today > award.objection_until:
        return Decision("objection.too_late", {"day": award.objection_until})
    if award.objected_already:
        return Decision("objection.open_already")
    return may_act_for_side(actor, award.trail)


def may_see_objection(actor: Actor, case: ObjectionStanding) -> bool:
    """The handler and the entrant who objected."""
    own = actor.acts_for(case.organisation_id) and actor.has(Role.INSTITUTION_AGENT)
    return own or is_handler(actor, case.handler_id)


def _may_handle_objection(actor: Actor, case: ObjectionStanding) -> Decision:
    if not is_handler(actor, case.handler_id):
        return Decision("complaint.not_competent")
    return may_judge_among(actor, case.ties) and may_act_for_side(actor, case.trail)


def may_propose_objection(actor: Actor, case: ObjectionStanding) -> Decision:
    """The handler proposes what to answer."""
    handles = _may_handle_objection(actor, case)
    if not handles:
        return handles
    if case.state is not ObjectionState.FILED:
        return Decision("objection.decided_already")
    if case.proposer_id is not None:
        return Decision("complaint.proposed_already")
    return ALLOWED


@by_second_factor
def may_decide_objection(actor: Actor, case: ObjectionStanding) -> Decision:
    """Another person of the handler decides."""
    handles = _may_handle_objection(actor, case)
    if not handles:
        return handles
    if case.state is not ObjectionState.FILED:
        return Decision("objection.decided_already")
    if case.proposer_id is None:
        return Decision("complaint.not_proposed")
    if actor.is_person(case.proposer_id):
        return Decision("complaint.own_proposal")
    return ALLOWED
