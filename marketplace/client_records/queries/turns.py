"""When it was the client's turn, and whether it acted by the day that was recorded for that.

All of it is read from what was recorded when it happened, so that each figure stays with whoever
was the client then. The events of a work, in their order, are cut into turns: an event that begins,
answers or ends a turn is its edge, and what was recorded up to the next edge belongs to it. One
statement cuts and counts; nothing is loaded for it.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from marketplace.client_records.rules import Figure
from marketplace.continuations import events as continuing
from marketplace.contracts import events as contracts
from marketplace.engagements import events as work
from marketplace.engagements.queries.clients import works_of
from marketplace.engagements.rules import HandoverState, Side, State
from marketplace.infra.local_days import local_day
from marketplace.infra.outbox.models import EventRecord
from marketplace.rulings.events import AwardRuled
from marketplace.rulings.rules import Outcome

Condition = sa.ColumnElement[bool]
_INSTANT = EventRecord.occurred_at.type
CLIENT = sa.bindparam("client", type_=sa.Integer)
SINCE = sa.bindparam("since", type_=_INSTANT)
_WORKS = works_of(CLIENT, SINCE)


def _said(name: str) -> sa.ColumnElement[str]:
    said: sa.ColumnElement[str] = EventRecord.payload[name].as_string()
    return said


_client = EventRecord.payload["client_id"].as_integer()
# The platform itself is no organisation.
_by_client = EventRecord.actor_organisation_id.is_not_distinct_from(_client)
_for_competition = _said("competition_id").is_not(None)


def _is(*kinds: type[work.EngagementEvent]) -> Condition:
    return EventRecord.kind.in_([one.KIND for one in kinds])


def _about(*what: str) -> Condition:
    return _said("what").in_(what)


def _let_pass(*what: str) -> Condition:
    """The platform noted that the client's day was over."""
    return sa.and_(_is(work.EngagementOverdue), _about(*what), _said("owes") == Side.CLIENT.value)


_TELL_DAYS = (work.EngagementDueSoon, work.EngagementOverdue, work.DueMoved)


def _day(*what: str) -> sa.ColumnElement[str | None]:
    """The day by which the client was to act, as an event named it."""
    return sa.case((sa.and_(_is(*_TELL_DAYS), _about(*what)), _said("due_on")))


@dataclass(frozen=True)
class Turn:
    """Which events make the client's turn about something.

    It counts where it was answered or missed. `answers` end it by what the client did, `misses`
    by what it did not do; `missed` is noted while it goes on. `ends` take it away. `day` is the
    day by which the client was to act, by the last event that named one.
    """

    figure: Figure
    reads: tuple[type[work.EngagementEvent], ...]
    begins: Condition
    answers: Condition
    misses: Condition
    missed: Condition
    ends: Condition
    day: sa.ColumnElement[Any]

    @property
    def edge(self) -> Condition:
        """It begins, answers or ends a turn."""
        return sa.or_(self.begins, self.answers, self.misses, self.ends)


def _none_before(*kinds: type[work.EngagementEvent]) -> Condition:
    """Nothing of the kind was recorded of the work before the event."""
    before = aliased(EventRecord)
    return ~(
        sa.select(before.id)
        .where(
            before.subject_kind == EventRecord.subject_kind,
            before.subject_id == EventRecord.subject_id,
            before.sequence < EventRecord.sequence,
            before.kind.in_([one.KIND for one in kinds]),
        )
        .exists()
    )


_picked = _is(work.EngagementRequested)
_awarded = sa.and_(_is(*work.BEGINNINGS), _for_competition)
_taken_on = sa.and_(_is(*work.BEGINNINGS), ~_picked)
# What waited for the client before waits for no client any more; without a contract it waits anew.
_passed_on = sa.and_(_is(*work.HANDOVERS), _said("outcome") == HandoverState.PASSED.value)
_new_client = sa.and_(_passed_on, _none_before(*work.AGREEMENTS))
# The contract waits for whoever it waited for before the text that was taken back. Who had nothing
# to do with that, and finds its old day over, is not the one who let it pass.
_waits_again = sa.and_(
    _is(contracts.ContractTakenBack),
    _said("owes") == Side.CLIENT.value,
    sa.or_(_by_client, _said("contract_by") > local_day(EventRecord.occurred_at)),
)
_CONTRACT_ENDS = (
    contracts.ContractAmended,
    contracts.ContractTakenBack,
    contracts.ContractLapsed,
    contracts.ContractEnded,
)
_TEXTS = (contracts.ContractPutForward, contracts.ContractChangeAsked)
_NEVER = sa.false()

