"""Lights, days and the board of records whose clock runs, stands or has ended, looked at late."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from marketplace.clocks.queries import light_days
from marketplace.engagements.queries import lists
from marketplace.engagements.rules import State
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.supervision import queries
from marketplace.vetting.queries import case_row
from marketplace.vetting.rules import CaseState
from tests.cases import make_case
from tests.conftest import NOON, TODAY
from tests.engagements import make_engagement
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
# By then every day that was set is over.
LATER = TODAY + timedelta(days=200)


@dataclass(frozen=True)
class Seen:
    """How lists show a record, by the names of the table."""

    number: str
    light: str
    days: dict[str, date | None]


def _engagement(session, state: str) -> Seen:
    lapses = state == State.LAPSED
    made = make_engagement(State.REQUESTED if lapses else State(state))
    if lapses:
        settle_due(now=NOON + timedelta(days=10), raise_errors=True)
    row = lists.engagement(session, made.public_id, LATER)
    return Seen(row.number, row.light, {"turn": row.turn_due_on, "work": row.due_on})


def _vetting_case(session, state: str) -> Seen:
    row = case_row(session, make_case(CaseState(state)).case_id, LATER)
    return Seen(row.number, row.light, {"turn": row.due_on})


MADE = {"engagement": _engagement, "vetting_case": _vetting_case}


def _board(session, number: str) -> list[str]:
    seen = queries.BOARD.stream(session, Asked(), light_days(session, LATER))
    return [row.light for row in seen if row.number == number]


@pytest.mark.parametrize(("record", "state", "light", "due", "board"), rows("clocks/records"))
def test_a_record_is_late_only_where_its_clock_runs(session, record, state, light, due, board):
    seen = MADE[record](session, state)

    assert seen.light == light
    assert ";".join(name for name, day in seen.days.items() if day) == due
    assert _board(session, seen.number) == [one for one in board.split(";") if one]


def test_the_table_names_every_state():
    named = {(record, state) for record, state, *_ in rows("clocks/records")}

    assert named == {("engagement", one.value) for one in State} | {
        ("vetting_case", one.value) for one in CaseState
    }
