"""Practitioners, and the papers the institution itself signs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from marketplace.infra.crypto import search_hash
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import events
from marketplace.institutions.models.dossier import Institution, Practitioner, Undertaking
from marketplace.institutions.queries import dossiers
from marketplace.institutions.rules.dossier import CURRENT, CURRENT_UNDERTAKING, VersionState
from marketplace.institutions.services import dossier
from marketplace.institutions.services.papers import Scan
from marketplace.kernel import personal
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.identifiers import new_public_id
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Person:
    """What is known of a practitioner; `id_number` None keeps the number there is."""

    name: str
    id_number: str | None
    title: str = ""
    certificate_kind: str = ""
    certificate_number: str = ""
    certificate_valid_to: date | None = None


def add_practitioner(
    uow: UnitOfWork, *, institution_id: int | str, person: Person, scan: Scan | None = None
) -> str:
    """Draft a person who does the work and return the public id; the papers are encrypted.

    Refuses `practitioner.id_number_wrong`, `practitioner.twice`,
    `practitioner.certificate_expired` and `request.personal_number`, each beside its field.
    """
    institution = dossier.lock_own(uow, institution_id)
    said = _checked(uow, institution, person, None)
    row = uow.add(
        Practitioner(
            institution_id=institution.id, line=new_public_id(), **said, **dossier.birth(uow, 1)
        )
    )
    _keep_scan(uow, row, scan)
    uow.record(events.PractitionerSaved(institution.id, row.id))
    return row.public_id


def change_practitioner(
    uow: UnitOfWork, *, practitioner_id: int | str, person: Person, scan: Scan | None = None
) -> str:
    """Draft other facts of a person; of one in force a new version is drafted.

    Returns the public id of the draft. Refuses what `add_practitioner` refuses,
    `practitioner.in_vetting` and `practitioner.change_drafted`.
    """
    institution, row = _hold(uow, practitioner_id)
    said = _checked(uow, institution, person, row)
    if row.state == VersionState.IN_FORCE:
        draft: Practitioner = dossier.next_version(uow, row, said)
    else:
        draft = row
        for name, value in said.items():
            setattr(draft, name, value)
    _keep_scan(uow, draft, scan)
    uow.record(events.PractitionerSaved(institution.id, draft.id))
    return draft.public_id


def remove_practitioner(uow: UnitOfWork, *, practitioner_id: int | str) -> None:
    """Take a drafted person out; one in force has left the institution from today on.

    Refuses `practitioner.in_vetting` and `practitioner.change_drafted`.
    """
    institution, row = _hold(uow, practitioner_id)
    if row.state == VersionState.IN_FORCE:
        row.left_on = local_date(uow.now)
        dossier.supersede(uow, row)
    else:
        dossier.drop_version(row)
    uow.record(events.PractitionerRemoved(institution.id, row.id))


def sign_undertaking(uow: UnitOfWork, *, institution_id: int | str, name: str) -> None:
    """Sign the present text of the undertaking with one's name; the text is stored with it.

    Refuses `undertaking.signed_already`, and `request.words_needed` and `request.personal_number`
    beside the field.
    """
    institution = dossier.lock_own(uow, institution_id)
    if dossiers.signed_undertaking(uow.session, institution.id) is not None:
        raise Refused("undertaking.signed_already")
    name = required(name, "signed_name")
    row = uow.add(
        Undertaking(
            institution_id=institution.id,
            text_version=CURRENT_UNDERTAKING.version,
            text=CURRENT_UNDERTAKING.text,
            signed_name=name,
            signed_by=uow.actor.user_id,
            signed_at=uow.now,
        )
    )
    uow.record(events.UndertakingSigned(institution.id, row.id, row.text_version))


def upload_authorisation(uow: UnitOfWork, *, institution_id: int | str, scan: Scan | None) -> None:
    """Hand in the letter that authorises the agent; an earlier one stays with its submission.

    Refuses `authorisation.needs_file`, and `authorisation.not_needed` once the organisation is
    confirmed.
    """
    institution = dossier.lock_own(uow, institution_id)
    if not dossiers.authorisation_needed(uow.session, institution):
        raise Refused("authorisation.not_needed")
    if scan is None:
        raise Refused("authorisation.needs_file", field="scan")
    stored = store_upload(
        uow,
        owner_kind="institution",
        owner_id=institution.id,
        kind="authorisation_letter",
        name=scan.name,
        data=scan.data,
        personal=True,
        field="scan",
    )
    institution.authorisation_file_id = stored.id
    uow.record(events.AuthorisationUploaded(institution.id, stored.id))


def _hold(uow: UnitOfWork, key: int | str) -> tuple[Institution, Practitioner]:
    found = uow.find(Practitioner, key)
    institution = dossier.lock_own(uow, found.institution_id)
    row = uow.lock(Practitioner, found.id)
    if row.state not in CURRENT:
        raise NotFound
    if row.state == VersionState.SUBMITTED:
        raise Refused("practitioner.in_vetting")
    newer = uow.session.scalar(
        select(Practitioner.id)
        .where(
            Practitioner.line == row.line,
            Practitioner.number > row.number,
            Practitioner.state.in_(CURRENT),
        )
        .limit(1)
    )
    if newer is not None:
        raise Refused("practitioner.change_drafted")
    return institution, row


def _checked(
    uow: UnitOfWork, institution: Institution, person: Person, row: Practitioner | None
) -> dict[str, Any]:
    ended = person.certificate_valid_to
    if ended is not None and ended < local_date(uow.now):
        raise Refused(
            "practitioner.certificate_expired",
            field="certificate_valid_to",
            ended=ended.isoformat(),
        )
    said: dict[str, Any] = {
        "name": optional(person.name, "name"),
        "title": optional(person.title, "title"),
        "certificate_kind": person.certificate_kind,
        "certificate_number": person.certificate_number,
        "certificate_valid_to": ended,
    }
    if person.id_number is not None or row is None:
        said |= _checked_number(uow, institution, person.id_number or "", row)
    return said


def _checked_number(
    uow: UnitOfWork, institution: Institution, typed: str, row: Practitioner | None
) -> dict[str, str]:
    number = typed.upper()
    if not personal.is_id_number(number):
        raise Refused("practitioner.id_number_wrong", field="id_number")
    hashed = search_hash(number, "practitioner.id_number")
    twin = uow.session.scalar(
        select(Practitioner.id)
        .where(
            Practitioner.institution_id == institution.id,
            Practitioner.state.in_(CURRENT),
            Practitioner.id_number_hash == hashed,
            Practitioner.line != (row.line if row else ""),
        )
        .limit(1)
    )
    if twin is not None:
        raise Refused("practitioner.twice", field="id_number")
    return {"id_number": number, "id_number_hash": hashed}


def _keep_scan(uow: UnitOfWork, row: Practitioner, scan: Scan | None) -> None:
    if scan is None:
        return
    stored = store_upload(
        uow,
        owner_kind="practitioner",
        owner_id=row.id,
        kind="scan",
        name=scan.name,
        data=scan.data,
        personal=True,
        field="scan",
    )
    row.scan_file_id = stored.id
