"""Who judges nothing about an organisation: members, past ones, who declared it, and the same
person under another account."""

from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Membership, Recusal, User
from marketplace.accounts.policy import recused
from marketplace.kernel.actors import Capacity, Role
from tests.conftest import NOON, TODAY
from tests.factories import make_member, make_organisation, make_plain_agent


@pytest.fixture
def subject(app):
    return make_plain_agent(Capacity.INSTITUTION)


@pytest.fixture
def examiner(app):
    return make_member(make_organisation(Capacity.ASSOCIATION), Role.ASSOCIATION_EXAMINER)


def judges(session, person, subject, on=TODAY):
    """Whether this person may judge something about the subject's organisation."""
    session.rollback()
    key = subject.organisation_id
    return not recused(person.user_id, key, accounts.ties(session, key, on))


def test_members_judge_nothing_about_their_own_organisation(session, subject, examiner):
    assert not judges(session, subject, subject)
    assert judges(session, examiner, subject)
    assert not recused(None, subject.organisation_id, ())


@pytest.mark.parametrize(("days", "free"), [(0, False), (364, False), (367, True)])
def test_who_has_left_is_tied_for_another_year(session, subject, days, free):
    row = session.query(Membership).filter_by(user_id=subject.user_id).one()
    row.begins_at = row.ended_at = NOON
    session.commit()

    assert judges(session, subject, subject, TODAY + timedelta(days=days)) is free


def test_who_declares_a_tie_has_one_to_that_organisation_alone(session, subject, examiner):
    other = make_plain_agent(Capacity.INSTITUTION)
    said = {"record_kind": "vetting_case", "record_id": 1, "declared_at": NOON}
    ids = {"user_id": examiner.user_id, "organisation_id": subject.organisation_id}
    session.add(Recusal(**ids, **said))
    session.commit()

    assert not judges(session, examiner, subject)
    assert judges(session, examiner, other)


def test_a_second_account_with_the_same_mobile_is_the_same_person(session, subject, examiner):
    hashes = dict(session.query(User.id, User.mobile_hash).all())
    row = session.get_one(User, examiner.user_id)
    row.mobile_hash, row.mobile_held = hashes[subject.user_id], False
    session.commit()

    assert not judges(session, examiner, subject)
