"""The institution describes itself: the dossier is begun, the profile drafted."""

from dataclasses import asdict, dataclass
from datetime import date

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.events import (
    InstitutionStarted,
    ProfileSaved,
)
from marketplace.institutions.models import Institution, InstitutionFacts
from marketplace.institutions.queries import current
from marketplace.institutions.rules import (
    InstitutionType,
)
from marketplace.institutions.services.holding import hold_own
from marketplace.institutions.services.versions import draft_facts
from marketplace.kernel import personal
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class BasicFacts:
    """What the licence says. Capital is in fen."""

    type: InstitutionType
    region_code: str
    address: str
    legal_representative: str
    established: date
    capital_fen: int


@dataclass(frozen=True)
class ContactFacts:
    """How the institution is reached and what it says of itself; the mobile is never public."""

    contact_name: str
    contact_mobile: str
    office_phone: str
    profile: str


def start_institution(uow: UnitOfWork) -> int:
    """Begin the dossier of the actor's organisation; its id, also when it was begun before."""
    policy.may_start(uow.actor).require()
    organisation_id = uow.actor.organisation_id
    if organisation_id is None:
        raise NotFound
    found = current.institution_of(uow.session, organisation_id)
    if found is not None:
        return found.id
    return begin(uow, organisation_id)


def begin(uow: UnitOfWork, organisation_id: int) -> int:
    """Make the institution of an organisation with a first draft of its facts."""
    organisation = accounts.organisation(uow.session, organisation_id)
    institution = uow.add(Institution(organisation_id=organisation_id, started_at=uow.now))
    draft = draft_facts(uow, institution, organisation.name, organisation.credit_code)
    draft.region_code = organisation.region_code
    uow.record(InstitutionStarted(institution.id, organisation_id))
    return institution.id


def save_profile(
    uow: UnitOfWork,
    *,
    institution_id: int | str,
    basic: BasicFacts | None = None,
    contact: ContactFacts | None = None,
) -> None:
    """Draft the facts of one page; nothing changes where they are as they were.

    Refuses `profile.unknown_region`, `profile.established_in_future`, `profile.mobile_shape`
    and `profile.office_phone_is_mobile`, each beside its field.
    """
    institution = hold_own(uow, institution_id)
    said: dict[str, object] = {}
    if basic is not None:
        said |= _checked_basic(uow, basic)
    if contact is not None:
        said |= _checked_contact(contact)
    stated = current.current_facts(uow.session, institution.id)
    if stated is not None and all(getattr(stated, name) == said[name] for name in said):
        return
    draft = draft_profile(uow, institution)
    for name, value in said.items():
        setattr(draft, name, value)
    uow.record(ProfileSaved(institution.id, draft.id))


def _checked_basic(uow: UnitOfWork, basic: BasicFacts) -> dict[str, object]:
    region = catalogue.regions(uow.session).resolve(basic.region_code)
    if region is None:
        raise Refused("profile.unknown_region", field="region")
    if basic.established > local_date(uow.now):
        raise Refused("profile.established_in_future", field="established")
    return asdict(basic) | {"type": str(basic.type), "region_code": region}


def _checked_contact(contact: ContactFacts) -> dict[str, object]:
    if not personal.is_mobile(contact.contact_mobile):
        raise Refused("profile.mobile_shape", field="contact_mobile")
    if personal.is_mobile(contact.office_phone.replace("-", "").replace(" ", "")):
        raise Refused("profile.office_phone_is_mobile", field="office_phone")
    hashed = search_hash(contact.contact_mobile, "institution_facts.contact_mobile")
    return asdict(contact) | {"contact_mobile_hash": hashed}


def draft_profile(uow: UnitOfWork, institution: Institution) -> InstitutionFacts:
    """The draft of the facts, with the name and code the organisation has now."""
    organisation = accounts.organisation(uow.session, institution.organisation_id)
    return draft_facts(uow, institution, organisation.name, organisation.credit_code)
