"""Complaints as rows: lists, one page, counts, what the public reads, what waits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.competitions import queries as competitions
from marketplace.complaints import policy, rules
from marketplace.complaints.models import Complaint
from marketplace.complaints.queries.rows import (
    ComplaintCounts,
    ComplaintPage,
    ComplaintParty,
    ComplaintRow,
    PublicComplaint,
)
from marketplace.complaints.rules import About, ComplaintState, Days, Filer, Outcome
from marketplace.engagements import queries as engagements
from marketplace.infra.crypto import search_hash
from marketplace.infra.finding import find_row
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day, start_of_day

FOLLOW = "complaint.follow"
S = ComplaintState
_UPHELD = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
_OPEN = (S.FILED, S.ACCEPTED, S.INVESTIGATING)
# Which words belong to which event.
_WHY = {
    "complaint.refused": "reason",
    "complaint.heard": "answer",
    "complaint.sent_back": "send_back_reason",
    "complaint.decided": "reason",
    "complaint.reviewed": "review_reason",
}


def days(session: Session, on: date) -> Days:
    """The limits in force on a day; a complaint keeps those of the day it was filed."""
    rulebook = catalogue.rulebook(session)
    return Days(
        acknowledge=int(rulebook.value("complaint.acknowledge_days", on)),
        hearing=int(rulebook.value("complaint.hearing_days", on)),
        decision=int(rulebook.value("complaint.decision_days", on)),
        yellow=int(rulebook.value("clock.yellow_days", on)),
    )


def standing(row: Complaint) -> policy.Standing:
    """What the policies ask of a complaint."""
    return policy.Standing(
        state=ComplaintState(row.state),
        handler_id=row.handler_id,
        about_organisation_id=row.about_organisation_id,
        filer_organisation_id=row.filer_organisation_id,
        filed_by=row.filed_by,
        proposer_id=row.proposer_id,
        decider_id=row.decider_id,
        accepted_by=row.accepted_by,
        answered=row.answered_at is not None,
    )


def find_complaint(session: Session, key: int | str) -> Complaint:
    """The complaint with this integer or public id; raises `NotFound`."""
    return find_row(session, Complaint, key)


def followed(session: Session, code: str) -> str:
    """The public id of the complaint that this secret opens; raises `NotFound`."""
    query = select(Complaint.public_id).where(
        Complaint.follow_hash == search_hash(code[:64], FOLLOW)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def complaint(session: Session, key: int | str, today: date) -> ComplaintRow:
    """One complaint as lists show it."""
    return rows_of(session, [find_complaint(session, key)], today)[0]


def party(session: Session, complaint_id: int) -> ComplaintParty:
    """Who has to do with a complaint."""
    row = find_complaint(session, complaint_id)
    return ComplaintParty(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        handler_id=row.handler_id,
        about_organisation_id=row.about_organisation_id,
        filer_organisation_id=row.filer_organisation_id,
    )


def queue(
    session: Session, handler_id: int | None, today: date, *, closed: bool = False
) -> tuple[ComplaintRow, ...]:
    """The complaints of a handler (None: of everybody), the most urgent first."""
    query = select(Complaint).where(
        Complaint.state.in_(_OPEN) if not closed else Complaint.state.not_in(_OPEN)
    )
    if handler_id is not None:
        query = query.where(Complaint.handler_id == handler_id)
    order = (Complaint.due_on, Complaint.id) if not closed else (Complaint.id.desc(),)
    return _rows(session, query.order_by(*order).limit(500), today)


def complaints_of(session: Session, organisation_id: int, today: date) -> tuple[ComplaintRow, ...]:
    """What an organisation complained about, newest first."""
    query = select(Complaint).where(Complaint.filer_organisation_id == organisation_id)
    return _rows(session, query.order_by(Complaint.id.desc()), today)


def complaints_about(
    session: Session, organisation_id: int, today: date
) -> tuple[ComplaintRow, ...]:
    """What others complained about an organisation, as far as it was heard; newest first."""
    query = select(Complaint).where(
        Complaint.about_organisation_id == organisation_id,
        or_(
            Complaint.state.not_in((S.FILED, S.REFUSED, S.CLOSED)),
            (Complaint.state == S.CLOSED) & (Complaint.outcome != ""),
        ),
    )
    return _rows(session, query.order_by(Complaint.id.desc()), today)


def upheld(
    session: Session,
    institution_organisation_id: int,
    since: date,
    until: date,
    item_code: str | None = None,
) -> ComplaintCounts:
    """How many complaints about an institution were upheld between two days, both included.

    With an item, those about that item or about the institution as a whole.
    """
    query = (
        select(Complaint.outcome, func.count(Complaint.id))
        .where(
            Complaint.about_organisation_id == institution_organisation_id,
            Complaint.institution_id.is_not(None),
            Complaint.outcome.in_(_UPHELD),
            Complaint.decided_at >= start_of_day(since),
            Complaint.decided_at < end_of_day(until),
        )
        .group_by(Complaint.outcome)
    )
    if item_code is not None:
        query = query.where(Complaint.item_code.in_((item_code, "")))
    found: dict[str, int] = {row[0]: row[1] for row in session.execute(query)}
    return ComplaintCounts(found.get(Outcome.UPHELD, 0), found.get(Outcome.PARTLY_UPHELD, 0))


def public_complaints(session: Session, organisation_id: int) -> tuple[PublicComplaint, ...]:
    """What everybody may read: those upheld, wholly or partly, newest first."""
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.about_organisation_id == organisation_id, Complaint.outcome.in_(_UPHELD))
        .order_by(Complaint.decided_at.desc())
    )
    return tuple(
        PublicComplaint(
            number=row.number,
            item_code=row.item_code,
            about=About(row.about),
            filer=Filer(row.filer),
            outcome=Outcome(row.outcome),
            decided_at=row.decided_at or row.state_since,
        )
        for row in rows
    )


def page(session: Session, key: int | str, today: date) -> ComplaintPage:
    """Everything about one complaint; who may see what of it is the policy's."""
    row = find_complaint(session, key)
    people = accounts.people(session, {row.proposer_id or 0, row.decider_id or 0} - {0})
    names = accounts.organisations(
        session, {row.handler_id, *filter(None, [row.filer_organisation_id])}
    )
    filer = names.get(row.filer_organisation_id or 0)
    return ComplaintPage(
        row=rows_of(session, [row], today)[0],
        standing=standing(row),
        body=row.body,
        filer_name=row.filer_name,
        masked_name=rules.masked_name(row.filer_name),
        contact=row.contact or "",
        filer_organisation=filer.name if filer else "",
        handler_name=names[row.handler_id].name,
        record_title=_record_title(session, row),
        answer=row.answer,
        answered_at=row.answered_at,
        proposed_outcome=Outcome(row.proposed_outcome) if row.proposed_outcome else None,
        proposed_reason=row.proposed_reason,
        proposer_name=people.get(row.proposer_id or 0, ""),
        send_back_reason=row.send_back_reason,
        reason=row.reason,
        review_reason=row.review_reason,
        decider_name=people.get(row.decider_id or 0, ""),
        history=accounts.history(session, "complaint", row, _WHY),
    )


