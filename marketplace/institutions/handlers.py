"""Who may read the papers of a dossier: its own agents, and whom other features let in."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from marketplace.institutions.models.dossier import Institution, Practitioner, Qualification
from marketplace.kernel.actors import Actor, Role

# actor, session, institution id -> whether they may read its papers.
MayReadDossier: TypeAlias = Callable[[Actor, Session, int], bool]


# Who else may read the papers of an institution, for instance the competent association.
READERS: dict[str, MayReadDossier] = {}


def may_read_dossier(
    actor: Actor, session: Session, institution_id: int, organisation_id: int
) -> bool:
    """Whether the actor may read the papers: an own agent, or somebody let in."""
    if actor.acts_for(organisation_id) and actor.has(
        Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN
    ):
        return True
    return any(may_read(actor, session, institution_id) for may_read in READERS.values())


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
