"""The association at work: take, check, return once, propose; send back or decide; hand over."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.accounts import services as accounts
from marketplace.accounts.services.memberships import Leaving
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.vetting import events, policy, rules
from marketplace.vetting.models import Case, CasePause, Finding
from marketplace.vetting.queries import lists, standings
from marketplace.vetting.rules import CaseKind, CaseState, Outcome, Point, Result, Stage
from marketplace.vetting.services import casework


@dataclass(frozen=True)
class Answer:
    """What the examiner found on one point; a point not in order says why."""

    result: Result
    remark: str = ""


def take_case(uow: UnitOfWork, *, case: int | str) -> None:
    """Take a case that waits, and begin with its completeness.

    A case that another examiner gave up goes on where it stood. Two examiners who press at once
    get one case: the second is refused.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_take(uow.actor, standing).require()
    row.examiner_id = uow.user_id
    if row.state is CaseState.RECEIVED:
        row.state = rules.step(row.state, CaseState.COMPLETENESS)
        casework.take_under_review(uow, row)
    uow.record(events.CaseTaken.of(row))


def record_findings(
    uow: UnitOfWork, *, case: int | str, answers: Mapping[str, Answer], seen_round: str = ""
) -> tuple[int, int]:
    """Answer points of the checklist; return how many are answered, and of how many.

    Points of both stages may be answered at any time, so that one return can name everything.
    A point not in order needs a remark: the applicant reads it, so it holds no personal number.
    What is refused of a remark names the key of its point. Answers to the checklist of another
    round, the one that was seen, are refused.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_check(uow.actor, standing).require()
    if seen_round not in {"", str(row.round)}:
        raise Refused("vetting.unknown_point")
    points = {point.key: point for point in casework.points(uow.session, row)}
    known = _findings(uow, row)
    changed = [
        key for key, answer in answers.items() if _answer(uow, row, points.get(key), known, answer)
    ]
    uow.session.flush()
    if changed:
        _tell_findings(uow, row, changed, answers)
    return len(known), len(points)


def _findings(uow: UnitOfWork, case: Case) -> dict[str, Finding]:
    return {row.point: row for row in standings.finding_rows(uow.session, case.id, case.round)}


def _answer(
    uow: UnitOfWork, case: Case, point: Point | None, known: dict[str, Finding], answer: Answer
) -> bool:
    if point is None:
        raise Refused("vetting.unknown_point")
    remark = optional(answer.remark, point.key)
    if answer.result is Result.NOT_OK and not remark:
        raise Refused("vetting.remark_needed", field=point.key)
    row = known.get(point.key)
    if row is not None and (row.result, row.remark) == (answer.result, remark):
        return False
    if row is None:
        row = Finding(case_id=case.id, round=case.round, point=point.key, stage=point.stage)
        known[point.key] = row
        uow.session.add(row)
    row.result, row.remark, row.carried_over = answer.result, remark, False
    row.found_by, row.found_at = uow.user_id, uow.now
    return True


def _tell_findings(
    uow: UnitOfWork, case: Case, changed: list[str], answers: Mapping[str, Answer]
) -> None:
    ok = tuple(key for key in changed if answers[key].result is Result.OK)
    not_ok = tuple(key for key in changed if answers[key].result is Result.NOT_OK)
    uow.record(events.FindingsRecorded.of(case, ok=ok, not_ok=not_ok))


def record_all_ok(uow: UnitOfWork, *, case: int | str, stage: Stage | None = None) -> None:
    """Answer every point that is still open with "in order": of one stage, or of both."""
    row, standing = casework.lock_case(uow, case)
    policy.may_check(uow.actor, standing).require()
    left = rules.open_points(casework.points(uow.session, row), _answers(uow, row))
    answers = {p.key: Answer(Result.OK) for p in left if stage in {None, p.stage}}
    record_findings(uow, case=row.id, answers=answers)


def _answers(uow: UnitOfWork, case: Case) -> dict[str, Result]:
    return {key: row.result for key, row in _findings(uow, case).items()}


def _require_answers(uow: UnitOfWork, case: Case, stage: Stage) -> tuple[Point, ...]:
    """All points up to the stage are answered; return those not in order."""
    answers = _answers(uow, case)
    points = casework.points(uow.session, case)
    asked = [p for p in points if stage is Stage.SUBSTANCE or p.stage is Stage.COMPLETENESS]
    left = rules.open_points(asked, answers)
    if left:
        raise Refused("vetting.points_unanswered", count=len(left))
    return rules.not_ok_points(points, answers)


def pass_completeness(uow: UnitOfWork, *, case: int | str) -> None:
    """Everything is there: the substance is looked at next, and its clock runs.

    While the dossier can still be returned, what is missing is asked for first; after the one
    return an incomplete dossier goes on to a proposal of rejection.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_pass_completeness(uow.actor, standing).require()
    not_ok = _require_answers(uow, row, Stage.COMPLETENESS)
    if standing.returns_left and any(p.stage is Stage.COMPLETENESS for p in not_ok):
        raise Refused("vetting.return_instead")
    row.state = rules.step(row.state, CaseState.SUBSTANCE)
    row.substance_at = row.substance_at or uow.now
    for pause in row.pauses:
        pause.resumed_at = pause.resumed_at or uow.now
    casework.reschedule(uow, row)
    uow.record(events.CompletenessPassed.of(row))


