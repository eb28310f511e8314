"""The life of a listing on PostgreSQL: same constraints, same encrypted columns, same answers."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, literal, select
from sqlalchemy.exc import IntegrityError

from marketplace.app import create_app
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.institutions.models.dossier import InstitutionFacts
from marketplace.institutions.queries import market, public
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.services import describing, settling, submitting
from marketplace.kernel.times import SHANGHAI
from tests.conftest import TODAY, make_settings
from tests.dossiers import a_certificate, act, certified_listing, contact_facts, make_agent
from tests.postgres import Cluster
from tests.racing import fill

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def postgres_app(postgres_cluster: Cluster, home: Path) -> Iterator[Flask]:
    """The application on a PostgreSQL database of its own."""
    url = postgres_cluster.copy_of("racing", lambda url: fill(home, url))
    app = create_app(make_settings(home, database_url=url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    postgres_cluster.drop_database(url)


def test_an_institution_is_admitted_changes_and_is_suspended(postgres_app):
    session, agent = db.session(), make_agent()
    end = TODAY + timedelta(days=30)
    listing_id = certified_listing(agent, certificate=a_certificate(valid_to=end))
    institution_id = market.listing(session, listing_id).institution_id
    act(
        agent,
        lambda uow: describing.save_profile(
            uow, institution_id=institution_id, said=contact_facts(profile="新的介绍。")
        ),
    )
    act(agent, lambda uow: submitting.submit_change(uow, institution_id=institution_id))
    act(agent, lambda uow: settling.drop_change(uow, institution_id=institution_id))
    settle_due(datetime.combine(end + timedelta(days=1), time(1), SHANGHAI), raise_errors=True)

    session.rollback()
    assert market.listing(session, listing_id).state is ListingState.SUSPENDED
    assert market.pending_changes(session, institution_id).change
    assert len(public.history(session, institution_id)) > 20


def test_the_database_refuses_two_versions_in_force(postgres_app):
    certified_listing(make_agent())
    table = InstitutionFacts.__table__
    again = {"public_id": literal("aaaaaaaaaa"), "number": table.c.number + 1}
    kept = {one.name: one for one in table.c if one.name not in {"id", *again}}
    copy = insert(table).from_select([*again, *kept], select(*again.values(), *kept.values()))
    with (
        pytest.raises(IntegrityError, match="uq_institution_facts_one_in_force"),
        db.engine.begin() as connection,
    ):
        connection.execute(copy)
