"""The notice becomes public, is asked about, and may be called off."""

from marketplace.budgets import services as budgets
from marketplace.competitions import policy, queries
from marketplace.competitions.events import (
    AwardSetAside,
    CompetitionCancelled,
    CompetitionFailed,
    CompetitionPublished,
    QuestionAnswered,
    QuestionAsked,
)
from marketplace.competitions.models import Award, Competition, Question
from marketplace.competitions.rules import AwardState, CompetitionState, Failure
from marketplace.competitions.services import working
from marketplace.competitions.services.drafting import check_dates, check_project
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.projects import services as projects
from marketplace.projects.rules import Claimant


def publish_competition(uow: UnitOfWork, *, competition: int | str) -> None:
    """Publish the notice: the budget is reserved and the item claimed in the same act.

    By an approver who wrote none of it. Refuses when the line has not enough, when an enterprise
    or another competition holds the item, and when sign-up would be too short from today.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_publish(uow.actor, standing).require()
    check_dates(uow, row)
    check_project(uow, row)
    working.move(uow, row, CompetitionState.PUBLISHED)
    row.published_by, row.published_at = working.acting_user(uow), uow.now
    row.attention_at = row.closes_at
    uow.flush()
    budgets.reserve(
        uow,
        line_id=row.budget_line_id,
        amount_fen=row.ceiling_fen,
        purpose_kind=working.PURPOSE,
        purpose_id=row.id,
        item_code=row.item_code,
    )
    claim(uow, row)
    working.record(
        uow,
        row,
        CompetitionPublished,
        number=row.number,
        closes_at=row.closes_at,
        ceiling_fen=row.ceiling_fen,
    )


def cancel_competition(uow: UnitOfWork, *, competition: int | str, reason: str) -> None:
    """Call the competition off with a public reason; reservation and claim are released."""
    row, standing = working.lock_own(uow, competition)
    policy.may_cancel(uow.actor, standing).require()
    reason = working.required(reason, "reason")
    award = active_award(uow, row)
    if award is not None:
        close_award(uow, row, award, AwardState.CANCELLED, cause="cancelled")
    working.end(uow, row, CompetitionState.CANCELLED)
    release(uow, row)
    note = working.say(uow, row, reason)
    working.record(uow, row, CompetitionCancelled, number=row.number, note_id=note)


def fail(uow: UnitOfWork, row: Competition, why: Failure, *, reason: str = "") -> None:
    """End without an award: reservation and claim are released, the reason is public."""
    working.end(uow, row, CompetitionState.FAILED)
    row.failure = why
    uow.flush()
    release(uow, row)
    note = working.say(uow, row, reason) if reason else None
    working.record(uow, row, CompetitionFailed, number=row.number, failure=why.value, note_id=note)


def claim(uow: UnitOfWork, row: Competition) -> None:
    """Take the item of the project for the department; refused where somebody else holds it."""
    projects.claim_item(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        claimed_by=Claimant.DEPARTMENT,
        record_kind=working.PURPOSE,
        record_id=row.id,
        organisation_id=row.department_id,
    )


def release(uow: UnitOfWork, row: Competition) -> None:
    """Give the reserved money and the item back."""
    budgets.release_hold(uow, purpose_kind=working.PURPOSE, purpose_id=row.id)
    projects.release_item(uow, record_kind=working.PURPOSE, record_id=row.id)


def active_award(uow: UnitOfWork, row: Competition) -> Award | None:
    """The active award, locked."""
    found = queries.award_of(uow.session, row.id)
    return None if found is None else uow.lock(Award, found.id)


def close_award(
    uow: UnitOfWork, row: Competition, award: Award, state: AwardState, *, cause: str
) -> None:
    """The award is active no more; why is told as a code."""
    award.state, award.ended_at = state, uow.now
    uow.flush()
    working.record(
        uow,
        row,
        AwardSetAside,
        institution_organisation_id=award.organisation_id,
        listing_id=award.listing_id,
        amount_fen=award.amount_fen,
        award_id=award.id,
        cause=cause,
    )


# ------------------------------------------------------------------ questions


def ask_question(uow: UnitOfWork, *, competition: int | str, body: str) -> str:
    """Ask about the notice while sign-up lasts; the question is public, the asker is not."""
    row, standing = working.lock_public(uow, competition)
    policy.may_ask(uow.actor, standing, uow.now).require()
    question = uow.add(
        Question(
            competition_id=row.id,
            body=working.required(body, "body"),
            asked_at=uow.now,
            asked_by=working.acting_user(uow),
            organisation_id=working.acting_organisation(uow),
        )
    )
    working.record(uow, row, QuestionAsked, question_id=question.id)
    return question.public_id


def answer_question(uow: UnitOfWork, *, competition: int | str, question: str, answer: str) -> None:
    """Answer for everybody, once; before the closing, so that all bid on the same."""
    row, standing = working.lock_own(uow, competition)
    policy.may_answer(uow.actor, standing, uow.now).require()
    asked = uow.lock(Question, question)
    if asked.competition_id != row.id:
        raise NotFound
    if asked.answered_at is not None:
        raise Refused("competition.already_answered")
    asked.answer = working.required(answer, "answer")
    asked.answered_at, asked.answered_by = uow.now, working.acting_user(uow)
    working.record(uow, row, QuestionAnswered, question_id=asked.id)
