"""Incidents during the work: noted by one side, answered by the other, or not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.engagements.rules import Side, State
from marketplace.incidents import queries, services
from marketplace.incidents.models import Incident
from marketplace.incidents.queries import Counted
from marketplace.incidents.rules import NOTABLE, IncidentState, Kind
from marketplace.infra.files import may_read_file
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day, local_date, start_of_day
from tests.engagements import (
    _WAYS,
    accept,
    deliver,
    kinds,
    last_event,
    make_engagement,
    make_enterprise,
    refused,
    row_of,
    work,
)
from tests.factories import make_member, make_organisation
from tests.market import settle
from tests.service.incidents import acts
from tests.service.projects.test_changing_hands import letters

_S = IncidentState


def noted(world, who=None, **facts):
    """One that somebody noted; by default the institution."""
    return work(who or world.provider, lambda uow: acts.note(uow, world.engagement_id, **facts))


def found(session, key):
    """The incident as it is kept now."""
    session.rollback()
    session.expire_all()
    return queries.incident(session, key)


def over(session, key):
    """The first instant after the day for an answer."""
    return end_of_day(found(session, key).answer_by)


@pytest.fixture
def world(app):
    """Work in progress."""
    return make_engagement(State.IN_PROGRESS)


def test_one_side_notes_it_and_the_other_answers_within_five_working_days(session, world):
    key = noted(world)
    row = found(session, key)

    assert (row.state, row.noted_side, row.kind) == (_S.NOTED, Side.PROVIDER, Kind.LATE_DOCUMENTS)
    assert row.answer_by.isoformat() == "2026-11-30"
    settle()
    assert "engagement.incident_noted" in letters(session, world.client)
    assert "engagement.incident_noted" not in letters(session, world.provider)
    (owed,) = queries.owed_by(session, world.client, row.answer_by).rows
    assert (owed.what, owed.light) == ("incident.answer", "yellow")
    assert queries.owed_by(session, world.provider, row.answer_by).total == 0

    work(world.client, lambda uow: acts.answer(uow, key))

    row = found(session, key)
    assert (row.state, row.answer, row.late) == (_S.ANSWERED, acts.ANSWER, False)
    assert queries.owed_by(session, world.client, row.answer_by).total == 0
    assert kinds(session, world)[-2:] == ["incident_noted", "incident_answered"]
    told = queries.told(session, row)
    assert [one.name for one in told.evidence] == ["催办函.pdf"]
    assert [one.name for one in told.answered_with] == ["改期函.pdf"]


@pytest.mark.parametrize("state", list(_WAYS))
def test_it_is_noted_only_while_the_work_is_under_way(app, state):
    world = make_engagement(state)
    for side in (world.client, world.provider):
        code = refused(side, lambda uow: acts.note(uow, world.engagement_id))
        assert code == ("" if state in NOTABLE else "incident.not_under_way")


def test_what_is_not_answered_is_recorded_so_and_a_late_answer_is_marked(session, world):
    key = noted(world, world.client)
    last = over(session, key)
    settle_due(last - timedelta(seconds=1))
    assert found(session, key).state is _S.NOTED
    settle_due(last)
    settle_due(last)

    assert found(session, key).state is _S.UNANSWERED
    assert kinds(session, world).count("incident_unanswered") == 1
    settle()
    for each in (world.client, world.provider):
        assert "engagement.incident_unanswered" in letters(session, each)
    (owed,) = queries.owed_by(session, world.provider, local_date(last)).rows
    assert owed.light == "red"

    work(world.provider, lambda uow: acts.answer(uow, key), last)
    row = found(session, key)
    assert (row.state, row.late) == (_S.ANSWERED, True)
    assert last_event(session, world).payload["late"] is True


def test_the_day_counts_at_the_instant_of_the_act_whether_or_not_the_worker_ran(session, world):
    key, other = noted(world), noted(world)
    last = over(session, key)

    assert refused(world.provider, lambda uow: acts.withdraw(uow, other), last) == (
        "incident.unanswered"
    )
    work(world.client, lambda uow: acts.answer(uow, key), last)
    assert found(session, key).late
    assert kinds(session, world)[-2:] == ["incident_unanswered", "incident_answered"]
    work(
        world.client,
        lambda uow: acts.answer(uow, other),
        last - timedelta(seconds=1),
    )
    assert not found(session, other).late


def test_who_noted_it_takes_it_back_and_then_nobody_answers(session, world):
    key = noted(world)
    assert refused(world.client, lambda uow: acts.withdraw(uow, key)) == "incident.only_writer"
    work(world.provider, lambda uow: acts.withdraw(uow, key))

    assert found(session, key).state is _S.WITHDRAWN
    assert refused(world.client, lambda uow: acts.answer(uow, key)) == "incident.withdrawn"
    assert queries.owed_by(session, world.client, found(session, key).answer_by).total == 0
    settle_due(over(session, key))
    assert kinds(session, world)[-1] == "incident_withdrawn"


def test_it_lies_between_the_taking_on_and_today_and_needs_words_and_evidence(session, world):
    taken_on = local_date(row_of(session, world).taken_on_at)
    for day, code in (
        (taken_on - timedelta(days=1), "incident.since_too_early"),
        (taken_on, ""),
        (taken_on + timedelta(days=1), "incident.since_later"),
    ):
        said = refused(
            world.client,
            lambda uow, day=day: acts.note(uow, world.engagement_id, since_on=day),
        )
        assert said == code
    empty = refused(world.client, lambda uow: acts.note(uow, world.engagement_id, words=" "))
    assert empty == "request.words_needed"
    number = refused(
        world.client, lambda uow: acts.note(uow, world.engagement_id, words="电话13944445555")
    )
    assert number == "request.personal_number"
    without = refused(
        world.client,
        lambda uow: services.note_incident(
            uow,
            engagement=world.engagement_id,
            kind=Kind.OTHER,
            since_on=taken_on,
            words=acts.WHAT,
            papers=[],
        ),
    )
    assert without == "engagement.evidence_needed"


def test_only_so_many_of_one_side_wait_at_once(session, world):
    keys = [noted(world) for _each in range(5)]
    assert refused(world.provider, lambda uow: acts.note(uow, world.engagement_id)) == (
        "incident.too_many"
    )
    noted(world, world.client)
    work(world.client, lambda uow: acts.answer(uow, keys[0]))
    keys.append(noted(world))
    # What nobody answers in time does not keep the others from being noted.
    last = over(session, keys[-1])
    work(world.provider, lambda uow: acts.note(uow, world.engagement_id), last)


def test_nobody_acts_for_both_sides(session, world):
    key = noted(world)
    both = replace(world.client, user_id=world.provider.user_id)
    assert refused(both, lambda uow: acts.answer(uow, key)) == "account.other_side"
    assert refused(both, lambda uow: acts.note(uow, world.engagement_id)) == "account.other_side"


def test_others_find_nothing_and_supervisors_only_read(session, world):
    key = noted(world)
    with pytest.raises(NotFound):
        work(make_enterprise(), lambda uow: acts.answer(uow, key))
    office = make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR)
    assert refused(office, lambda uow: acts.answer(uow, key)) == "engagement.only_parties"
    (evidence,) = queries.told(session, found(session, key)).evidence
    assert may_read_file(office, session, evidence)
    assert may_read_file(world.client, session, evidence)
    assert not may_read_file(make_enterprise(), session, evidence)


def test_the_record_is_completed_after_the_work(session, world):
    key = noted(world)
    deliver(world)
    accept(world)
    work(world.client, lambda uow: acts.answer(uow, key))
    assert found(session, key).state is _S.ANSWERED


def test_its_day_follows_the_calendar_while_it_is_to_come(session, world):
    key = found(session, noted(world)).id
    was = found(session, key).answer_by
    session.get_one(Incident, key).answer_by = was + timedelta(days=4)
    session.commit()

    def moves(at=None):
        return work(SYSTEM, lambda uow: services.move_day(uow, incident=key), at)

    assert moves(start_of_day(was + timedelta(days=5))) is False
    assert [moves(), moves()] == [True, False]
    assert found(session, key).answer_by == was
    assert last_event(session, world).payload["what"] == "incident"


def test_how_many_each_side_noted_is_counted_without_what_was_withdrawn(session, world):
    keys = [noted(world) for _each in range(3)]
    work(world.client, lambda uow: acts.answer(uow, keys[0]))
    work(world.provider, lambda uow: acts.withdraw(uow, keys[1]))
    settle_due(over(session, keys[2]))
    noted(world, world.client)

    session.rollback()
    counted = queries.counted(session, world.listing_id, 2026)
    assert counted == {
        Side.PROVIDER: Counted(answered=1, unanswered=1),
        Side.CLIENT: Counted(waiting=1),
    }
    assert counted[Side.PROVIDER].every == 2
    assert queries.counted(session, world.listing_id, 2025)[Side.PROVIDER].every == 0
    assert queries.counted(session, world.listing_id + 1, 2026)[Side.CLIENT].every == 0
