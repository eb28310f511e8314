"""Who lives in the demo world: invented, plausible, everywhere, and sign-in for the listed only."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Organisation, User
from marketplace.accounts.services.proofs import matches
from marketplace.catalogue import queries as catalogue
from marketplace.demo.cast import PASSWORD
from marketplace.demo.coining import (
    credit_code,
    id_number,
    is_coined_firm,
    is_coined_person,
    mobile,
    office_phone,
)
from marketplace.demo.queries import demo_accounts, listed_people
from marketplace.infra.clock import real_now
from marketplace.infra.file_checks import check_upload
from marketplace.infra.files import FileRecord, content, find_file
from marketplace.institutions.models.dossier import (
    Affiliation,
    Institution,
    InstitutionFacts,
    Practitioner,
)
from marketplace.institutions.models.market import Listing
from marketplace.kernel import uscc
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.personal import is_id_number, is_mobile
from marketplace.vetting import queries as vetting

REGION = "229900"


def organisations(session, *capacities):
    rows = [row for each in capacities for row in accounts.organisations_with(session, each)]
    assert rows
    return rows


def test_there_are_eighty_one_institutions_with_one_to_four_listings(session):
    institutions = session.scalars(select(Institution.id)).all()
    listings = session.scalars(select(Listing.institution_id)).all()

    assert len(institutions) == 81
    assert {listings.count(each) for each in institutions} == {1, 2, 3, 4}


def test_every_prefecture_has_institutions_in_the_market(session):
    tree = catalogue.regions(session)
    market = session.execute(
        select(InstitutionFacts.region_code)
        .join(Listing, Listing.institution_id == InstitutionFacts.institution_id)
        .where(InstitutionFacts.state == "in_force", Listing.state == "admitted")
    ).scalars()
    reached = {area for code in market for area in (code, *tree.ancestors(code))}

    assert {row.code for row in tree.prefectures} <= reached


def test_every_credit_code_is_valid_and_of_a_region_that_is_nowhere(session):
    codes = list(session.scalars(select(Organisation.credit_code)))

    assert len(codes) == len(set(codes)) == 81 + 6 + 1 + 1 + 7 + 30
    assert [code for code in codes if not uscc.is_valid(code) or code[2:8] != REGION] == []


def test_every_identity_number_is_valid_and_of_a_region_that_is_nowhere(session):
    numbers = [
        number
        for column in (Practitioner.id_number, Affiliation.id_number)
        for number in session.scalars(select(column))
        if number
    ]

    assert len(numbers) > 200
    assert [n for n in numbers if not is_id_number(n) or not n.startswith(REGION)] == []


def test_every_mobile_begins_with_digits_no_network_gives_out(session):
    mobiles = {user.mobile for user in session.scalars(select(User))}
    mobiles |= set(session.scalars(select(InstitutionFacts.contact_mobile))) - {"", None}

    assert [each for each in mobiles if not each.startswith("1420")] == []


def test_names_are_coined_from_syllables_nobody_combines(session):
    market = organisations(session, Capacity.INSTITUTION, Capacity.ENTERPRISE)
    bodies = organisations(session, Capacity.ASSOCIATION)
    people = set(session.scalars(select(User.name))) | set(
        session.scalars(select(Practitioner.name))
    )

    assert [row.name for row in market + bodies if not is_coined_firm(row.name)] == []
    assert [name for name in people if not is_coined_person(name)] == []
    assert len({row.name for row in market}) == len(market)


def test_public_bodies_say_that_they_are_examples(session):
    names = [
        row.name
        for row in organisations(
            session, Capacity.DEPARTMENT, Capacity.SUPERVISOR, Capacity.OPERATOR
        )
    ]

    assert [name for name in names if "示范" not in name] == []


def test_the_cast_is_as_promised(session):
    bodies = organisations(session, Capacity.ASSOCIATION)
    operator = organisations(session, Capacity.OPERATOR)[0]

    assert len(bodies) == 6
    for body in bodies:
        assert len(accounts.members_with(session, body.id, Role.ASSOCIATION_EXAMINER)) >= 2
        assert accounts.members_with(session, body.id, Role.ASSOCIATION_APPROVER)
    duties = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    holders = [accounts.members_with(session, operator.id, duty) for duty in duties]
    assert len({member.user_id for each in holders for member in each}) == 3
    assert len(organisations(session, Capacity.ENTERPRISE)) == 30
    departments = organisations(session, Capacity.DEPARTMENT)
    at_work = [one for one in departments if accounts.members_with(session, one.id)]
    # The seventh was entered by the operator and has invited nobody yet.
    assert (len(departments), len(at_work)) == (7, 6)
    for body in at_work:
        assert len(accounts.members_with(session, body.id, Role.DEPARTMENT_OFFICER)) == 2
        assert accounts.members_with(session, body.id, Role.DEPARTMENT_APPROVER)
        assert accounts.members_with(session, body.id, Role.BUDGET_OFFICER)


def test_some_association_judges_every_item_everywhere_and_some_items_are_divided(session):
    tree = catalogue.regions(session)
    competent = {
        item.code: {
            vetting.competent_association(session, item.code, row.code)
            for row in (tree.root, *tree.prefectures)
        }
        for item in catalogue.items(session)
    }

    assert len(competent) == 15
    assert [code for code, found in competent.items() if None in found] == []
    assert 1 <= sum(len(found) > 1 for found in competent.values()) <= 2
    assert len(set().union(*competent.values())) == 6


def test_only_listed_people_have_a_password_and_all_of_them_a_second_factor(session):
    listed = {person.email for person in listed_people()}
    able = {user.email for user in session.scalars(select(User)) if user.password_hash}
    shown = demo_accounts(session, real_now())

    assert able == listed == {account.email for account in shown}
    assert [account.email for account in shown if not account.code] == []


def test_the_password_shown_is_the_password(session):
    hashes = [user.password_hash for user in session.scalars(select(User)) if user.password_hash]

    assert all(matches(each, PASSWORD) for each in hashes[:3])


def test_every_paper_is_its_own_and_can_be_opened(app, session):
    files = session.scalars(select(FileRecord)).all()
    scans = [each for each in files if each.owner_kind == "qualification"]

    assert len({each.sha256 for each in scans}) == len(scans) > 60
    for file in files[::25]:
        data = content(find_file(session, file.id))
        assert check_upload(file.name, data).pages == 1


@pytest.mark.parametrize("serial", [1, 12, 999, 123456])
def test_numbers_are_right_in_their_check_characters(serial):
    assert uscc.is_valid(credit_code("91", serial))
    assert is_id_number(id_number(date(1980, 2, 29), serial))
    assert is_mobile(mobile(serial))
    assert not is_mobile(office_phone("220100", serial).replace("-", ""))
