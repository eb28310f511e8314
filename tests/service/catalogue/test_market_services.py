"""Market services beside the listed items: kept apart, agreed on, for enterprises alone."""

import pytest
import yaml
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import models, queries
from marketplace.catalogue.rules.items import OpenTo
from marketplace.catalogue.services import add_market_service, put_item_version_in_force, seeding
from marketplace.catalogue.services.shipped import DATA
from marketplace.competitions.models import Competition
from marketplace.discovery.queries import search_database
from marketplace.engagements import queries as engagements
from marketplace.engagements.models import Engagement
from marketplace.engagements.services import beginning, moving
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.services import offering
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.projects import queries as projects
from marketplace.quotations.models import QuotationRound
from marketplace.quotations.services import answering, asking
from search import Query
from tests.competitions import draft, make_department
from tests.conftest import TODAY
from tests.dossiers import admitted_listing, make_agent, start
from tests.engagements import World as Working
from tests.engagements import (
    contract,
    make_enterprise,
    on,
    paper,
    project_of,
    refused,
    take_on,
    work,
)
from tests.factories import system_work
from tests.quotations import ANSWER_BY

SERVICE, PREPARED = "JL-S05", "JL-Z05"
OWN = {
    "name": "社会稳定风险评估报告编制",
    "name_en": "Preparation of social stability reports",
    "legal_basis": [],
    "service_content": "编制报告",
    "provider_qualification": "有相应能力的机构",
    "conflict_rule": "无",
    "payer_basis": "平台默认值",
    "departments_now": [],
    "prepares": ["JL-Z01"],
    "requirements": {"all_of": [], "any_of": [], "basis": "assumption"},
    "approvals": ["A01"],
}


def put(code=SERVICE, **changes):
    with system_work() as uow:
        put_item_version_in_force(uow, code=code, **changes)


def end(code=SERVICE):
    put(code, open_to=OpenTo.NOBODY, payer_basis="不再提供")


def pick(client, project, listing, **said):
    return work(
        client,
        lambda uow: beginning.request_engagement(
            uow, project_id=project, item_code=SERVICE, listing_id=listing, **said
        ),
    )


@pytest.fixture
def market(app):
    client, provider = make_enterprise(), make_agent()
    return client, provider, project_of(client), admitted_listing(provider, item=SERVICE)


def test_the_shipped_services_are_those_of_the_file_and_the_list_stays_fifteen(session):
    shipped = yaml.safe_load((DATA / "market_services.yaml").read_text("utf-8"))["services"]
    found = queries.market_services(session)
    assert [row.code for row in found] == [one["id"] for one in shipped]
    assert [row.prepares for row in found] == [tuple(one["prepares"]) for one in shipped]
    assert all(row.open_to is OpenTo.ENTERPRISE and row.own_limit is None for row in found)
    assert all(row.item_list is None and row.service_content_en for row in found)
    assert len(queries.items(session)) == 15
    assert set(queries.by_code(session)) == {
        *(row.code for row in queries.items(session)),
        *(row.code for row in found),
    }


def test_a_database_from_before_gets_them_once(uow):
    """As one that was seeded by an older file: the services come, the rest stays."""
    of = select(models.Item.id).where(models.Item.kind == "market")
    versions = select(models.ItemVersion.id).where(models.ItemVersion.item_id.in_(of))
    link = models.item_version_approval
    db.session.execute(delete(link).where(link.c.item_version_id.in_(versions)))
    for gone in (models.ItemVersion.item_id, models.Item.id):
        db.session.execute(delete(gone.class_).where(gone.in_(of)))
    db.session.execute(delete(models.CatalogueStamp))
    db.session.commit()
    with uow() as work_:
        assert seeding.seed_catalogue(work_) == 24
    db.session.execute(delete(models.CatalogueStamp))
    db.session.commit()
    with uow() as work_:
        assert seeding.seed_catalogue(work_) == 0


def test_an_operator_adds_changes_and_ends_one_with_versions(session):
    with system_work() as uow:
        code = add_market_service(uow, stage="S1", **OWN)
        again = add_market_service(uow, stage="S1", **OWN)
    assert (code, again) == ("JL-S51", "JL-S52")
    need = {"kind": "surveying_mapping", "level_at_least": "乙级", "specialty": ""}
    put(code, requirements={"all_of": [need], "any_of": [], "basis": "assumption"})
    assert queries.item(session, code).requirements.all_of[0].kind == "surveying_mapping"
    session.rollback()
    end(code)
    assert code not in [row.code for row in queries.market_services(session)]
    assert queries.by_code(session)[code].ended
    assert queries.item(session, code).version_number == 3
    session.rollback()
    put(code, open_to=OpenTo.ENTERPRISE, payer_basis="恢复")
    assert code in [row.code for row in queries.market_services(session)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"limit_value": 10}, "limit_value"),
        ({"open_to": OpenTo.DEPARTMENT}, "open_to"),
        ({"open_to": OpenTo.EITHER}, "open_to"),
        ({"prepares": ["JL-S01"]}, "prepares"),
        ({"prepares": ["JL-Z99"]}, "prepares"),
        ({"variants": [{"name": "甲", "name_en": "A", "value": 1}]}, "variants"),
    ],
)
def test_what_no_service_can_say_is_refused(app, changes, field):
    def add(uow):
        add_market_service(uow, stage="S1", **(OWN | changes))

    for act in (add, lambda uow: put_item_version_in_force(uow, code=SERVICE, **changes)):
        with pytest.raises(Refused) as refusal:
            work(SYSTEM, act)
        assert (refusal.value.code, refusal.value.field) == ("catalogue.item_value", field)


