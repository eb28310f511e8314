"""Verdicts come in through the inbox: read field by field, kept unmatched, and over HTTP."""

from typing import Any

import pytest

from marketplace.approvals import queries, rules
from marketplace.approvals.models import UnmatchedVerdict
from marketplace.approvals.services.incoming import match_verdicts, receive_verdict
from marketplace.engagements.rules import State
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.errors import Refused
from marketplace.verdicts.rules import VerdictState
from tests.engagements import accept, deliver, make_engagement, row_of
from tests.personas import Persona, actor
from tests.verdicts import CODE, DEPARTMENT, WHY, number_of, on_work

SAID = {
    "version": 1,
    "verdict": "returned",
    "reasons": WHY,
    "decided_at": "2026-11-20T09:00:00+08:00",
    "department": {"name": DEPARTMENT, "credit_code": CODE},
    "rating": {"score": 2, "comment": "附件不全。"},
}


def told(number: str, key: str = "evt_1", **changes: Any) -> dict[str, Any]:
    """A verdict as the platform sends it; `changes` are of its data."""
    return {"id": key, "subject": number, "sequence": "1", "data": {**SAID, **changes}}


def receive(uow, event: dict[str, Any], webhook: str = "msg_1") -> bool:
    with uow() as work:
        return receive_verdict(work, webhook_id=webhook, event=event)


def test_a_verdict_is_read_as_it_was_said():
    read = rules.verdict_message(told("WT-2026-000001"))

    assert (read.message_id, read.sequence, read.number) == ("evt_1", 1, "WT-2026-000001")
    assert (read.version, read.outcome, read.reasons) == (1, "returned", WHY)
    assert (read.score, read.comment) == (2, "附件不全。")
    assert (read.department_name, read.department_code) == (DEPARTMENT, CODE)
    assert read.decided_at.isoformat() == "2026-11-20T09:00:00+08:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"version": 0}, "version"),
        ({"version": "1"}, "version"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"reasons": ""}, "reasons"),
        ({"reasons": "字" * 4001}, "reasons"),
        ({"reasons": 7}, "reasons"),
        ({"decided_at": "2026-11-20"}, "decided_at"),
        ({"department": None}, "department"),
        ({"department": {"name": "", "credit_code": CODE}}, "name"),
        ({"rating": {"score": 6}}, "score"),
        ({"rating": {"comment": "好"}}, "score"),
        ({"rating": 5}, "rating"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(changes, field):
    with pytest.raises(rules.Unreadable, match=field):
        rules.verdict_message(told("WT-2026-000001", **changes))


@pytest.mark.parametrize("sequence", [None, "", "x", 0, -1, True, "12345678901"])
def test_a_verdict_has_its_place_among_the_others(sequence):
    with pytest.raises(rules.Unreadable, match="sequence"):
        rules.verdict_message({**told("WT-2026-000001"), "sequence": sequence})


def test_the_same_message_counts_once_under_whatever_id_it_is_delivered(session, uow):
    world = make_engagement(State.ACCEPTED)
    event = told(number_of(session, world))

    assert receive(uow, event)
    assert not receive(uow, event)
    assert receive(uow, event, webhook="msg_2")

    assert [one.state for one in on_work(session, world)] == [VerdictState.RETURNED]
    assert row_of(session, world).state is State.RETURNED


def test_what_cannot_be_read_is_not_noted_and_may_come_again_mended(session, uow):
    world = make_engagement(State.ACCEPTED)
    number = number_of(session, world)
    with pytest.raises(rules.Unreadable):
        receive(uow, told(number, verdict="perhaps"))

    assert receive(uow, told(number))


def test_an_unknown_deliverable_is_shown_to_the_operator_and_matched_when_it_is_there(
    app, session, uow
):
    world = make_engagement(State.RETURNED)
    event = told(number_of(session, world), version=2)
    for key in ("msg_1", "msg_2"):
        receive(uow, event, webhook=key)
    receive(uow, told("WT-2026-999999", "evt_2"), webhook="msg_3")
    session.rollback()
    assert {(one.number, one.version) for one in queries.unmatched(session)} == {
        (event["subject"], 2),
        ("WT-2026-999999", 1),
    }
    session.rollback()

    deliver(world)
    deliver_all(app.extensions["settings"], raise_errors=True)

    session.rollback()
    assert [one.number for one in queries.unmatched(session)] == ["WT-2026-999999"]
    assert [(one.version, str(one.state)) for one in on_work(session, world)] == [(2, "returned")]
    accept(world)
    deliver_all(app.extensions["settings"], raise_errors=True)
    assert row_of(session, world).state is State.RETURNED
    session.rollback()
    assert session.query(UnmatchedVerdict).count() == 1


def test_only_the_platform_and_the_operator_take_verdicts_in(uow):
    agent = actor(Persona.ENTERPRISE_AGENT)
    with pytest.raises(Refused, match=r"approvals\.operator_only"), uow(agent) as work:
        receive_verdict(work, webhook_id="msg_1", event=told("WT-2026-000001"))
    with pytest.raises(Refused, match=r"approvals\.operator_only"), uow(agent) as work:
        match_verdicts(work, number="WT-2026-000001")
