"""Removal cases and the plans by which listings are put right; what waits, what is public."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.assessments import rules
from marketplace.assessments.models import (
    Assessment,
    AssessmentCycle,
    AssessmentObjection,
    Rectification,
    RectificationStep,
    RemovalCase,
)
from marketplace.assessments.policy import RemovalStanding
from marketplace.assessments.queries.cycles import final_grades
from marketplace.assessments.queries.rows import (
    Concerned,
    PlanRow,
    PublicRecord,
    PublicRemoval,
    RemovalPage,
    RemovalRow,
    StepRow,
)
from marketplace.assessments.rules import REMOVAL_OPEN, RemovalOutcome, RemovalState, Step
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.infra.files import files_of
from marketplace.infra.finding import find_row
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause

R = RemovalState

_WHAT = {
    R.OPENED: "removal.notify",
    R.NOTIFIED: "removal.reply",
    R.HEARD: "removal.propose",
    R.PROPOSED: "removal.decide",
}


def find_removal(session: Session, key: int | str) -> RemovalCase:
    """The removal case with this integer or public id; raises `NotFound`."""
    return find_row(session, RemovalCase, key)


def removal_standing(row: RemovalCase) -> RemovalStanding:
    """What the policies ask of a removal case."""
    return RemovalStanding(
        state=RemovalState(row.state),
        association_id=row.association_id,
        organisation_id=row.organisation_id,
        proposer_id=row.proposer_id,
        suspended_for_it=row.interim_at is not None,
    )


def open_removal(session: Session, listing_id: int) -> int | None:
    """The id of the open removal case of a listing, if there is one."""
    return session.scalar(
        select(RemovalCase.id).where(
            RemovalCase.listing_id == listing_id, RemovalCase.state.in_(REMOVAL_OPEN)
        )
    )


def removal_cases(
    session: Session, today: date, *, association_id: int | None = None, organisation_id: int = 0
) -> tuple[RemovalRow, ...]:
    """The cases of an association, or those an institution was told of; open ones first."""
    query: Select[RemovalCase] = select(RemovalCase)
    if association_id is not None:
        query = query.where(RemovalCase.association_id == association_id)
    else:
        query = query.where(
            RemovalCase.organisation_id == organisation_id, RemovalCase.state != R.OPENED
        )
    order = (RemovalCase.state.not_in(REMOVAL_OPEN), RemovalCase.id.desc())
    return _rows_of(session, session.scalars(query.order_by(*order)).all(), today)


def removal_cases_of(session: Session, organisation_id: int, today: date) -> tuple[RemovalRow, ...]:
    """The cases an institution was told of."""
    return removal_cases(session, today, organisation_id=organisation_id)


def removal_page(session: Session, key: int | str, today: date) -> RemovalPage:
    """Everything about one removal case; who may see it is the policy's."""
    row = find_removal(session, key)
    people = accounts.people(session, {row.proposer_id or 0, row.decider_id or 0} - {0})
    return RemovalPage(
        row=_rows_of(session, [row], today)[0],
        standing=removal_standing(row),
        association_name=accounts.organisation(session, row.association_id).name,
        facts=row.facts,
        evidence=files_of(session, "removal_case", row.id, "evidence"),
        interim_reason=row.interim_reason,
        reply=row.reply,
        reply_files=files_of(session, "removal_case", row.id, "reply"),
        reply_by=row.reply_by,
        proposed_outcome=RemovalOutcome(row.proposed_outcome) if row.proposed_outcome else None,
        proposed_reason=row.proposed_reason,
        proposer_name=people.get(row.proposer_id or 0, ""),
        send_back_reason=row.send_back_reason,
        reason=row.reason,
        decider_name=people.get(row.decider_id or 0, ""),
        history=accounts.history(session, "removal_case", row.id),
    )


def public_removals(session: Session, organisation_id: int) -> tuple[PublicRemoval, ...]:
    """The decided cases of an institution, newest first, with their reasons."""
    rows = session.scalars(
        select(RemovalCase)
        .where(RemovalCase.organisation_id == organisation_id, RemovalCase.outcome != "")
        .order_by(RemovalCase.id.desc())
    )
    return tuple(_public(row) for row in rows)


def _public(row: RemovalCase) -> PublicRemoval:
    return PublicRemoval(
        number=row.number,
        item_code=row.item_code,
        cause=RemovalCause(row.cause),
        outcome=RemovalOutcome(row.outcome),
        reason=row.reason,
        decided_at=row.decided_at or row.opened_at,
    )


