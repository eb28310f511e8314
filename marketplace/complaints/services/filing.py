"""Filing a complaint: what it is about, who is the other side, who has to deal with it."""

import secrets
from dataclasses import dataclass

from marketplace.accounts import queries as accounts
from marketplace.complaints import policy
from marketplace.complaints.events import ComplaintFiled
from marketplace.complaints.models import Complaint
from marketplace.complaints.queries.complaints import FOLLOW
from marketplace.complaints.queries.handlers import handler_of
from marketplace.complaints.queries.subjects import Subject, find_subject
from marketplace.complaints.rules import About, ComplaintState
from marketplace.complaints.services import casework
from marketplace.infra.crypto import search_hash
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Contact:
    """How somebody of the public is named and answered."""

    name: str
    reach: str


@dataclass(frozen=True)
class Ref:
    """A record that was just made; `follow_code` opens its page without an account."""

    id: int
    public_id: str
    number: str
    follow_code: str = ""


def file_complaint(
    uow: UnitOfWork,
    *,
    about: About,
    record: int | str,
    headline: str,
    body: str,
    contact: Contact | None = None,
) -> Ref:
    """Take a complaint down; it goes to whoever is competent for the other side.

    Signed in, it is the organisation's; without an account name and a way to answer are needed.
    Refuses `complaint.about_yourself`, `complaint.contact_needed`, `complaint.words_needed`,
    `complaint.no_handler`.
    """
    found = find_subject(uow.session, about, record, uow.actor)
    policy.may_file(uow.actor, found.about_organisation_id).require()
    headline, body = casework.required(headline, "headline"), casework.required(body, "body")
    if not uow.actor.signed_in and (contact is None or not (contact.name and contact.reach)):
        raise Refused("complaint.contact_needed", field="reach")
    handler_id = handler_of(uow.session, found)
    if handler_id is None:
        raise Refused("complaint.no_handler")
    code = secrets.token_urlsafe(18)
    row = _take_down(uow, found, handler_id, headline, body, contact, code)
    casework.record(uow, row, ComplaintFiled, due_on=row.due_on)
    return Ref(row.id, row.public_id, row.number, code)


def _take_down(
    uow: UnitOfWork,
    found: Subject,
    handler_id: int,
    headline: str,
    body: str,
    contact: Contact | None,
    code: str,
) -> Complaint:
    row = Complaint(
        number=next_number(uow.session, "TS", local_date(uow.now).year),
        state=ComplaintState.FILED,
        about=found.about,
        engagement_id=found.engagement_id,
        competition_id=found.competition_id,
        institution_id=found.institution_id,
        listing_id=found.listing_id,
        about_organisation_id=found.about_organisation_id,
        item_code=found.item_code,
        region_code=found.region_code,
        handler_id=handler_id,
        filer=found.filer,
        filer_organisation_id=uow.actor.organisation_id,
        filed_by=uow.actor.user_id,
        filer_name=_name(uow, contact),
        contact=contact.reach if contact else None,
        follow_hash=search_hash(code, FOLLOW),
        headline=headline,
        body=body,
        filed_at=uow.now,
        state_since=uow.now,
    )
    casework.reschedule(uow, row)
    return uow.add(row)


def _name(uow: UnitOfWork, contact: Contact | None) -> str:
    if contact is not None and contact.name:
        return contact.name
    if uow.actor.user_id is None:
        return ""
    return accounts.person(uow.session, uow.actor.user_id).name
