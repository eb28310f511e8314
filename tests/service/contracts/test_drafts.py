"""A contract's draft has by itself what was said before: the price promised, or what was quoted."""

import pytest

from marketplace.contracts.queries import drawing
from marketplace.contracts.rules import Source
from marketplace.engagements import queries as engagements
from marketplace.engagements.rules import State
from marketplace.institutions.rules.dossier import PriceBasis
from marketplace.projects import queries as projects
from marketplace.quotations.services.asking import pick_quotation
from tests.dossiers import admitted_listing, terms
from tests.engagements import (
    World,
    make_engagement,
    make_enterprise,
    make_provider,
    project_of,
    request,
    work,
)
from tests.quotations import PRICES, closed_round, quotation_keys

SHARE = {"price_basis": PriceBasis.SHARE, "amount_fen": None, "rate_millionths": 150}
QUOTED = {"price_basis": PriceBasis.QUOTED, "amount_fen": None, "price_note": "按工作量报价。"}


def drafted(session, engagement):
    """What the draft is made from, and the draft."""
    session.rollback()
    row = engagements.engagement(session, engagement)
    basis = drawing.basis_of(session, row)
    return basis, drawing.draft_of(session, row, basis)


@pytest.mark.parametrize("said", [SHARE, QUOTED])
def test_a_share_is_reckoned_from_the_investment_of_the_project(app, session, said):
    client, provider = make_enterprise(), make_provider()
    listing = admitted_listing(provider, promise=terms(**said))
    made = request(World(client, provider, listing, project_of(client), 0, ""))
    basis, draft = drafted(session, made.engagement_id)
    investment = projects.project(session, made.project_id).investment_fen
    expected = investment * 150 // 1_000_000 if said is SHARE else None
    assert (basis.source, basis.amount_fen) == (Source.PICK, expected)
    assert draft.amount_fen == (expected or 0)


def test_a_fixed_price_is_drafted_as_it_was_promised(app, session):
    made = make_engagement(State.REQUESTED)
    _basis, draft = drafted(session, made.engagement_id)
    assert draft.amount_fen == 3_000_000


def test_the_price_and_the_days_of_the_quotation_that_was_picked_are_drafted(app, session):
    found = closed_round()
    key = quotation_keys(found)[1]
    made = work(found.client, lambda uow: pick_quotation(uow, quotation=key, reason="报价合理。"))
    basis, draft = drafted(session, made.id)
    assert basis.source is Source.QUOTATION
    assert (draft.amount_fen, draft.limit_days) == (PRICES[1], 8)
