"""Where an association is competent: as for each place and item alone, and the nearest wins."""

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import SYSTEM
from marketplace.vetting.queries.standings import competent_association, places_of
from marketplace.vetting.services import competence
from tests.cases import make_association
from tests.dossiers import act

pytestmark = pytest.mark.usefixtures("app")
ITEMS = ("JL-Z01", "JL-Z02")


def test_the_places_of_an_association_are_those_in_which_it_is_competent_alone(session):
    province = make_association(*ITEMS)
    city = make_association("JL-Z01", region_code="220100")
    district = make_association("JL-Z02", region_code="220104")
    act(
        SYSTEM,
        lambda uow: competence.grant_competence(
            uow,
            association_id=province.organisation_id,
            item_code="JL-Z01",
            region_code="220104",
        ),
    )
    none = make_association("JL-Z03", region_code="220300")
    session.rollback()

    codes = [one.code for one in catalogue.regions(session).rows]
    for house in (province, city, district, none):
        key = house.organisation_id
        places = places_of(session, key)
        for item in ITEMS:
            found = {code for some, items in places if item in items for code in some}
            alone = {code for code in codes if competent_association(session, item, code) == key}
            assert found == alone
    assert places_of(session, 0) == []