def due_complaints(session: Session, now: datetime) -> Sequence[int]:
    """The complaints that need attention."""
    query = select(Complaint.id).where(Complaint.attention_at <= now)
    return session.scalars(query.order_by(Complaint.attention_at)).all()


def dated_complaints(session: Session) -> Sequence[int]:
    """The complaints with a day by which something is due."""
    query = select(Complaint.id).where(Complaint.due_on.is_not(None))
    return session.scalars(query.order_by(Complaint.id)).all()


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Complaints in which somebody owes something, with whose turn it is."""
    rows = _rows(session, select(Complaint).where(Complaint.state.in_(_OPEN)), today)
    what = {S.FILED: "acknowledge", S.ACCEPTED: "answer", S.INVESTIGATING: "decide"}
    return tuple(
        Waiting(
            kind="complaint",
            public_id=row.public_id,
            number=row.number,
            what=f"complaint.{what[row.state]}",
            owes_organisation_id=row.owes,
            light=row.light,
            due_on=row.due_on,
            region_code=row.region_code,
            item_code=row.item_code,
            about_organisation_id=row.about_organisation_id,
        )
        for row in rows
    )


def _record_title(session: Session, row: Complaint) -> str:
    if row.engagement_id is not None:
        return engagements.engagement(session, row.engagement_id).number
    if row.competition_id is not None:
        found = competitions.competition(session, row.competition_id)
        return f"{found.number} {found.title}"
    return ""


def _rows(session: Session, query: Select[Complaint], today: date) -> tuple[ComplaintRow, ...]:
    return rows_of(session, session.scalars(query).all(), today)


def rows_of(session: Session, found: Sequence[Complaint], today: date) -> tuple[ComplaintRow, ...]:
    """Complaints as rows, with the names their list shows."""
    names = accounts.organisations(session, {row.about_organisation_id for row in found})
    items = {item.code: item for item in catalogue.items(session)}
    calendar, limits = catalogue.calendar(session), days(session, today)
    return tuple(
        ComplaintRow(
            id=row.id,
            public_id=row.public_id,
            number=row.number,
            state=ComplaintState(row.state),
            about=About(row.about),
            filer=Filer(row.filer),
            headline=row.headline,
            item=items.get(row.item_code),
            item_code=row.item_code,
            region_code=row.region_code,
            about_organisation_id=row.about_organisation_id,
            about_name=names[row.about_organisation_id].name,
            institution_id=row.institution_id,
            listing_id=row.listing_id,
            handler_id=row.handler_id,
            filer_organisation_id=row.filer_organisation_id,
            filed_at=row.filed_at,
            due_on=row.due_on,
            light=(
                rules.light_of(calendar, limits, row.due_on, today)
                if row.state in _OPEN
                else "none"
            ),
            owes=_owes(row),
            proposed=row.proposer_id is not None,
            outcome=Outcome(row.outcome) if row.outcome else None,
            decided_at=row.decided_at,
        )
        for row in found
    )


def _owes(row: Complaint) -> int | None:
    if row.state == S.ACCEPTED:
        return row.about_organisation_id
    return row.handler_id if row.state in _OPEN else None
