"""What rounds of quotations do when others act, and who reads their papers."""

from sqlalchemy.orm import Session

from marketplace.kernel.actors import Actor, Role
from marketplace.projects.handlers import follows_owner
from marketplace.quotations.queries.rounds import reads_brief, reads_offer
from marketplace.quotations.services import asking


def may_read_brief(actor: Actor, session: Session, round_id: int) -> bool:
    """The papers of a round: its client and the institutions that were asked."""
    client_id, providers = reads_brief(session, round_id)
    if actor.acts_for(client_id) and actor.has(Role.ENTERPRISE_AGENT):
        return True
    return actor.organisation_id in providers and actor.has(Role.INSTITUTION_AGENT)


def may_read_offer(actor: Actor, session: Session, quotation_id: int) -> bool:
    """The papers of a quotation: its institution, and the client once the round is closed."""
    client_id, provider_id = reads_offer(session, quotation_id)
    if actor.acts_for(client_id) and actor.has(Role.ENTERPRISE_AGENT):
        return True
    return actor.acts_for(provider_id) and actor.has(Role.INSTITUTION_AGENT)


HANDLERS = (follows_owner("quotation-projects", asking.follow_project),)
