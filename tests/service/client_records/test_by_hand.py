"""The statement that counts what clients did finds what is found by hand, whatever happened."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from marketplace.client_records.queries.turns import COMMISSIONED, COUNTED
from marketplace.engagements.models import Engagement, WorkHandover
from marketplace.engagements.rules import HandoverState, State
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.identifiers import new_public_id
from marketplace.kernel.times import start_of_day
from tests.conftest import TODAY
from tests.engagements import make_engagement, make_enterprise, multiply
from tests.service.client_records.by_hand import FIGURES, Reckoning, Told

WORKS = 3
# Two clients, the provider, and the platform act; the work is the first or the second client's.
CLIENTS, PROVIDER, PLATFORM = (0, 1), 2, 3
FIRST = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=UTC) - timedelta(days=20)
SINCE = start_of_day(FIRST.date() + timedelta(days=6))

_days = st.integers(0, 20).map(lambda n: (FIRST + timedelta(days=n)).date().isoformat())
_what = st.sampled_from(["acceptance", "contract", "amendment", "materials", "work", "rating"])
_owes = st.sampled_from(["client", "provider"])
_due = st.fixed_dictionaries({"what": _what, "due_on": _days})
_nothing = st.just({})
MORE = {
    "requested": st.fixed_dictionaries({"answer_by": _days}),
    "taken_on": st.fixed_dictionaries(
        {"contract_by": _days, "competition_id": st.sampled_from([None, 7])}
    ),
    "declined": _nothing,
    "lapsed": st.fixed_dictionaries(
        {"was": st.sampled_from(["requested", "taken_on"]), "due_on": _days}
    ),
    "cancelled": st.fixed_dictionaries(
        {"was": st.just("taken_on"), "cause": st.sampled_from(["", "project.cancelled"])}
    ),
    "contracted": st.fixed_dictionaries({"materials_by": _days}),
    "terminated": _nothing,
    "started": st.fixed_dictionaries({"due_on": _days}),
    "paused": _nothing,
    "delivered": st.fixed_dictionaries({"answer_by": _days}),
    "accepted": _nothing,
    "returned": st.fixed_dictionaries({"due_on": _days}),
    "due_soon": st.tuples(_due, _owes).map(lambda two: two[0] | {"owes": two[1]}),
    "overdue": st.tuples(_due, _owes).map(lambda two: two[0] | {"owes": two[1]}),
    "due_moved": _due,
    "contract_put_forward": st.fixed_dictionaries({"confirm_by": _days}),
    "contract_change_asked": st.fixed_dictionaries({"contract_by": _days}),
    "contract_taken_back": st.one_of(
        st.fixed_dictionaries({"owes": _owes, "contract_by": _days}),
        st.just({"owes": "", "contract_by": None}),
    ),
    "contract_amended": _nothing,
    "contract_lapsed": _nothing,
    "amendment_lapsed": st.fixed_dictionaries({"due_on": _days}),
    "contract_ended": _nothing,
    "handover_ended": st.fixed_dictionaries({"outcome": st.sampled_from(["passed", "stays"])}),
    "award_ruled": st.fixed_dictionaries(
        {"outcome": st.sampled_from(["department_at_fault", "new_term"])}
    ),
    "continuation_asked": st.fixed_dictionaries({"due_on": _days}),
    "continuation_answered": _nothing,
    "continuation_settled": st.fixed_dictionaries({"due_on": _days}),
    "continuation_fell_away": _nothing,
}


def _happening(kind: str) -> st.SearchStrategy[tuple]:
    """Something that happened: a few hours after what came before, by one of those who act."""
    return st.tuples(
        st.just(kind),
        st.integers(0, 40),
        st.sampled_from([*CLIENTS, PROVIDER, PLATFORM]),
        st.sampled_from(CLIENTS),
        MORE[kind],
    )


# What usually follows one another, so that turns begin and end; and anything at all between.
_PATHS = (
    ("requested", "taken_on", "contract_put_forward", "overdue", "contracted", "started"),
    ("delivered", "due_moved", "overdue", "returned", "delivered", "accepted"),
    ("contract_put_forward", "due_moved", "contract_change_asked", "contract_amended"),
    ("taken_on", "contract_put_forward", "contract_taken_back", "overdue", "lapsed"),
    ("contracted", "contract_put_forward", "handover_ended", "amendment_lapsed"),
    ("contracted", "contract_put_forward", "delivered", "amendment_lapsed", "returned"),
    ("contracted", "continuation_asked", "overdue", "continuation_fell_away", "started"),
    ("continuation_asked", "continuation_settled", "continuation_answered"),
)
_anything = st.sampled_from(sorted(MORE)).flatmap(_happening)
_path = st.sampled_from(_PATHS).flatmap(lambda path: st.tuples(*map(_happening, path)).map(list))
LIVES = st.lists(st.one_of(_anything.map(lambda one: [one]), _path), max_size=6).map(
    lambda parts: [one for part in parts for one in part]
)


def some_works() -> tuple[list[int], list[int]]:
    """The keys of some works without anything recorded of them, and of all who act."""
    world = make_engagement(State.REQUESTED)
    other = make_enterprise()
    multiply(world, WORKS)
    db.session.rollback()
    with db.engine.connect() as connection:
        keys = connection.scalars(Engagement.__table__.select().with_only_columns(Engagement.id))
        made = [key for key in keys if key != world.engagement_id]
    acting = [
        world.client.organisation_id,
        other.organisation_id,
        world.provider.organisation_id,
        None,
    ]
    return made, acting


@pytest.fixture
def works(app) -> tuple[list[int], list[int]]:
    return some_works()


def _told(life: Sequence[tuple], acting: Sequence[int | None]) -> Iterator[Told]:
    at = FIRST
    for kind, hours, actor, client, more in life:
        at += timedelta(hours=hours)
        yield Told(kind, at, acting[actor], acting[client], more)


def _keep(connection: Connection, work: int, told: Sequence[Told]) -> None:
    """The events as the product keeps them."""
    rows = [
        {
            "subject_kind": "engagement",
            "subject_id": work,
            "sequence": number,
            "kind": f"engagement.{one.kind}",
            "payload": {"client_id": one.client, **one.more},
            "actor_user_id": None,
            "actor_organisation_id": one.actor,
            "occurred_at": one.at,
            "request_id": "",
        }
        for number, one in enumerate(told, 1)
    ]
    if rows:
        connection.execute(insert(EventRecord), rows)


def _hand_on(connection: Connection, work: int, client: int, before: int) -> None:
    """The work is one client's, and was another's before."""
    kept = update(Engagement).where(Engagement.id == work).values(client_id=client)
    connection.execute(kept)
    passed = insert(WorkHandover).values(
        public_id=new_public_id(),
        engagement_id=work,
        project_id=1,
        from_id=before,
        to_id=client,
        state=HandoverState.PASSED,
        asked_at=FIRST,
        due_on=FIRST.date(),
        ended_at=FIRST,
    )
    connection.execute(passed)


def figures_agree(works: tuple[list[int], list[int]], lives: Sequence[Sequence[tuple]]) -> None:
    keys, acting = works
    # The first client asked for the work of which these are copies.
    hand, commissioned = Reckoning(SINCE), {acting[0]: 1, acting[1]: 0}
    with db.engine.connect() as connection, connection.begin() as whole:
        for place, (work, life) in enumerate(zip(keys, lives, strict=True)):
            told = list(_told(life, acting))
            _keep(connection, work, told)
            now, before = CLIENTS[place % 2], CLIENTS[1 - place % 2]
            _hand_on(connection, work, acting[now], acting[before])
            hand.take([told])
            for one in told:
                awarded = one.kind == "taken_on" and one.more["competition_id"]
                if (awarded or one.kind == "requested") and one.at >= SINCE:
                    commissioned[one.client] += 1
        for client in acting[:2]:
            asked = {"client": client, "since": SINCE}
            found = {row[0]: (row[1], row[2]) for row in connection.execute(COUNTED, asked)}
            assert found == {
                one.name: (hand.late[one.name, client], hand.every[one.name, client])
                for one in FIGURES
            }
            assert connection.scalar(COMMISSIONED, asked) == commissioned[client]
        whole.rollback()


@given(lives=st.tuples(*[LIVES] * WORKS))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_clients_did_is_counted_as_by_hand(works, lives):
    figures_agree(works, lives)
