"""Opens the papers of a dossier to whom `access` lets in."""

from sqlalchemy.orm import Session

from marketplace.institutions.access import may_read_dossier
from marketplace.institutions.models import Institution, Practitioner, Qualification
from marketplace.kernel.actors import Actor


def read_institution_paper(actor: Actor, session: Session, institution_id: int) -> bool:
    """The letter of authorisation."""
    row = session.get(Institution, institution_id)
    return row is not None and may_read_dossier(actor, session, row.id, row.organisation_id)


def read_certificate(actor: Actor, session: Session, qualification_id: int) -> bool:
    """The scan of a certificate."""
    row = session.get(Qualification, qualification_id)
    return row is not None and read_institution_paper(actor, session, row.institution_id)


def read_personal_paper(actor: Actor, session: Session, practitioner_id: int) -> bool:
    """The scan of a practitioner's papers."""
    row = session.get(Practitioner, practitioner_id)
    return row is not None and read_institution_paper(actor, session, row.institution_id)