def removal_of(session: Session, listing_id: int) -> PublicRemoval | None:
    """The decision that last removed a listing."""
    row = last_removal(session, listing_id)
    return None if row is None else _public(row)


def due_removals(session: Session, now: datetime) -> Sequence[int]:
    """The removal cases that need attention."""
    query = select(RemovalCase.id).where(RemovalCase.attention_at <= now)
    return session.scalars(query.order_by(RemovalCase.attention_at)).all()


def dated_removals(session: Session) -> Sequence[int]:
    """The cases in which the institution is being heard."""
    query = select(RemovalCase.id).where(RemovalCase.state == RemovalState.NOTIFIED)
    return session.scalars(query.order_by(RemovalCase.id)).all()


def removal_concerned(session: Session, case_id: int) -> Concerned:
    """Who has to do with a removal case."""
    row = find_removal(session, case_id)
    return Concerned(
        public_id=row.public_id,
        number=row.number,
        association_id=row.association_id,
        organisation_id=row.organisation_id,
        item_code=row.item_code,
        listing_public_id=institutions.listing(session, row.listing_id).public_id,
    )


def waiting_removals(session: Session, today: date) -> tuple[Waiting, ...]:
    """Removal cases in which somebody owes the next step."""
    query = select(RemovalCase).where(RemovalCase.state.in_(REMOVAL_OPEN))
    return tuple(
        Waiting(
            kind="removal_case",
            public_id=row.public_id,
            number=row.number,
            what=_WHAT[row.state],
            owes_organisation_id=row.owes,
            light=row.light,
            due_on=row.due_on,
            region_code=row.listing.region_code,
            item_code=row.item.code,
            about_organisation_id=row.organisation_id,
        )
        for row in _rows_of(session, session.scalars(query).all(), today)
    )


def _rows_of(session: Session, found: Sequence[RemovalCase], today: date) -> tuple[RemovalRow, ...]:
    listings = institutions.listings(session, {row.listing_id for row in found})
    items = {item.code: item for item in catalogue.items(session)}
    calendar = catalogue.calendar(session)
    yellow = int(catalogue.rule(session, "clock.yellow_days", today))

    def seen(row: RemovalCase) -> RemovalRow:
        due = row.reply_by if row.state == R.NOTIFIED else None
        owed = row.organisation_id if row.state == R.NOTIFIED else row.association_id
        return RemovalRow(
            id=row.id,
            public_id=row.public_id,
            number=row.number,
            state=RemovalState(row.state),
            cause=RemovalCause(row.cause),
            listing=listings[row.listing_id],
            item=items[row.item_code],
            association_id=row.association_id,
            organisation_id=row.organisation_id,
            opened_at=row.opened_at,
            due_on=due,
            light=rules.light_of(calendar, due, today, yellow),
            owes=owed if row.state in REMOVAL_OPEN else None,
            outcome=RemovalOutcome(row.outcome) if row.outcome else None,
            decided_at=row.decided_at,
        )

    return tuple(seen(row) for row in found)


def find_plan(session: Session, listing_id: int) -> Rectification | None:
    """The latest plan for a listing."""
    query = select(Rectification).where(Rectification.listing_id == listing_id)
    return session.scalars(query.order_by(Rectification.id.desc()).limit(1)).one_or_none()


def last_removal(session: Session, listing_id: int) -> RemovalCase | None:
    """The latest case that removed a listing."""
    query = select(RemovalCase).where(
        RemovalCase.listing_id == listing_id, RemovalCase.outcome == RemovalOutcome.REMOVE
    )
    return session.scalars(query.order_by(RemovalCase.id.desc()).limit(1)).one_or_none()


def plan(session: Session, listing_id: int) -> PlanRow | None:
    """The latest plan for a listing with its checklist."""
    row = find_plan(session, listing_id)
    if row is None:
        return None
    case = find_removal(session, row.removal_case_id)
    steps = session.scalars(
        select(RectificationStep)
        .where(RectificationStep.rectification_id == row.id)
        .order_by(RectificationStep.id)
    )
    return PlanRow(
        id=row.id,
        public_id=row.public_id,
        listing=institutions.listing(session, row.listing_id),
        item=catalogue.item(session, case.item_code),
        removal_number=case.number,
        cause=RemovalCause(case.cause),
        reason=case.reason,
        begun_at=row.begun_at,
        steps=tuple(
            StepRow(
                code=Step(one.code),
                words=one.words,
                done_at=one.done_at,
                files=files_of(session, "rectification", row.id, one.code),
            )
            for one in steps
        ),
        case_id=row.case_id,
    )


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
