"""The database is the last judge: one version in force, no state without its facts."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.infra.database import db
from marketplace.infra.rows import content_of
from marketplace.institutions.models.dossier import (
    FrozenVersionChanged,
    InstitutionFacts,
    Practitioner,
    Qualification,
)
from marketplace.institutions.models.market import Listing, ListingTerms, SuspensionGround
from marketplace.institutions.queries import market, public
from marketplace.institutions.rules.dossier import VersionState
from marketplace.institutions.rules.market import GroundKind
from marketplace.institutions.services.dossier import OF_ONE_VERSION
from tests.conftest import NOON
from tests.dossiers import certified_listing, make_agent, submitted_listing

pytestmark = pytest.mark.usefixtures("app")
VERSIONS = [InstitutionFacts, Qualification, Practitioner, ListingTerms]


@pytest.fixture
def writing(app):
    """A session that writes past the services."""
    db.session.rollback()
    with Session(db.engine.execution_options(writes=True)) as session:
        yield session
        session.rollback()


def twin(row, state):
    """Another version of the same line that claims a state."""
    lives = state is not VersionState.DRAFT
    return type(row)(
        **content_of(row, but=OF_ONE_VERSION),
        number=row.number + 1,
        state=state,
        created_at=NOON,
        submitted_at=NOON if lives else None,
        in_force_from=NOON if lives else None,
        case_id=1 if lives else None,
    )


@pytest.mark.parametrize("model", VERSIONS)
def test_at_most_one_version_of_a_line_is_in_force(model, writing):
    certified_listing(make_agent())
    row = writing.query(model).one()
    assert row.state == VersionState.IN_FORCE
    writing.add(twin(row, VersionState.IN_FORCE))

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        writing.flush()


@pytest.mark.parametrize("model", VERSIONS)
def test_at_most_one_version_of_a_line_is_a_draft(model, writing):
    certified_listing(make_agent())
    row = writing.query(model).one()
    first = twin(row, VersionState.DRAFT)
    second = twin(row, VersionState.DRAFT)
    second.number += 1
    writing.add(first)
    writing.flush()
    writing.add(second)

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        writing.flush()


@pytest.mark.parametrize("model", VERSIONS)
def test_what_was_submitted_cannot_be_rewritten(model, writing):
    submitted_listing(make_agent())
    row = writing.query(model).one()
    for name in ("name", "issuer", "unit"):
        if hasattr(row, name):
            setattr(row, name, "改写")

    with pytest.raises(FrozenVersionChanged, match=model.__tablename__):
        writing.flush()


@pytest.mark.parametrize("model", VERSIONS)
@pytest.mark.parametrize(
    "change",
    [
        "state = 'in_force', case_id = null",
        "state = 'superseded', in_force_to = null",
        "state = 'submitted', submitted_at = null",
        "state = 'invented'",
    ],
)
def test_a_version_does_not_claim_a_state_without_its_facts(model, change, writing):
    certified_listing(make_agent())

    with pytest.raises(IntegrityError, match=r"(?i)check"):
        writing.execute(text(f"update {model.__tablename__} set {change}"))  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "state = 'suspended'",
        "suspended_at = admitted_at",
        "state = 'removed'",
        "admitted_at = null",
        "case_id = null",
        "submitted_at = null",
        "state = 'invented'",
    ],
)
def test_a_listing_does_not_claim_a_state_without_its_facts(change, writing):
    certified_listing(make_agent())

    with pytest.raises(IntegrityError, match=r"(?i)check"):
        writing.execute(text(f"update listing set {change}"))  # noqa: S608


def test_there_is_one_listing_per_institution_and_item_and_one_open_ground_of_a_kind(writing):
    listing_id = certified_listing(make_agent())
    row = writing.get(Listing, listing_id)
    writing.add(
        Listing(
            institution_id=row.institution_id,
            item_code=row.item_code,
            state_since=NOON,
            opened_at=NOON,
        )
    )
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        writing.flush()
    writing.rollback()
    for _ in range(2):
        writing.add(
            SuspensionGround(listing_id=listing_id, kind=GroundKind.INTERIM, opened_at=NOON)
        )
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        writing.flush()


def test_personal_numbers_and_mobiles_are_ciphertext_with_a_hash(writing):
    certified_listing(make_agent())
    for table, column in (
        ("institution_facts", "contact_mobile"),
        ("affiliation", "id_number"),
        ("practitioner", "id_number"),
    ):
        stored, hashed = writing.execute(text(f"select {column}, {column}_hash from {table}")).one()  # noqa: S608
        assert stored.startswith("v2.")
        assert len(hashed) == 64


def test_no_table_keeps_a_personal_number_in_plain_columns(app):
    names = {
        column["name"]
        for table in ("institution_facts", "affiliation", "practitioner")
        for column in inspect(db.engine).get_columns(table)
        if "number" in column["name"] or "mobile" in column["name"]
    }
    assert names == {
        "number", "contact_mobile", "contact_mobile_hash", "id_number", "id_number_hash",
        "certificate_number",
    }  # fmt: skip


def test_every_act_of_an_application_leaves_its_event(session):
    listing_id = certified_listing(make_agent())
    row = market.listing(session, listing_id)
    kinds = {entry.kind for entry in public.history(session, row.institution_id)}

    assert {
        "institution.started", "institution.profile_saved", "institution.affiliations_saved",
        "institution.qualification_saved", "institution.practitioner_saved",
        "institution.undertaking_signed", "listing.drafted", "listing.terms_saved",
        "listing.submitted", "listing.under_review", "listing.admitted",
        "institution.facts_changed", "institution.qualifications_changed",
        "institution.practitioners_changed", "listing.terms_changed",
    } <= kinds  # fmt: skip
