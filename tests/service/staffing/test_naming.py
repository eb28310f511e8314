"""Practitioners named for works: whose they are, how long, and who is told of overlapping days."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries.seen import practitioners_in_force
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.staffing import queries, services
from marketplace.staffing.models import NamedPractitioner
from tests.engagements import (
    accept,
    cancel,
    contract,
    deliver,
    kinds,
    last_event,
    make_engagement,
    make_enterprise,
    on,
    pause,
    refused,
    request,
    row_of,
    start,
    take_on,
    work,
)
from tests.service.capacity.test_places import another


def person_of(world):
    """The practitioner of the institution's dossier, by public id."""
    db.session.rollback()
    owner = institutions.listing(db.session(), world.listing_id).institution_id
    (one,) = practitioners_in_force(db.session(), owner)
    db.session.rollback()
    return one.public_id


def name(world, *people):
    on(world, world.provider, services.name_practitioners, practitioners=people)


def seen(session, world):
    """Who does the work, each with the days that other works have in common with it."""
    session.rollback()
    today = local_date(row_of(session, world).requested_at)
    return [
        [(other.work.number, other.days) for other in one.elsewhere]
        for one in queries.named(session, world.engagement_id, today)
    ]


@pytest.fixture
def two(app, session):
    """Two works of one institution for two enterprises, the first begun, the second taken on."""
    first = make_engagement(State.IN_PROGRESS)
    second = request(another(first))
    take_on(second)
    return first, second


def test_who_is_named_in_two_works_on_the_same_days_is_flagged_in_both(two, session):
    first, second = two
    person = person_of(first)
    name(first, person)
    assert seen(session, first) == [[]]
    assert last_event(session, first).payload["also_elsewhere"] == 0

    name(second, person)

    assert last_event(session, second).payload["also_elsewhere"] == 1
    numbers = [row_of(session, world).number for world in two]
    assert [seen(session, world)[0][0][0] for world in two] == numbers[::-1]
    due = row_of(session, first).due_on
    assert seen(session, second)[0][0][1].ends == due
    name(second)
    assert seen(session, second) == []
    assert seen(session, first) == [[]]


@pytest.mark.parametrize("ends", [(deliver, accept), (deliver,)])
def test_work_that_was_handed_in_before_shares_no_day_with_what_has_not_begun(two, session, ends):
    first, second = two
    person = person_of(first)
    for world in two:
        name(world, person)
    for step in ends:
        step(first)
    both = seen(session, second)[0]
    # Handed in today, both still have this day.
    assert len(both) == (0 if accept in ends else 1)


def test_a_paused_work_shares_every_day_to_come(two, session):
    first, second = two
    person = person_of(first)
    for world in two:
        name(world, person)
    contract(second)
    start(second)
    pause(first)
    assert seen(session, second)[0][0][1].ends == row_of(session, second).due_on


def test_a_request_is_taken_on_with_names_and_without(app, session):
    world = make_engagement()
    people = [person_of(world)]
    on(world, world.provider, beginning.take_on_engagement, practitioners=people)
    assert kinds(session, world)[-2:] == ["taken_on", "practitioners_named"]
    other = request(another(world))
    on(other, other.provider, beginning.take_on_engagement)
    assert kinds(session, other)[-1] == "taken_on"


def test_nobody_is_named_whom_the_dossier_does_not_have(app, session):
    world, other = make_engagement(State.TAKEN_ON), make_engagement(State.TAKEN_ON)
    theirs = person_of(other)
    with pytest.raises(Refused) as refusal:
        name(world, theirs)
    assert (refusal.value.code, refusal.value.field) == ("staffing.unknown", "practitioners")
    untaken = request(another(other))
    with pytest.raises(Refused, match=r"staffing\.unknown"):
        on(untaken, untaken.provider, beginning.take_on_engagement, practitioners=["aaaaaaaaaa"])
    assert row_of(session, untaken).state is State.REQUESTED


def test_the_table_keeps_people_with_their_institution(two, session):
    first, _second = two
    other = make_engagement(State.TAKEN_ON)
    name(first, person_of(first))
    name(other, person_of(other))
    session.rollback()
    rows = session.scalars(select(NamedPractitioner).order_by(NamedPractitioner.id)).all()
    one, stranger = rows
    said = {"engagement_id": one.engagement_id, "listing_id": one.listing_id, "line": stranger.line}
    for institution in (one.institution_id, stranger.institution_id):
        mixed = said | {
            "institution_id": institution,
            "practitioner_id": stranger.practitioner_id,
            "named_at": one.named_at,
        }
        with pytest.raises(IntegrityError):
            session.execute(insert(NamedPractitioner).values(**mixed))
        session.rollback()


def test_the_same_list_again_is_told_once(two, session):
    first, _second = two
    person = person_of(first)
    name(first, person)
    name(first, person)
    assert kinds(session, first).count("practitioners_named") == 1


def test_others_name_nobody_and_nobody_is_named_after_the_end(two, session):
    first, second = two

    def naming(world):
        key = world.engagement_id
        return lambda uow: services.name_practitioners(uow, engagement=key, practitioners=[])

    assert refused(first.client, naming(first)) == "engagement.only_provider"
    with pytest.raises(NotFound):
        work(make_enterprise(), naming(first))
    cancel(second)
    assert refused(second.provider, naming(second)) == "engagement.ended"
