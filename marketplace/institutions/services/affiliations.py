"""Who owns the institution, and which departments or bodies it is tied to."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.events import AffiliationsSaved
from marketplace.institutions.models import Affiliation, InstitutionFacts
from marketplace.institutions.queries import current
from marketplace.institutions.rules import AffiliationKind, HolderKind, TieKind
from marketplace.institutions.services.holding import hold_own
from marketplace.institutions.services.profile import draft_profile
from marketplace.kernel import personal, uscc
from marketplace.kernel.errors import NotFound, Refused

WHOLE = 10_000


@dataclass(frozen=True)
class Owner:
    """Who owns a part; the share in hundredths of a percent, None where it is not known.

    `id_number` None keeps the number of an owner that is changed.
    """

    holder: HolderKind
    name: str
    credit_code: str = ""
    id_number: str | None = None
    share_basis_points: int | None = None


def add_owner(uow: UnitOfWork, *, institution_id: int | str, owner: Owner) -> str:
    """Draft an owner and return its line.

    Refuses `owner.code_wrong`, `owner.own_code`, `owner.id_number_wrong`, `owner.twice` and
    `owner.shares_over`, each beside its field.
    """
    institution = hold_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    row = Affiliation(facts_id=draft.id, kind=AffiliationKind.OWNER, name=owner.name)
    _write_owner(uow, draft, row, owner)
    uow.session.add(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))
    return row.line


def change_owner(uow: UnitOfWork, *, institution_id: int | str, line: str, owner: Owner) -> None:
    """Draft other facts of an owner; refuses what `add_owner` refuses, `NotFound` for no such."""
    institution = hold_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    row = _affiliation(uow, draft, line, AffiliationKind.OWNER)
    _write_owner(uow, draft, row, owner)
    uow.record(AffiliationsSaved(institution.id, draft.id))


def remove_affiliation(uow: UnitOfWork, *, institution_id: int | str, line: str) -> None:
    """Draft the profile without this owner or tie; older versions keep it."""
    institution = hold_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    uow.session.delete(_affiliation(uow, draft, line, None))
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))


def answer_ties(uow: UnitOfWork, *, institution_id: int | str, has_ties: bool) -> None:
    """Draft the answer whether the institution is tied to a department; "no" removes all ties."""
    institution = hold_own(uow, institution_id)
    stated = current.current_facts(uow.session, institution.id)
    if stated is not None and stated.has_ties is has_ties:
        return
    draft = draft_profile(uow, institution)
    draft.has_ties = has_ties
    if not has_ties:
        for row in _rows(uow, draft):
            if row.kind == AffiliationKind.DEPARTMENT:
                uow.session.delete(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))


def add_tie(
    uow: UnitOfWork, *, institution_id: int | str, name: str, tie: TieKind, note: str
) -> str:
    """Draft a tie to a department or one of its bodies and return its line.

    Refuses `tie.twice` when the same body is named with the same kind of tie.
    """
    institution = hold_own(uow, institution_id)
    draft = draft_profile(uow, institution)
    if any(row.name == name and row.tie == tie for row in _rows(uow, draft)):
        raise Refused("tie.twice", field="name")
    draft.has_ties = True
    row = Affiliation(
        facts_id=draft.id, kind=AffiliationKind.DEPARTMENT, name=name, tie=tie, note=note
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(AffiliationsSaved(institution.id, draft.id))
    return row.line


def _rows(uow: UnitOfWork, draft: InstitutionFacts) -> list[Affiliation]:
    query = select(Affiliation).where(Affiliation.facts_id == draft.id).order_by(Affiliation.id)
    return list(uow.session.scalars(query))


def _affiliation(
    uow: UnitOfWork, draft: InstitutionFacts, line: str, kind: AffiliationKind | None
) -> Affiliation:
    for row in _rows(uow, draft):
        if row.line == line and (kind is None or row.kind == kind):
            return row
    raise NotFound


def _write_owner(uow: UnitOfWork, draft: InstitutionFacts, row: Affiliation, owner: Owner) -> None:
    others = [
        other
        for other in _rows(uow, draft)
        if other.kind == AffiliationKind.OWNER and other is not row
    ]
    row.name, row.holder = owner.name, owner.holder
    if owner.holder is HolderKind.ORGANISATION:
        row.credit_code = _owner_code(draft, others, owner)
        row.id_number = row.id_number_hash = None
    else:
        row.credit_code = ""
        _write_id_number(row, others, owner)
    shares = sum(other.share_basis_points or 0 for other in others)
    if shares + (owner.share_basis_points or 0) > WHOLE:
        left = f"{(WHOLE - shares) / 100:g}"
        raise Refused("owner.shares_over", field="share", left=left)
    row.share_basis_points = owner.share_basis_points


def _owner_code(draft: InstitutionFacts, others: list[Affiliation], owner: Owner) -> str:
    code = uscc.normalise(owner.credit_code)
    if not uscc.is_valid(code):
        raise Refused("owner.code_wrong", field="credit")
    if code == draft.credit_code:
        raise Refused("owner.own_code", field="credit")
    if any(other.credit_code == code for other in others):
        raise Refused("owner.twice", field="credit")
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