TURNS = (
    # A delivered version waits for the client's answer.
    Turn(
        figure=Figure.DELIVERIES,
        reads=(work.WorkDelivered, *work.ANSWERS, *work.ENDS, *_TELL_DAYS),
        begins=_is(work.WorkDelivered),
        answers=_is(*work.ANSWERS),
        misses=_NEVER,
        missed=_let_pass("acceptance"),
        ends=_is(*work.ENDS),
        day=sa.func.coalesce(_said("answer_by"), _day("acceptance")),
    ),
    # The contract waits for the client: to be drawn up, confirmed, or put forward otherwise.
    Turn(
        figure=Figure.CONTRACTS,
        reads=(
            *work.BEGINNINGS,
            *work.HANDOVERS,
            *_TEXTS,
            *_CONTRACT_ENDS,
            contracts.AmendmentLapsed,
            *work.DECISIONS,
            *work.DELIVERIES,
            *work.ENDS,
            *_TELL_DAYS,
        ),
        begins=sa.or_(_taken_on, _new_client, _waits_again, sa.and_(_is(*_TEXTS), ~_by_client)),
        answers=sa.and_(_is(*_TEXTS, contracts.ContractAmended, *work.AGREEMENTS), _by_client),
        misses=sa.or_(
            _is(contracts.AmendmentLapsed),
            sa.and_(_is(work.EngagementLapsed), _said("was") == State.TAKEN_ON.value),
        ),
        missed=_let_pass("contract", "amendment"),
        # While a version is with the client, nobody may answer an amendment.
        ends=sa.or_(
            _passed_on, _is(*_CONTRACT_ENDS, *work.AGREEMENTS, *work.DELIVERIES, *work.ENDS)
        ),
        day=sa.func.coalesce(
            _said("contract_by"), _said("confirm_by"), _day("contract", "amendment")
        ),
    ),
    # Under contract, the work waits for the client's materials; but not of a project that halts,
    # whose work may not start.
    Turn(
        figure=Figure.MATERIALS,
        reads=(
            *work.AGREEMENTS,
            work.WorkStarted,
            continuing.ContinuationAsked,
            *work.ENDS,
            *_TELL_DAYS,
        ),
        begins=sa.and_(_is(*work.AGREEMENTS), _none_before(continuing.ContinuationAsked)),
        answers=_is(work.WorkStarted),
        misses=_NEVER,
        missed=_let_pass("materials"),
        ends=_is(continuing.ContinuationAsked, *work.ENDS),
        day=sa.func.coalesce(_said("materials_by"), _day("materials")),
    ),
    # Whether a contract follows a pick or an award, or the client steps back.
    Turn(
        figure=Figure.GIVEN_UP,
        reads=(*work.BEGINNINGS, *work.DECISIONS),
        begins=sa.or_(_picked, _awarded),
        answers=_is(*work.DECISIONS),
        misses=sa.and_(_is(work.EngagementCancelled), _by_client, _said("cause") == ""),
        missed=_NEVER,
        ends=_NEVER,
        day=sa.null(),
    ),
    # An award, of which the supervisor may rule that the department let it lie.
    Turn(
        figure=Figure.AWARDS,
        reads=(*work.BEGINNINGS, *work.DECISIONS, AwardRuled),
        begins=_awarded,
        answers=_is(*work.DECISIONS),
        misses=_NEVER,
        missed=sa.and_(_is(AwardRuled), _said("outcome") == Outcome.DEPARTMENT_AT_FAULT.value),
        ends=_NEVER,
        day=sa.null(),
    ),
    # What becomes of work whose project is not active.
    Turn(
        figure=Figure.CONTINUATIONS,
        reads=(
            continuing.ContinuationAsked,
            continuing.ContinuationAnswered,
            continuing.ContinuationSettled,
            continuing.ContinuationFellAway,
            continuing.ContinuationDropped,
        ),
        begins=_is(continuing.ContinuationAsked),
        answers=_is(continuing.ContinuationAnswered),
        misses=_is(continuing.ContinuationSettled),
        missed=_NEVER,
        ends=_is(continuing.ContinuationFellAway, continuing.ContinuationDropped),
        day=sa.null(),
    ),
)


