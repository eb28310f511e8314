"""Who may do what in a case, and the one reason why not: pure, one clause a line."""

from dataclasses import dataclass, field
from datetime import date

from marketplace.accounts.policy import (
    Tie,
    by_second_factor,
    may_act_for_side,
    may_judge,
    recused,
)
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.vetting.rules import AT_WORK, CLOSED, OPEN, CaseState

_BEFORE_PROPOSAL = OPEN - {CaseState.PROPOSED}
# Supervisors judge where the association is the applicant itself.
EXAMINERS = (Role.ASSOCIATION_EXAMINER, Role.SUPERVISOR)
APPROVERS = (Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)
STAFF = tuple(dict.fromkeys((*EXAMINERS, *APPROVERS)))


@dataclass(frozen=True)
class Standing:
    """What the policies ask of a case.

    `association_id` is who judges it: the competent association, or the supervisor where that is
    the applicant. `ties` are those that count between people and the applicant: who has one does
    not judge it. `trail` says who has acted for whom in the case.
    `lapsed_on` is the day for a correction that is over, whether or not the platform has ended it.
    """

    state: CaseState
    organisation_id: int
    association_id: int
    examiner_id: int | None = None
    proposer_id: int | None = None
    returns_left: int = 1
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)
    lapsed_on: date | None = None


def is_recused(person: int | None, case: Standing) -> bool:
    """Whether a person has a tie to the applicant, and so judges none of its cases."""
    return recused(person, case.organisation_id, case.ties)


def is_of_association(actor: Actor, case: Standing) -> bool:
    """Whether the actor examines or approves for the competent association."""
    return actor.acts_for(case.association_id) and actor.has(*STAFF)


def is_applicant(actor: Actor, case: Standing) -> bool:
    """Whether the actor is an agent of the institution that applied."""
    return actor.acts_for(case.organisation_id) and actor.has(Role.INSTITUTION_AGENT)


def may_see(actor: Actor, case: Standing) -> bool:
    """Only the applicant and the competent association know that the case exists."""
    return is_of_association(actor, case) or is_applicant(actor, case)


def may_see_queue(actor: Actor) -> bool:
    """Examiners and approvers have a queue."""
    return actor.has(*STAFF)


def may_govern_competence(actor: Actor) -> Decision:
    """The operator's system administrator says which association judges what."""
    if not (actor.is_system or actor.has(Role.SYSTEM_ADMIN)):
        return Decision("vetting.not_system_admin")
    return ALLOWED


def may_submit(actor: Actor, organisation_id: int, open_cases: int) -> Decision:
    """An agent applies for the own organisation; a provisional one has one application at a time.

    That application carries the authorisation letter; until it is confirmed, nothing else may be
    submitted.
    """
    if not (actor.acts_for(organisation_id) and actor.has(Role.INSTITUTION_AGENT)):
        return Decision("vetting.not_the_applicant")
    if actor.provisional and open_cases:
        return Decision("vetting.provisional_agent")
    return ALLOWED


def may_submit_later(actor: Actor, organisation_id: int) -> Decision:
    """Changes and renewals come after an admission, so from a confirmed agent only."""
    if not (actor.acts_for(organisation_id) and actor.has(Role.INSTITUTION_AGENT)):
        return Decision("vetting.not_the_applicant")
    if actor.provisional:
        return Decision("vetting.provisional_agent")
    return ALLOWED


def _may_examine(actor: Actor, case: Standing) -> Decision:
    if not actor.acts_for(case.association_id):
        return Decision("vetting.not_competent")
    if not actor.has(*EXAMINERS):
        return Decision("vetting.not_an_examiner")
    free = may_judge(actor, case.ties, case.organisation_id)
    return free and may_act_for_side(actor, case.trail)


def _may_work_on(actor: Actor, case: Standing) -> Decision:
    examiner = _may_examine(actor, case)
    if not examiner.allowed:
        return examiner
    if case.state in CLOSED:
        return Decision("vetting.closed")
    if case.state is CaseState.RETURNED:
        return Decision("vetting.with_applicant")
    if case.state is CaseState.PROPOSED:
        return Decision("vetting.awaits_decision")
    if case.examiner_id is None or case.state is CaseState.RECEIVED:
        return Decision("vetting.not_taken")
    if case.examiner_id != actor.user_id:
        return Decision("vetting.taken_by_other")
    return ALLOWED


