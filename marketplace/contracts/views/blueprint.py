"""The blueprint of contracts, and how their pages and papers say what a version says."""

from datetime import date

from flask import Blueprint
from flask_babel import gettext

from marketplace.catalogue.wording import limit_text
from marketplace.contracts.queries import reading
from marketplace.contracts.queries.reading import ContractPage, VersionRow
from marketplace.contracts.wording import state_tone
from marketplace.engagements.policy import may_see
from marketplace.engagements.queries import EngagementRow, standings
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.words import yuan

bp = Blueprint("contracts", __name__)
bp.add_app_template_filter(state_tone, "contract_tone")


def today() -> date:
    """The day of the request."""
    return local_date(request_time())


def load(engagement_id: str) -> ContractPage:
    """The contract of an engagement; to outsiders it does not exist."""
    session = reading_session()
    row = standings.find(session, engagement_id)
    stands = standings.standing(session, row, today())
    actor = current_actor()
    if not may_see(actor, stands):
        raise NotFound
    former = actor.organisation_id if actor.organisation_id in stands.former else None
    return reading.contract_page(session, row.id, stands, today(), of_client=former)


def said(row: VersionRow, engagement: EngagementRow) -> dict[str, str]:
    """A version's limit and what was said before, in words."""
    basis = limit_text(Limit(row.basis_days, engagement.limit_unit))
    if row.basis_fen is not None:
        basis = gettext("%(amount)s yuan, %(limit)s", amount=yuan(row.basis_fen), limit=basis)
    return {"limit": limit_text(Limit(row.limit_days, engagement.limit_unit)), "basis": basis}
