"""The blueprint of institutions, my own institution, its task list and its history."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.queries import HistoryEntry
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import item_name
from marketplace.catalogue.queries import KindRow
from marketplace.catalogue.rules.items import Need
from marketplace.catalogue.wording import need_text
from marketplace.institutions import wording
from marketplace.institutions.queries import dossiers, market, public, rows, seen
from marketplace.institutions.rules.dossier import Missing, Section
from marketplace.institutions.services import describing
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import (
    current_actor,
    language,
    reading_session,
    request_time,
    unit_of_work,
)
from marketplace.web.guard import for_roles
from marketplace.web.submit import page
from marketplace.web.time_line import person_or_platform, time_line

bp = Blueprint("institutions", __name__)

bp.add_app_template_filter(wording.listing_tone)

bp.add_app_template_filter(wording.missing_text)

bp.add_app_template_filter(wording.terms_text)


@bp.app_template_filter()
def need_words(need: Need, kinds: Mapping[str, KindRow]) -> str:
    return need_text(need, kinds.get(need.kind), language())


@bp.app_template_filter()
def mend_url(missing: Missing, listing_id: str) -> str:
    """The page on which a missing thing is put right."""
    if missing.section is Section.TERMS:
        return url_for("institutions.listing_terms", listing_id=listing_id)
    if dossiers.is_contact(missing):
        return url_for("institutions.contact")
    return url_for(f"institutions.{missing.section}")


# To everybody else these pages do not exist.
agents = for_roles(Role.INSTITUTION_AGENT)


def mine() -> rows.InstitutionRow:
    """The institution of the present actor; its dossier begins with the first visit."""
    organisation_id = current_actor().organisation_id
    row = seen.my_institution(reading_session(), organisation_id)
    if row is None:
        _begin()
        row = seen.my_institution(reading_session(), organisation_id)
    if row is None:
        raise NotFound
    return row


def _begin() -> None:
    try:
        with unit_of_work() as uow:
            describing.start_institution(uow)
    except IntegrityError:
        # Two first visits at once: the other one began it.
        reading_session().rollback()


def my_qualification(public_id: str) -> rows.QualificationRow:
    """A certificate of my own; others' do not exist."""
    row = seen.qualification(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def my_practitioner(public_id: str) -> rows.PractitionerRow:
    """A practitioner of my own; others' do not exist."""
    row = seen.practitioner(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def my_listing(public_id: str) -> rows.ListingRow:
    """A listing of my own; others' do not exist."""
    row = market.listing(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def today() -> date:
    """The day of this request."""
    return local_date(request_time())


# The page of each task.
PAGES = {
    dossiers.TaskKind.BASIC: "institutions.profile",
    dossiers.TaskKind.CONTACT: "institutions.contact",
    dossiers.TaskKind.OWNERS: "institutions.owners",
    dossiers.TaskKind.TIES: "institutions.ties",
    dossiers.TaskKind.QUALIFICATIONS: "institutions.qualifications",
    dossiers.TaskKind.PRACTITIONERS: "institutions.practitioners",
    dossiers.TaskKind.UNDERTAKING: "institutions.undertaking",
    dossiers.TaskKind.AUTHORISATION: "institutions.authorisation",
}


@bp.get("/my/institution")
@agents
def dossier() -> ResponseReturnValue:
    row, session, day = mine(), reading_session(), today()
    return page(
        "institutions/dossier.html",
        institution=row,
        tasks=dossiers.task_list(session, row.id, day),
        pages=PAGES,
        offers=dossiers.listing_overview(session, row.id, day),
        pending=market.pending_changes(session, row.id),
        open_kinds={one.kind for one in market.open_submissions(session, row.id)},
        items=catalogue.by_code(session),
    )


def _item_of(entry: HistoryEntry) -> str:
    return item_name(entry.payload.get("item_code", ""))


@bp.get("/my/institution/history")
@agents
def history() -> ResponseReturnValue:
    row, session = mine(), reading_session()
    return page(
        "institutions/history.html",
        institution=row,
        entries=time_line(
            public.history(session, row.id), inside=True, who=person_or_platform, about=_item_of
        ),
        versions=seen.facts_versions(session, row.id),
    )
