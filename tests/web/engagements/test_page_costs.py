"""How many statements the lists of engagements need does not depend on their length."""

import pytest

from marketplace.engagements.rules import State
from tests.engagements import (
    World,
    listing_public_id,
    make_engagement,
    make_enterprise,
    multiply,
    project_public_id,
    request,
)
from tests.engagements import make_world as make_pair
from tests.factories import open_session_for
from tests.visitor import Visitor
from tests.web.test_query_counts import assert_steady

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("query-counts")]


def test_a_long_list_costs_as_many_statements_as_a_short_one(app):
    client = make_enterprise()
    worlds = [make_engagement(state, client=client) for state in (State.RETURNED, State.CLOSED)]
    browser: Visitor = app.test_client()
    open_session_for(browser, client)

    def grow() -> None:
        for world in worlds:
            multiply(world, 60)

    every = "&".join(f"state={state}" for state in State)
    pages = [
        f"/engagements?{every}",
        "/engagements?page=2&q=WT",
        f"/engagements/export.xlsx?{every}",
    ]
    assert_steady(browser, [*pages, "/desk"], grow)


def test_lists_of_engagements_cost_the_same_for_many_as_for_few(app):
    client = make_enterprise()
    for state in (State.RETURNED, State.PAUSED):
        make_engagement(state, client=client)
    browser: Visitor = app.test_client()
    open_session_for(browser, client)

    def grow() -> None:
        for state in (State.RETURNED, State.PAUSED, State.DELIVERED, State.REQUESTED):
            make_engagement(state, client=client)

    assert_steady(browser, ["/engagements", "/engagements/export.xlsx", "/desk"], grow)


def test_the_pick_costs_the_same_for_many_institutions_and_projects(app, session):
    client = make_enterprise()
    first: World = make_pair(client)
    request(first)
    free = make_pair(client)
    listing, project = listing_public_id(session, free), project_public_id(session, free)
    browser: Visitor = app.test_client()
    open_session_for(browser, client)

    def grow() -> None:
        for _ in range(3):
            request(make_pair(client))
            make_pair(client)

    places = [
        f"/engagements/new?listing={listing}",
        f"/engagements/new?listing={listing}&project={project}",
        f"/institutions/for/{project}/JL-Z05",
        f"/institutions/for/{project}/JL-Z05?way=ask",
    ]
    assert_steady(browser, places, grow)
