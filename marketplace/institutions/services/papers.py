"""Certificates of the institution: drafting, renewing, taking out."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy import select

from marketplace.catalogue.services.kinds import hold_kind
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.events import QualificationDropped, QualificationSaved
from marketplace.institutions.models.dossier import Institution, Qualification
from marketplace.institutions.queries import current
from marketplace.institutions.rules.dossier import VersionState
from marketplace.institutions.services.dossier import birth, drop_version, lock_own, next_version
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.identifiers import new_public_id
from marketplace.kernel.texts import optional, paper_number
from marketplace.kernel.times import local_date


class Scan(Protocol):
    """An uploaded file."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class Certificate:
    """What a certificate says; `valid_to` is its last day, None where it has no end."""

    kind: str
    certificate_number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    level: str = ""
    specialty: str = ""


def add_qualification(
    uow: UnitOfWork,
    *,
    institution_id: int | str,
    certificate: Certificate,
    scan: Scan | None = None,
) -> str:
    """Draft a certificate and return its public id.

    Refuses `qualification.unknown_kind`, `qualification.unknown_level`,
    `qualification.unknown_specialty`, `qualification.expired`, `qualification.dates_in_order`,
    `qualification.twice` and `request.personal_number`, each beside its field.
    """
    institution = lock_own(uow, institution_id)
    certificate = _checked(uow, institution, certificate, line="")
    row = uow.add(
        Qualification(
            institution_id=institution.id,
            line=new_public_id(),
            **asdict(certificate),
            **birth(uow, 1),
        )
    )
    _keep_scan(uow, row, scan)
    uow.record(QualificationSaved(institution.id, row.id))
    return row.public_id


def change_qualification(
    uow: UnitOfWork,
    *,
    qualification_id: int | str,
    certificate: Certificate,
    scan: Scan | None = None,
) -> None:
    """Draft other facts of a certificate; without a new scan the old one stays.

    Refuses what `add_qualification` refuses, `qualification.not_draft`, and for a renewal what
    `renew_qualification` refuses.
    """
    institution, row = _hold(uow, qualification_id)
    _require_draft(row)
    certificate = _checked(uow, institution, certificate, line=row.line)
    renewed = _in_force(uow, row.line)
    if renewed is not None:
        _check_renewal(renewed, certificate)
    for name, value in asdict(certificate).items():
        setattr(row, name, value)
    _keep_scan(uow, row, scan)
    uow.record(QualificationSaved(institution.id, row.id))


def renew_qualification(
    uow: UnitOfWork,
    *,
    qualification_id: int | str,
    certificate: Certificate,
    scan: Scan | None = None,
) -> str:
    """Draft the successor of a certificate in force and return its public id.

    The old one stays in force until the new one is vetted. Refuses what `add_qualification`
    refuses, `qualification.not_in_force`, `qualification.renewal_drafted`,
    `qualification.renewal_other_kind` and `qualification.renewal_not_later`.
    """
    institution, row = _hold(uow, qualification_id)
    if row.state != VersionState.IN_FORCE:
        raise Refused("qualification.not_in_force")
    versions = current.current_qualifications(uow.session, institution.id)
    if any(other.line == row.line and other.number > row.number for other in versions):
        raise Refused("qualification.renewal_drafted")
    certificate = _checked(uow, institution, certificate, line=row.line)
    _check_renewal(row, certificate)
    draft: Qualification = next_version(uow, row, {**asdict(certificate), "scan_file_id": None})
    _keep_scan(uow, draft, scan)
    uow.record(QualificationSaved(institution.id, draft.id))
    return draft.public_id


def drop_qualification(uow: UnitOfWork, *, qualification_id: int | str) -> None:
    """Take a drafted certificate out; refuses `qualification.not_draft`."""
    institution, row = _hold(uow, qualification_id)
    _require_draft(row)
    drop_version(row)
    uow.record(QualificationDropped(institution.id, row.id))


def _hold(uow: UnitOfWork, key: int | str) -> tuple[Institution, Qualification]:
    found = uow.find(Qualification, key)
    institution = lock_own(uow, found.institution_id)
    return institution, uow.lock(Qualification, found.id)


def _require_draft(row: Qualification) -> None:
    if row.state == VersionState.DROPPED:
        raise NotFound
    if row.state != VersionState.DRAFT:
        raise Refused("qualification.not_draft")


def _in_force(uow: UnitOfWork, line: str) -> Qualification | None:
    row: Qualification | None = current.in_force_of(
        uow.session, Qualification, Qualification.line, line
    )
    return row


def _checked(
    uow: UnitOfWork, institution: Institution, certificate: Certificate, *, line: str
) -> Certificate:
    """The certificate as it is kept."""
    certificate = replace(
        certificate,
        certificate_number=paper_number(certificate.certificate_number, "certificate_number"),
        issuer=optional(certificate.issuer, "issuer"),
    )
    _check_words(uow, certificate)
    ended = certificate.valid_to
    if ended is not None and ended < certificate.valid_from:
        raise Refused("qualification.dates_in_order", field="valid_to")
    if ended is not None and ended < local_date(uow.now):
        raise Refused("qualification.expired", field="valid_to", ended=ended.isoformat())
    twin = uow.session.scalar(
        select(Qualification.id)
        .where(
            Qualification.institution_id == institution.id,
            Qualification.state.in_(
                (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_FORCE)
            ),
            Qualification.kind == certificate.kind,
            Qualification.specialty == certificate.specialty,
            Qualification.certificate_number == certificate.certificate_number,
            Qualification.line != line,
        )
        .limit(1)
    )
    if twin is not None:
        raise Refused("qualification.twice", field="certificate_number")
    return certificate


def _check_words(uow: UnitOfWork, certificate: Certificate) -> None:
    kind = hold_kind(uow, certificate.kind)
    if kind is None:
        raise Refused("qualification.unknown_kind", field="kind")
    levels = {term.name for term in kind.levels} or {""}
    if certificate.level not in levels:
        raise Refused("qualification.unknown_level", field="level")
    specialties = {term.name for term in kind.specialties} or {""}
    if certificate.specialty not in specialties:
        raise Refused("qualification.unknown_specialty", field="specialty")


def _check_renewal(old: Qualification, new: Certificate) -> None:
    if new.kind != old.kind:
        raise Refused("qualification.renewal_other_kind", field="kind")
    if old.valid_to is not None and new.valid_to is not None and new.valid_to <= old.valid_to:
        ends = old.valid_to.isoformat()
        raise Refused("qualification.renewal_not_later", field="valid_to", ends=ends)


def _keep_scan(uow: UnitOfWork, row: Qualification, scan: Scan | None) -> None:
    if scan is None:
        return
    stored = store_upload(
        uow,
        owner_kind="qualification",
        owner_id=row.id,
        kind="scan",
        name=scan.name,
        data=scan.data,
        field="scan",
    )
    row.scan_file_id = stored.id