def may_take(actor: Actor, case: Standing) -> Decision:
    """An examiner without ties takes a case that waits, or one that was given up."""
    examiner = _may_examine(actor, case)
    if not examiner.allowed:
        return examiner
    if case.state not in AT_WORK:
        return Decision("vetting.not_waiting")
    if case.examiner_id not in {None, actor.user_id}:
        return Decision("vetting.taken_by_other")
    if case.examiner_id == actor.user_id and case.state is not CaseState.RECEIVED:
        return Decision("vetting.already_yours")
    return ALLOWED


def may_check(actor: Actor, case: Standing) -> Decision:
    """The examiner who has the case answers its checklist."""
    return _may_work_on(actor, case)


def may_pass_completeness(actor: Actor, case: Standing) -> Decision:
    """The examiner goes on to substance."""
    works = _may_work_on(actor, case)
    if not works.allowed:
        return works
    if case.state is not CaseState.COMPLETENESS:
        return Decision("vetting.completeness_done")
    return ALLOWED


def may_return(actor: Actor, case: Standing) -> Decision:
    """A dossier goes back once, with everything that is missing."""
    works = _may_work_on(actor, case)
    if not works.allowed:
        return works
    if case.returns_left < 1:
        return Decision("vetting.already_returned")
    return ALLOWED


def may_propose(actor: Actor, case: Standing) -> Decision:
    """The examiner proposes once substance is being looked at."""
    works = _may_work_on(actor, case)
    if not works.allowed:
        return works
    if case.state is not CaseState.SUBSTANCE:
        return Decision("vetting.completeness_first")
    return ALLOWED


@by_second_factor
def may_decide(actor: Actor, case: Standing) -> Decision:
    """Another person than the proposer, an approver of the association without ties.

    Whoever could decide may also ask the examiner to look again.
    """
    if not actor.acts_for(case.association_id):
        return Decision("vetting.not_competent")
    if not actor.has(*APPROVERS):
        return Decision("vetting.not_an_approver")
    if case.state in CLOSED:
        return Decision("vetting.closed")
    if case.state is not CaseState.PROPOSED:
        return Decision("vetting.not_proposed")
    if actor.is_person(case.proposer_id):
        return Decision("vetting.own_proposal")
    free = may_judge(actor, case.ties, case.organisation_id)
    return free and may_act_for_side(actor, case.trail)


def may_release(actor: Actor, case: Standing) -> Decision:
    """The examiner gives the case back to the queue."""
    if not is_of_association(actor, case):
        return Decision("vetting.not_competent")
    if case.state not in _BEFORE_PROPOSAL:
        return Decision("vetting.not_waiting")
    if case.examiner_id is None or case.examiner_id != actor.user_id:
        return Decision("vetting.not_yours")
    return ALLOWED


def may_assign(actor: Actor, case: Standing) -> Decision:
    """An approver, or the examiner who has it, hands a case to another examiner."""
    if not is_of_association(actor, case):
        return Decision("vetting.not_competent")
    if case.state not in _BEFORE_PROPOSAL:
        return Decision("vetting.not_waiting")
    if not actor.has(*APPROVERS) and case.examiner_id != actor.user_id:
        return Decision("vetting.assigned_by_approver")
    return ALLOWED


def may_recuse(actor: Actor, case: Standing) -> Decision:
    """Anybody who could judge the case declares a tie to the applicant."""
    if not is_of_association(actor, case):
        return Decision("vetting.not_competent")
    if case.state not in OPEN:
        return Decision("vetting.closed")
    if is_recused(actor.user_id, case):
        return Decision("vetting.already_recused")
    return ALLOWED


def may_resubmit(actor: Actor, case: Standing) -> Decision:
    """The applicant sends the corrected dossier in again."""
    if not is_applicant(actor, case):
        return Decision("vetting.not_the_applicant")
    if case.state is not CaseState.RETURNED:
        return Decision("vetting.not_returned")
    if case.lapsed_on is not None:
        return Decision("vetting.lapsed", {"day": case.lapsed_on})
    return may_act_for_side(actor, case.trail)


def may_withdraw(actor: Actor, case: Standing) -> Decision:
    """The applicant takes the application back at any time before the decision."""
    if not is_applicant(actor, case):
        return Decision("vetting.not_the_applicant")
    if case.state not in OPEN:
        return Decision("vetting.closed")
    if case.lapsed_on is not None:
        return Decision("vetting.lapsed", {"day": case.lapsed_on})
    return may_act_for_side(actor, case.trail)
