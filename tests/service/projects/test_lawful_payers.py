"""Who may commission an item, and so pays: by its version, in the database too."""

from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import models as catalogue_models
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.items import OpenTo
from marketplace.catalogue.services import editing, seeding
from marketplace.engagements.models import Engagement
from marketplace.engagements.services import beginning
from marketplace.infra.database import db
from marketplace.kernel.errors import Refused
from marketplace.quotations.models import QuotationRound
from tests.competitions import draft
from tests.dossiers import admitted_listing
from tests.engagements import ITEM, make_engagement, make_provider, make_world, refused
from tests.factories import system_work
from tests.quotations import make_round

CHARGED_TO_DEPARTMENTS = ("JL-Z01", "JL-Z03", "JL-Z04")
DOCUMENT = "吉发改审批〔2026〕12号"


def version(session, code):
    session.rollback()
    return catalogue.item(session, code)


def change(**said) -> str:
    """The refusal of a new version, empty where it holds; nothing stays of a refusal."""
    try:
        with system_work() as uow:
            editing.put_item_version_in_force(uow, code=ITEM, **said)
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("code", CHARGED_TO_DEPARTMENTS)
def test_what_departments_pay_for_says_by_which_rule(session, code):
    found = version(session, code)
    assert found.open_to is OpenTo.DEPARTMENT
    assert "条" in found.payer_basis or "令" in found.payer_basis
    assert found.payer_basis_en


def test_every_other_item_says_why_an_enterprise_may_commission_it(session):
    others = [one for one in catalogue.items(session) if one.code not in CHARGED_TO_DEPARTMENTS]
    assert len(others) == 12
    assert all(one.open_to is OpenTo.EITHER and one.payer_basis for one in others)


@pytest.mark.parametrize("code", CHARGED_TO_DEPARTMENTS)
def test_no_enterprise_picks_what_departments_pay_for(app, code):
    world, provider = make_world(), make_provider()
    listing = admitted_listing(provider, item=code)
    answer = refused(
        world.client,
        lambda uow: beginning.request_engagement(
            uow, project_id=world.project_id, item_code=code, listing_id=listing
        ),
    )
    assert answer == "engagement.item_for_departments"


@pytest.mark.parametrize("table", [Engagement, QuotationRound])
def test_the_database_keeps_an_enterprise_from_paying_for_it(app, session, table):
    """Neither by saying what the version does not say, nor by naming the right version."""
    make_engagement()
    make_round([8_000_000])
    lawful = version(session, "JL-Z01")
    session.rollback()
    for said in (
        {"open_to": OpenTo.DEPARTMENT},
        {"item_version_id": lawful.version_id},
        {"item_version_id": lawful.version_id, "open_to": OpenTo.DEPARTMENT},
    ):
        with pytest.raises(IntegrityError):
            session.execute(update(table).values(said))
        session.rollback()


def test_a_competition_is_not_for_what_enterprises_alone_commission(app, session):
    draft()
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE competition SET open_to = 'enterprise'"))
    session.rollback()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"open_to": OpenTo.DEPARTMENT}, "catalogue.payer_basis"),
        ({"open_to": OpenTo.DEPARTMENT, "payer_basis": "某办法第一条"}, "catalogue.payer_document"),
        (
            {"open_to": OpenTo.DEPARTMENT, "payer_basis": "某办法第一条", "payer_document": " "},
            "catalogue.payer_document",
        ),
        ({"payer_basis": "  "}, "catalogue.payer_basis"),
        ({"payer_basis": "另一办法第二条"}, "catalogue.payer_document"),
        ({"payer_basis": "另一办法第二条", "payer_document": DOCUMENT}, ""),
        ({"payer_document": DOCUMENT}, "catalogue.item_unchanged"),
        (
            {
                "open_to": OpenTo.DEPARTMENT,
                "payer_basis": "某办法第一条",
                "payer_document": DOCUMENT,
            },
            "",
        ),
    ],
)
def test_another_payer_needs_its_rule_and_the_document_that_says_so(app, said, reason):
    assert change(**said) == reason


def test_what_was_commissioned_before_stays_under_its_own_version(app, session):
    world = make_engagement()
    before = version(session, ITEM)
    said = {"payer_basis": "某办法第一条", "payer_document": DOCUMENT}
    assert change(open_to=OpenTo.DEPARTMENT, **said) == ""

    session.rollback()
    row = session.get(Engagement, world.engagement_id)
    assert (row.item_version_id, row.open_to) == (before.version_id, OpenTo.EITHER)
    assert version(session, ITEM).payer_document == DOCUMENT


def test_a_market_that_was_begun_before_follows_the_shipped_list_once(app, session):
    """Items that hold as they were shipped get a version from today; what was changed stays."""
    old = update(catalogue_models.ItemVersion).where(
        catalogue_models.ItemVersion.item_id.in_(
            select(catalogue_models.Item.id).where(
                catalogue_models.Item.code.in_(CHARGED_TO_DEPARTMENTS)
            )
        )
    )
    session.execute(old.values(open_to=OpenTo.EITHER, payer_basis="平台默认值"))
    session.execute(update(catalogue_models.CatalogueStamp).values(token="before"))
    session.commit()
    for _time in range(2):
        with system_work() as uow:
            seeding.seed_catalogue(uow)

    for code in CHARGED_TO_DEPARTMENTS:
        found = version(session, code)
        assert (found.version_number, found.open_to) == (2, OpenTo.DEPARTMENT)
        assert found.valid_from > date(2018, 6, 1)
        assert found.payer_document
    assert version(session, ITEM).version_number == 1
    db.session.rollback()
