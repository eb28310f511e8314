"""The life of a competition, from the draft to the award and beyond."""


import pytest

from marketplace.budgets import queries as budgets
from marketplace.competitions import queries, services
from marketplace.competitions.rules import AwardState, CompetitionState
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from tests.competitions import PRICES, make_competition
from tests.dossiers import act

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def test_the_whole_way_to_an_award_and_its_contract():
    world = make_competition(_S.AWARDED)

    award = queries.award_of(db.session(), world.competition_id)
    assert world.row().state is _S.AWARDED
    assert (award.amount_fen, award.state) == (min(PRICES), AwardState.AWARDED)
    assert award.listing_id == world.offers[2].listing_id

    act(
        SYSTEM,
        lambda uow: services.conclude(
            uow, competition_id=world.competition_id, engagement_id=77, contract_fen=7_000_000
        ),
        at=world.now,
    )
    hold = budgets.hold_of(db.session(), "engagement", 77)
    assert (hold.committed_fen, hold.reserved_fen) == (7_000_000, 0)
    assert world.row().state is _S.CONCLUDED
