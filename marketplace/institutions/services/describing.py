"""The institution describes itself: its profile, its owners, its ties to departments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash
from marketplace.infra.facts import Day, Fact, Pick, Telephone, named
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import policy
from marketplace.institutions.events import AffiliationsSaved, InstitutionStarted, ProfileSaved
from marketplace.institutions.facts import FACTS
from marketplace.institutions.models.dossier import Affiliation, Institution, InstitutionFacts
from marketplace.institutions.queries import current
from marketplace.institutions.rules import dossier
from marketplace.institutions.services.dossier import draft_facts, lock_own
from marketplace.kernel import personal, uscc
from marketplace.kernel.characters import same_name
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.money import MILLIONTHS, percent
from marketplace.kernel.texts import optional
from marketplace.kernel.times import local_date

_FACTS = named(FACTS)


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


def save_profile(uow: UnitOfWork, *, institution_id: int | str, said: Mapping[str, object]) -> None:
    """Draft these facts, each by its name; the others stay as they are stated.

    Nothing changes where they are as they were. Refuses `profile.unknown_region`,
    `profile.established_in_future`, `profile.mobile_shape`, `profile.office_phone_is_mobile` and
    `request.personal_number`, each beside its field.
    """
    institution = lock_own(uow, institution_id)
    said = {name: _checked(uow, _FACTS[name], value) for name, value in said.items()}
    stated = current.current_facts(uow.session, institution.id)
    if stated is not None and all(getattr(stated, name) == said[name] for name in said):
        return
    draft = draft_profile(uow, institution)
    for name, value in said.items():
        setattr(draft, name, value)
        if _FACTS[name].personal:
            hashed = search_hash(str(value), f"institution_facts.{name}")
            setattr(draft, f"{name}_hash", hashed)
    uow.record(ProfileSaved(institution.id, draft.id))


def _checked(uow: UnitOfWork, fact: Fact, value: Any) -> object:
    """A fact as it is kept; refuses what cannot be one of its kind."""
    if isinstance(fact.field, Pick):
        return _picked(uow, fact, fact.field, value)
    if isinstance(fact.field, Telephone):
        _check_telephone(fact, fact.field, value)
    elif isinstance(fact.field, Day):
        if fact.field.past and value is not None and value > local_date(uow.now):
            raise Refused("profile.established_in_future", field=fact.name)
    elif fact.public and isinstance(value, str):
        return optional(value, fact.name)
    return value


def _picked(uow: UnitOfWork, fact: Fact, kind: Pick, value: Any) -> object:
    if kind.members is not None:
        return kind.members(value)
    region = catalogue.regions(uow.session).resolve(value)
    if region is None:
        raise Refused("profile.unknown_region", field=fact.name)
    return region


def _check_telephone(fact: Fact, kind: Telephone, value: str) -> None:
    if kind.landline and personal.is_mobile(value.replace("-", "").replace(" ", "")):
        raise Refused("profile.office_phone_is_mobile", field=fact.name)
    if not kind.landline and not personal.is_mobile(value):
        raise Refused("profile.mobile_shape", field=fact.name)


def draft_profile(uow: UnitOfWork, institution: Institution) -> InstitutionFacts:
    """The draft of the facts, with the name and code the organisation has now."""
    organisation = accounts.organisation(uow.session, institution.organisation_id)
    return draft_facts(uow, institution, organisation.name, organisation.credit_code)


WHOLE = MILLIONTHS


@dataclass(frozen=True)
class Owner:
    """Who owns a part; the share in millionths, None where it is not known.

    `id_number` None keeps the number of an owner that is changed.
    """

    holder: dossier.HolderKind
    name: str
    credit_code: str = ""
    id_number: str | None = None
    share_millionths: int | None = None


def add_owner(uow: UnitOfWork, *, institution_id: int | str, owner: Owner) -> str:
    """Draft an owner and return its line.

    Refuses `owner.code_wrong`, `owner.own_code`, `owner.id_number_wrong`, `owner.twice`,
    `owner.shares_over` and `request.personal_number`, each beside its field.
    """
    institution = lock_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    row = Affiliation(facts_id=draft.id, kind=dossier.AffiliationKind.OWNER, name=owner.name)
    _write_owner(uow, draft, row, owner)
    uow.session.add(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))
    return row.line


def change_owner(uow: UnitOfWork, *, institution_id: int | str, line: str, owner: Owner) -> None:
    """Draft other facts of an owner; refuses what `add_owner` refuses, `NotFound` for no such."""
    institution = lock_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    row = _affiliation(uow, draft, line, dossier.AffiliationKind.OWNER)
    _write_owner(uow, draft, row, owner)
    uow.record(AffiliationsSaved(institution.id, draft.id))


def remove_affiliation(uow: UnitOfWork, *, institution_id: int | str, line: str) -> None:
    """Draft the profile without this owner or tie; older versions keep it."""
    institution = lock_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    uow.session.delete(_affiliation(uow, draft, line, None))
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))


def answer_ties(uow: UnitOfWork, *, institution_id: int | str, has_ties: bool) -> None:
    """Draft the answer whether the institution is tied to a department; "no" removes all ties."""
    institution = lock_own(uow, institution_id)
    stated = current.current_facts(uow.session, institution.id)
    if stated is not None and stated.has_ties is has_ties:
        return
    draft = draft_profile(uow, institution)
    draft.has_ties = has_ties
    if not has_ties:
        for row in _rows(uow, draft):
            if row.kind == dossier.AffiliationKind.DEPARTMENT:
                uow.session.delete(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))


def add_tie(
    uow: UnitOfWork, *, institution_id: int | str, name: str, tie: dossier.TieKind, note: str
) -> str:
    """Draft a tie to a department or one of its bodies and return its line.

    Refuses `tie.twice` when the same body is named with the same kind of tie, and
    `request.personal_number`, each beside its field.
    """
    institution = lock_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    name, note = optional(name, "name"), optional(note, "note")
    if any(same_name(row.name, name) and row.tie == tie for row in _rows(uow, draft)):
        raise Refused("tie.twice", field="name")
    draft.has_ties = True
    row = Affiliation(
        facts_id=draft.id, kind=dossier.AffiliationKind.DEPARTMENT, name=name, tie=tie, note=note
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))
    return row.line


def _rows(uow: UnitOfWork, draft: InstitutionFacts) -> list[Affiliation]:
    query = select(Affiliation).where(Affiliation.facts_id == draft.id).order_by(Affiliation.id)
    return list(uow.session.scalars(query))


def _affiliation(
    uow: UnitOfWork, draft: InstitutionFacts, line: str, kind: dossier.AffiliationKind | None
) -> Affiliation:
    for row in _rows(uow, draft):
        if row.line == line and (kind is None or row.kind == kind):
            return row
    raise NotFound


def _write_owner(uow: UnitOfWork, draft: InstitutionFacts, row: Affiliation, owner: Owner) -> None:
    others = [
        other
        for other in _rows(uow, draft)
        if other.kind == dossier.AffiliationKind.OWNER and other is not row
    ]
    row.name, row.holder = optional(owner.name, "name"), owner.holder
    if owner.holder is dossier.HolderKind.ORGANISATION:
        row.credit_code = _owner_code(uow, draft, others, owner)
        row.id_number = row.id_number_hash = None
    else:
        row.credit_code = ""
        _write_id_number(row, others, owner)
    shares = sum(other.share_millionths or 0 for other in others)
    if shares + (owner.share_millionths or 0) > WHOLE:
        left = percent(WHOLE - shares)
        raise Refused("owner.shares_over", field="share_millionths", left=left)
    row.share_millionths = owner.share_millionths


def _owner_code(
    uow: UnitOfWork, draft: InstitutionFacts, others: list[Affiliation], owner: Owner
) -> str:
    code = uscc.normalise(owner.credit_code)
    if accounts.credit_code_problem(uow.session, code):
        raise Refused("owner.code_wrong", field="credit_code")
    if code == draft.credit_code:
        raise Refused("owner.own_code", field="credit_code")
    if any(other.credit_code == code for other in others):
        raise Refused("owner.twice", field="credit_code")
    return code


def _write_id_number(row: Affiliation, others: list[Affiliation], owner: Owner) -> None:
    if owner.id_number is None and row.id_number is not None:
        return
    number = (owner.id_number or "").upper()
    if not personal.is_id_number(number):
        raise Refused("owner.id_number_wrong", field="id_number")
    hashed = search_hash(number, "affiliation.id_number")
    if any(other.id_number_hash == hashed for other in others):
        raise Refused("owner.twice", field="id_number")
    row.id_number, row.id_number_hash = number, hashed