def test_no_listed_item_prepares_or_ends_and_no_stage_is_made_up(app):
    for changes in ({"prepares": ["JL-Z02"]}, {"open_to": OpenTo.NOBODY, "payer_basis": "无"}):
        answer = refused(
            SYSTEM, lambda uow, said=changes: put_item_version_in_force(uow, code="JL-Z01", **said)
        )
        assert answer == "catalogue.item_value"
    with pytest.raises(NotFound):
        work(SYSTEM, lambda uow: add_market_service(uow, stage="S9", **OWN))


@pytest.mark.parametrize("open_to", ["department", "either"])
def test_the_database_keeps_departments_away_from_them(app, session, open_to):
    of_market = models.ItemVersion.kind == "market"
    with pytest.raises(IntegrityError):
        session.execute(update(models.ItemVersion).where(of_market).values(open_to=open_to))
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(update(models.ItemVersion).where(of_market).values(limit_value=5))
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(update(models.ItemVersion).where(of_market).values(kind="listed"))


def test_no_department_puts_one_out(app, session):
    department = make_department()
    with pytest.raises(Refused, match=r"competition\.item_for_enterprises"):
        draft(department, item_code=SERVICE)
    version = queries.item(session, SERVICE)
    session.rollback()
    draft(department)
    for said in ({"open_to": "enterprise"}, {"open_to": "nobody"}):
        with pytest.raises(IntegrityError):
            session.execute(update(Competition).values(item_version_id=version.version_id, **said))
        session.rollback()


def test_the_days_agreed_are_the_limit_of_the_contract(market, session):
    client, provider, project, listing = market
    asked = {"project_id": project, "item_code": SERVICE, "listing_id": listing}
    for days, code in (
        (None, "engagement.days_needed"),
        (0, "engagement.limit_too_long"),
        (1001, "engagement.limit_too_long"),
    ):
        said = asked | {"limit_days": days}
        assert refused(client, lambda uow, s=said: beginning.request_engagement(uow, **s)) == code
    ref = pick(client, project, listing, limit_days=45)
    world = Working(client, provider, listing, project, ref.id, ref.public_id)
    take_on(world)
    contract(world)
    other = admitted_listing(make_agent(), item=SERVICE)
    on(world, client, moving.move_engagement, listing_id=other, reason="另行委托。")
    rows = session.execute(
        select(Engagement.limit_value, Engagement.payer, Engagement.open_to).order_by(Engagement.id)
    )
    assert [tuple(row) for row in rows] == [(45, "enterprise", "enterprise")] * 2


def test_a_quotation_offers_the_days_and_the_pick_takes_them(market, session):
    client, provider, project, listing = market
    ref = work(
        client,
        lambda uow: asking.open_round(
            uow,
            project=project,
            item_code=SERVICE,
            listings=[listing],
            answer_by=ANSWER_BY,
            papers=[paper()],
        ),
    )
    asked = session.get_one(QuotationRound, ref.id).requests[0].public_id
    session.rollback()
    given = work(
        provider,
        lambda uow: answering.answer_request(uow, request=asked, price_fen=500_000, days=120),
    )
    work(client, lambda uow: asking.close_round(uow, quotation_round=ref.id))
    made = work(
        client,
        lambda uow: asking.pick_quotation(uow, quotation=given, reason="报价合理，时限更短。"),
    )
    assert engagements.engagement(session, made.id, TODAY).limit.value == 120


def test_an_ended_service_is_offered_applied_for_and_commissioned_no_more(market, session):
    client, _provider, project, listing = market
    assert [row.listing_id for row in institutions.admitted_offers(session, [listing])] == [listing]
    assert SERVICE in [row.item.code for row in projects.needs(session, project, TODAY)]
    session.rollback()
    pick(client, project, listing, limit_days=30)
    end()
    other, fresh = make_enterprise(), make_agent()
    second = project_of(other)
    assert institutions.admitted_offers(session, [listing]) == ()
    assert search_database(session, Query(items=(SERVICE,))).total == 0
    session.rollback()
    answer = refused(
        other,
        lambda uow: beginning.request_engagement(
            uow, project_id=second, item_code=SERVICE, listing_id=listing, limit_days=9
        ),
    )
    assert answer == "catalogue.item_ended"
    key = start(fresh)
    answer = refused(
        fresh, lambda uow: offering.open_listing(uow, institution_id=key, item_code=SERVICE)
    )
    assert answer == "catalogue.item_ended"
    # What is under way goes on, under the version of its day.
    assert SERVICE in [row.item.code for row in projects.needs(session, project, TODAY)]
    assert SERVICE not in [row.item.code for row in projects.needs(session, second, TODAY)]
