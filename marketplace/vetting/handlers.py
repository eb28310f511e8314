"""What vetting does when others change: due days follow the calendar, files open to judges."""

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import recused
from marketplace.accounts.queries.leaving import Held
from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.infra.clock import business_now
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.events import ListingWithdrawn
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date
from marketplace.vetting import policy
from marketplace.vetting.queries import lists, standings
from marketplace.vetting.services import applying, casework


def end_cases(uow: UnitOfWork, record: EventRecord) -> None:
    """Nothing waits for an answer about a listing that has left the market."""
    for case_id in lists.open_case_ids(uow.session, record.subject_id):
        applying.end_with_listing(uow, case=case_id)


def may_read_papers(actor: Actor, session: Session, institution_id: int) -> bool:
    """Examiners and approvers read the papers of institutions whose cases their association has.

    But for who has a tie to the institution: the papers of its people are closed to them, too.
    """
    if actor.organisation_id is None or not policy.may_see_queue(actor):
        return False
    if not lists.has_case_of(session, actor.organisation_id, institution_id):
        return False
    subject = institutions.institution(session, institution_id).organisation_id
    today = local_date(business_now(session))
    return not recused(actor.user_id, subject, accounts.ties(session, subject, today))


def held_by(session: Session, user_id: int, organisation_id: int) -> tuple[Held, ...]:
    """The cases a member has in hand, as the page says before the member leaves."""
    found = lists.held_by(session, user_id, organisation_id)
    return tuple(Held(one.number, one.applicant_name) for one in found)


def successors(session: Session, user_id: int, organisation_id: int) -> frozenset[int]:
    """The other examiners of the association who have no tie to an applicant of these cases."""
    today = local_date(business_now(session))
    tied = {
        tie.user_id
        for one in lists.held_by(session, user_id, organisation_id)
        for tie in accounts.ties(session, one.organisation_id, today)
    }
    examiners = {one.user_id for one in standings.examiners(session, organisation_id)}
    return frozenset(examiners - tied - {user_id})


HANDLERS = (
    follows_calendar(
        "vetting-due-days",
        Dated(lists.DATED, lambda uow, key: casework.move_due_day(uow, case=key)),
    ),
    Handler("vetting-left-listings", end_cases, (ListingWithdrawn,)),
)
