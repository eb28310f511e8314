"""What the tests of projects ask about the cast."""

from marketplace.accounts import queries as accounts
from marketplace.infra.database import db
from tests.personas import Persona, actor


def credit_of(persona: Persona) -> str:
    """The credit code of a cast member's organisation."""
    organisation_id = actor(persona).organisation_id
    assert organisation_id is not None
    found = accounts.organisation(db.session(), organisation_id).credit_code
    db.session.rollback()
    return found
