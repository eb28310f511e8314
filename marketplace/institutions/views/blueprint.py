"""The blueprint of institutions, and what all its pages begin with: my own institution."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, url_for
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue.queries import ItemRow, KindRow
from marketplace.catalogue.rules import Need
from marketplace.catalogue.wording import limit_text, need_text
from marketplace.institutions import queries, services, wording
from marketplace.institutions.queries import (
    InstitutionRow,
    ListingRow,
    PractitionerRow,
    QualificationRow,
)
from marketplace.institutions.rules import Missing, Section
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.web.context import (
    current_actor,
    language,
    reading_session,
    request_time,
    unit_of_work,
)
from marketplace.web.guard import for_roles

bp = Blueprint("institutions", __name__)
bp.add_app_template_filter(wording.listing_tone)
bp.add_app_template_filter(wording.missing_text)
bp.add_app_template_filter(wording.terms_text)


@bp.app_template_filter()
def need_words(need: Need, kinds: Mapping[str, KindRow]) -> str:
    return need_text(need, kinds.get(need.kind), language())


@bp.app_template_filter()
def days_text(count: int, item: ItemRow) -> str:
    """So many days of the item's kind: `15 working days`."""
    return limit_text(Limit(count, item.limit.unit))


@bp.app_template_filter()
def mend_url(missing: Missing, listing_id: str) -> str:
    """The page on which a missing thing is put right."""
    if missing.section is Section.TERMS:
        return url_for("institutions.listing_terms", listing_id=listing_id)
    if missing.details.get("fact") in queries.CONTACT_FACTS:
        return url_for("institutions.contact")
    return url_for(f"institutions.{missing.section}")


# To everybody else these pages do not exist.
agents = for_roles(Role.INSTITUTION_AGENT)


def mine() -> InstitutionRow:
    """The institution of the present actor; its dossier begins with the first visit."""
    organisation_id = current_actor().organisation_id
    row = queries.my_institution(reading_session(), organisation_id)
    if row is None:
        _begin()
        row = queries.my_institution(reading_session(), organisation_id)
    if row is None:
        raise NotFound
    return row


def _begin() -> None:
    try:
        with unit_of_work() as uow:
            services.start_institution(uow)
    except IntegrityError:
        # Two first visits at once: the other one began it.
        reading_session().rollback()


def my_qualification(public_id: str) -> QualificationRow:
    """A certificate of my own; others' do not exist."""
    row = queries.qualification(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def my_practitioner(public_id: str) -> PractitionerRow:
    """A practitioner of my own; others' do not exist."""
    row = queries.practitioner(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def my_listing(public_id: str) -> ListingRow:
    """A listing of my own; others' do not exist."""
    row = queries.listing(reading_session(), public_id)
    if row.institution_id != mine().id:
        raise NotFound
    return row


def today() -> date:
    """The day of this request."""
    return local_date(request_time())