def _flag(condition: Condition) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)


def _events(turn: Turn) -> sa.FromClause:
    """What is read of the client's works, with the part that each event plays."""
    marks = ("begins", "answers", "misses", "missed", "edge")
    return (
        sa.select(
            EventRecord.subject_id.label("work"),
            EventRecord.sequence,
            EventRecord.occurred_at,
            _client.label("client"),
            sa.type_coerce(turn.day, _said("day").type).label("day"),
            *(_flag(getattr(turn, mark)).label(mark) for mark in marks),
        )
        .where(
            EventRecord.subject_kind == work.EngagementEvent.SUBJECT,
            EventRecord.subject_id.in_(_WORKS),
            EventRecord.kind.in_({one.KIND for one in turn.reads}),
        )
        .subquery()
    )


def _cut(turn: Turn) -> sa.FromClause:
    """The same with the number of the turn that each event belongs to, and its last day."""
    told = _events(turn)
    number = sa.func.sum(told.c.edge).over(partition_by=told.c.work, order_by=told.c.sequence)
    cut = sa.select(told, number.label("turn")).subquery()
    last = sa.func.first_value(cut.c.day).over(
        partition_by=(cut.c.work, cut.c.turn),
        order_by=(_flag(cut.c.day.is_(None)), cut.c.sequence.desc()),
    )
    return sa.select(cut, last.label("last_day")).subquery()


def _turns(turn: Turn) -> sa.FromClause:
    """Each turn as one row, beside what the edge after it says."""
    told = _cut(turn)
    of_edge, of_missed = told.c.edge == 1, told.c.missed == 1
    each = (
        sa.select(
            told.c.work,
            told.c.turn,
            *(sa.func.max(told.c[mark]).label(mark) for mark in ("begins", "answers", "misses")),
            sa.func.max(told.c.missed).label("missed"),
            sa.func.max(told.c.last_day).label("day"),
            sa.func.max(sa.case((of_edge, told.c.occurred_at))).label("at"),
            sa.func.max(sa.case((of_edge, told.c.client))).label("client"),
            sa.func.min(sa.case((of_missed, told.c.occurred_at))).label("missed_at"),
            sa.func.min(sa.case((of_missed, told.c.client))).label("missed_client"),
        )
        .group_by(told.c.work, told.c.turn)
        .subquery()
    )

    def after(name: str) -> sa.ColumnElement[Any]:
        column = each.c[name]
        found = sa.func.lead(column).over(partition_by=each.c.work, order_by=each.c.turn)
        return sa.type_coerce(found, column.type).label(f"then_{name}")

    then = (after(name) for name in ("answers", "misses", "at", "client"))
    return sa.select(each, *then).subquery()


def _counted(turn: Turn) -> sa.Select[str, int, int]:
    """How many turns of the client counted since then, and how many of them were missed."""
    each = _turns(turn)
    answered, lapsed = each.c.then_answers == 1, each.c.then_misses == 1
    noted = each.c.missed == 1
    beyond = sa.and_(answered, each.c.day < local_day(each.c.then_at))
    late = sa.or_(noted, lapsed, beyond)
    settled_at = sa.case((noted, each.c.missed_at), else_=each.c.then_at)
    whose = sa.case((noted, each.c.missed_client), else_=each.c.then_client)
    return sa.select(
        sa.literal(turn.figure.value).label("figure"),
        sa.func.coalesce(sa.func.sum(_flag(late)), 0).label("late"),
        sa.func.count().label("every"),
    ).where(
        each.c.begins == 1,
        sa.or_(noted, answered, lapsed),
        whose == CLIENT,
        settled_at >= SINCE,
    )


# One row for each figure: how many were missed, of how many.
COUNTED = sa.union_all(*(_counted(turn) for turn in TURNS))

# How many works the client commissioned since then.
COMMISSIONED = sa.select(sa.func.count(EventRecord.id)).where(
    EventRecord.subject_kind == work.EngagementEvent.SUBJECT,
    EventRecord.subject_id.in_(_WORKS),
    sa.or_(_picked, _awarded),
    _client == CLIENT,
    EventRecord.occurred_at >= SINCE,
)