def return_once(uow: UnitOfWork, *, case: int | str, note: str) -> None:
    """Send the dossier back, naming everything that is missing at once; the clock stands.

    Refused when it was returned before, when a point that could be looked at has no answer (what
    it would have shown could not be asked for later), and when nothing is missing.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_return(uow.actor, standing).require()
    note = required(note, "note")
    stage = rules.STAGE_OF[row.state]
    not_ok = _require_answers(uow, row, stage)
    if not not_ok:
        raise Refused("vetting.nothing_missing")
    row.state = rules.step(row.state, CaseState.RETURNED)
    pause = CasePause(
        case_id=row.id,
        round=row.round,
        stage=stage,
        note=note,
        paused_by=uow.user_id,
        paused_at=uow.now,
    )
    row.pauses.append(pause)
    uow.session.flush()
    answer_by = casework.reschedule(uow, row)
    casework.give_back(uow, row)
    points = tuple(point.key for point in not_ok)
    uow.record(events.CaseReturned.of(row, points=points, answer_by=answer_by), words=note)


def propose(uow: UnitOfWork, *, case: int | str, outcome: str, reason: str) -> None:
    """Propose an admission or a rejection, with reasons, to another person.

    Every point is answered; an admission needs all in order and the item's requirements met on
    this day, a rejection at least one point that is not.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_propose(uow.actor, standing).require()
    proposed, reason = Outcome(outcome), required(reason, "reason")
    answers, points = _answers(uow, row), casework.points(uow.session, row)
    rules.check_proposal(
        proposed,
        unanswered=len(rules.open_points(points, answers)),
        not_ok=len(rules.not_ok_points(points, answers)),
    )
    if proposed is Outcome.ADMIT:
        casework.require_requirements(uow, row)
    row.state = rules.step(row.state, CaseState.PROPOSED)
    row.proposer_id, row.proposed_at = uow.user_id, uow.now
    row.proposed_outcome, row.proposed_reason = proposed, reason
    uow.record(events.CaseProposed.of(row, outcome=proposed), words=reason)


def release_case(uow: UnitOfWork, *, case: int | str) -> None:
    """Give the case back to the queue; what was found stays."""
    row, standing = casework.lock_case(uow, case)
    policy.may_release(uow.actor, standing).require()
    row.examiner_id = None
    uow.record(events.CaseReleased.of(row))


