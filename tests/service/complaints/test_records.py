"""The record of a work that is attached to a complaint about it: as it stood, for who decides."""

import json

import pytest
from sqlalchemy import select, text

from marketplace.complaints import services
from marketplace.complaints.models import ComplaintRecord
from marketplace.complaints.queries import complaints
from marketplace.complaints.queries.records import AttachedContract, attached_record, present_record
from marketplace.complaints.rules import About
from marketplace.contracts.queries.reading import versions_of
from marketplace.engagements.rules import State
from marketplace.incidents.rules import IncidentState, Kind
from tests.cases import make_association
from tests.conftest import TODAY
from tests.engagements import make_engagement, work
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import noted


@pytest.fixture
def world(app):
    """Work in progress, and an association that handles complaints about its institution."""
    make_association()
    return make_engagement(State.IN_PROGRESS)


def file(who, world, **facts):
    return work(
        who,
        lambda uow: services.file_complaint(
            uow,
            about=About.ENGAGEMENT,
            record=world.engagement_id,
            headline="资料与人员问题",
            body="详见履约记录。",
            **facts,
        ),
    )


def test_the_record_is_kept_as_it_stood_when_the_complaint_was_filed(session, world):
    first, second, third = (noted(world) for _each in range(3))
    work(world.client, lambda uow: acts.answer(uow, first))
    work(world.provider, lambda uow: acts.withdraw(uow, third))
    session.rollback()
    before = present_record(session, world.engagement_id)
    session.rollback()
    ref = file(world.client, world, with_record=True)
    work(world.client, lambda uow: acts.answer(uow, second))

    session.rollback()
    record = attached_record(session, ref.id)
    assert record == before
    answered, waiting = record.incidents
    assert (answered.state, answered.answer) == (IncidentState.ANSWERED, acts.ANSWER)
    assert [one.name for one in answered.papers] == ["催办函.pdf", "改期函.pdf"]
    assert (waiting.state, waiting.kind) == (IncidentState.NOTED, Kind.LATE_DOCUMENTS)
    assert present_record(session, world.engagement_id) != before
    assert complaints.page(session, ref.id, TODAY).record == before


def test_it_names_the_contract_in_force_by_version_amount_and_checksum(session, world):
    ref = file(world.client, world, with_record=True)
    session.rollback()
    (signed,) = versions_of(session, world.engagement_id)
    kept = attached_record(session, ref.id).contract
    assert kept == AttachedContract(
        signed.number, signed.version, signed.amount_fen, signed.content_hash
    )


def test_what_was_kept_before_contracts_were_is_still_read(session, world):
    noted(world)
    ref = file(world.client, world, with_record=True)
    row = session.scalars(select(ComplaintRecord)).one()
    told = json.loads(row.content)
    del told["contract"], told["incidents"][0]["asked_of"]
    row.content = json.dumps(told)
    session.commit()
    record = attached_record(session, ref.id)
    assert (record.contract, record.incidents[0].asked_of) == (None, "")


def test_nothing_is_attached_unless_it_is_asked_for(session, world):
    ref = file(world.client, world)
    assert attached_record(session, ref.id) is None
    assert session.scalars(select(ComplaintRecord)).all() == []


def test_whoever_has_a_tie_to_a_side_does_not_read_who_complained_in_it(session, world):
    ref = file(world.client, world, with_record=True)
    assert complaints.page(session, ref.id, TODAY).without_filer().record is None


def test_what_it_says_is_not_read_in_the_database(session, world):
    noted(world)
    file(world.client, world, with_record=True)
    session.rollback()
    kept = session.execute(text("select content from complaint_record")).scalar()
    assert acts.WHAT not in kept
    assert "incidents" not in kept