def assign_case(uow: UnitOfWork, *, case: int | str, examiner: int | str) -> None:
    """Hand the case to another examiner of the association who has no tie to the applicant."""
    row, standing = casework.lock_case(uow, case)
    policy.may_assign(uow.actor, standing).require()
    examiners = standings.examiners(uow.session, row.association_id)
    chosen = [one.user_id for one in examiners if examiner in {one.user_id, one.user_public_id}]
    if not chosen:
        raise Refused("vetting.examiner_unknown", field="examiner")
    (examiner_id,) = chosen
    if policy.is_recused(examiner_id, standing):
        raise Refused("vetting.examiner_barred", field="examiner")
    if row.examiner_id == examiner_id:
        raise Refused("vetting.examiner_same", field="examiner")
    row.examiner_id = examiner_id
    uow.record(events.CaseAssigned.of(row))


def declare_recusal(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Declare a tie to the applicant: this person judges none of its cases any more.

    A case the person has goes back to the queue; a proposal of theirs is left to the approver,
    who is told by the history.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_recuse(uow.actor, standing).require()
    reason = required(reason, "reason")
    accounts.declare_tie(uow, organisation_id=row.organisation_id, kind="vetting_case", key=row.id)
    if uow.actor.is_person(row.examiner_id):
        row.examiner_id = None
    uow.record(events.RecusalDeclared.of(row, user_id=uow.user_id), words=reason)


def send_back(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Ask the examiner to look again; the substance clock goes on."""
    row, standing = casework.lock_case(uow, case)
    policy.may_decide(uow.actor, standing).require()
    reason = required(reason, "reason")
    row.state = rules.step(row.state, CaseState.SUBSTANCE)
    row.proposer_id = row.proposed_at = row.proposed_outcome = None
    row.proposed_reason = ""
    uow.record(events.CaseSentBack.of(row), words=reason)


def decide(uow: UnitOfWork, *, case: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, with reasons: the listing is admitted or rejected in the same act.

    The decider is another person than the proposer, and decides what was proposed: whoever sees
    it otherwise sends the case back, so that two people stand behind every decision. The first
    admission confirms the authorisation letter, and with it the institution's first agent.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_decide(uow.actor, standing).require()
    reason = required(reason, "reason")
    if outcome != row.proposed_outcome:
        raise Refused("vetting.differs_from_proposal", field="outcome")
    row.decider_id, row.outcome, row.reason = uow.user_id, row.proposed_outcome, reason
    if row.outcome is Outcome.ADMIT:
        casework.require_requirements(uow, row)
    casework.close(uow, row, CaseState.DECIDED)
    _carry_out(uow, row)
    uow.record(events.CaseDecided.of(row), words=reason)


def _carry_out(uow: UnitOfWork, case: Case) -> None:
    if case.outcome is Outcome.REJECT:
        casework.reject(uow, case)
        return
    casework.admit(uow, case)
    if case.kind is CaseKind.ADMISSION:
        accounts.confirm_authorisation(uow, organisation_id=case.organisation_id)


def hand_over(uow: UnitOfWork, leaving: Leaving) -> None:
    """What an examiner had in hand who examines no more: to the successor, or back to the queue.

    Refuses a successor who is no examiner (`vetting.examiner_unknown`) or has a tie to an applicant
    (`vetting.examiner_barred`).
    """
    user_id, association_id = leaving.user_id, leaving.organisation_id
    examiners = {one.user_id for one in standings.examiners(uow.session, association_id)}
    if user_id in examiners:
        return
    today = local_date(uow.now)
    for key in lists.held_by(uow.session, user_id, association_id):
        row = uow.lock(Case, key.id)
        if leaving.successor_id is None:
            row.examiner_id = None
            uow.record(events.CaseReleased.of(row))
            continue
        if leaving.successor_id not in examiners:
            raise Refused("vetting.examiner_unknown", field="successor")
        if policy.is_recused(leaving.successor_id, standings.standing(uow.session, row, today)):
            raise Refused("vetting.examiner_barred", field="successor")
        row.examiner_id = leaving.successor_id
        uow.record(events.CaseAssigned.of(row))
