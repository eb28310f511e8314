"""Verdicts asked for and taken in, in whatever order they come, and what the counting one does.

Everybody locks the engagement first, then its verdicts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from marketplace.accounts.queries.parties import find_organisation
from marketplace.catalogue import queries as catalogue
from marketplace.engagements.queries import headings
from marketplace.engagements.services import returning
from marketplace.engagements.services.returning import JudgedWork, Rework
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.verdicts import events, policy, queries, rules
from marketplace.verdicts.models import Verdict
from marketplace.verdicts.rules import Effect, Message, VerdictState

DAYS = "engagement.verdict_return_days"


class Taken(Enum):
    """What became of a message."""

    KEPT = "kept"
    KNOWN = "known"
    UNMATCHED = "unmatched"


@dataclass(frozen=True)
class _Held:
    """The work, locked, and the verdicts on one of its versions, oldest first."""

    work: JudgedWork
    version: int
    verdicts: Sequence[Verdict]

    @property
    def pending(self) -> Verdict | None:
        return next((one for one in self.verdicts if one.state is VerdictState.PENDING), None)

    @property
    def decided(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.outcome is not None]

    @property
    def counting(self) -> Verdict | None:
        return next((one for one in self.decided if one.state in rules.LIVE), None)


def _hold(uow: UnitOfWork, engagement: int, version: int) -> _Held:
    work = returning.hold_judged(uow, engagement=engagement)
    return _Held(work, version, queries.verdicts_on(uow.session, engagement, version))


def await_verdict(uow: UnitOfWork, *, engagement: int, version: int) -> None:
    """The client accepted a version: the department is to judge it, or has done so already.

    Told twice, it asks once. Nobody judges work that no approval item calls for.
    """
    policy.may_take_in(uow.actor).require()
    held = _hold(uow, engagement, version)
    if held.verdicts:
        _settle(uow, held)
        return
    item = catalogue.item_version(uow.session, held.work.item_version_id)
    if not item.called_by(local_date(uow.now)):
        return
    asked = uow.add(
        Verdict(
            engagement_id=engagement,
            version=version,
            state=VerdictState.PENDING,
            since=uow.now,
        )
    )
    uow.record(events.VerdictAwaited.of(held.work, verdict_id=asked.id, version=version))


def carry_out(uow: UnitOfWork, engagement: int, version: int) -> None:
    """What the department said of a version before the client accepted it holds from then on.

    Called by the acceptance, in its own act; a version that nobody has judged is asked about later.
    """
    if queries.verdicts_on(uow.session, engagement, version):
        with uow.by_itself():
            await_verdict(uow, engagement=engagement, version=version)


def take_verdict(uow: UnitOfWork, *, message: Message) -> Taken:
    """Take in what the department decided: once, and to the same end in whatever order it comes.

    Of several on the same version the newest counts; one that comes after it is kept as corrected.
    A deliverable that is not known here is left to the caller.
    """
    policy.may_take_in(uow.actor).require()
    if queries.is_known(uow.session, message.message_id):
        return Taken.KNOWN
    key = headings.work_of_number(uow.session, message.number)
    held = _hold(uow, key, message.version) if key is not None else None
    if held is None or not 1 <= message.version <= held.work.versions:
        return Taken.UNMATCHED
    if queries.is_known(uow.session, message.message_id):
        return Taken.KNOWN
    before = held.counting
    row = _write(uow, held, message)
    held = _hold(uow, held.work.id, held.version)
    effect = _effect(held)
    uow.record(
        events.VerdictGiven.of(
            held.work,
            verdict_id=row.id,
            version=row.version,
            verdict=message.outcome.value,
            counts=row.state is not VerdictState.CORRECTED,
            corrects=before is not None,
            closed=held.work.state in rules.OVER,
            effect=effect.value,
            score=message.score,
        ),
        words=row.reasons,
    )
    _settle(uow, held)
    return Taken.KEPT


def _write(uow: UnitOfWork, held: _Held, message: Message) -> Verdict:
    """The row of a message in its place among the others on the same version."""
    decided = held.decided
    newest = rules.is_newest(message.place, [queries.place_of(one) for one in decided])
    if newest and held.counting is not None:
        held.counting.state = rules.step(held.counting.state, VerdictState.CORRECTED)
        uow.flush()
    row = held.pending or Verdict(engagement_id=held.work.id, version=held.version, since=uow.now)
    department = find_organisation(uow.session, message.department_code)
    row.outcome, row.decided_at, row.received_at = message.outcome, message.decided_at, uow.now
    row.message_id, row.sequence = message.message_id, message.sequence
    row.reasons, row.score = rules.kept(message.reasons), message.score
    row.comment = rules.kept(message.comment) if message.score is not None else ""
    row.department_id = department.id if department else None
    row.department_name = message.department_name
    row.state = VerdictState(message.outcome) if newest else VerdictState.CORRECTED
    if row not in held.verdicts:
        uow.add(row)
    _link(uow, [*decided, row])
    return row


def _link(uow: UnitOfWork, decided: Sequence[Verdict]) -> None:
    """Let each name the one before it, oldest first, whichever came first."""
    ordered = sorted(decided, key=queries.place_of)
    for one in ordered:
        one.replaces_id = None
    uow.flush()
    for earlier, one in pairwise(ordered):
        one.replaces_id = earlier.id
    uow.flush()


def _effect(held: _Held) -> Effect:
    """What the counting verdict does: only to work whose last version it is about."""
    counting = held.counting
    if held.work.accepted != held.version or counting is None:
        return Effect.NONE
    return rules.effect(counting.outcome, held.work.state, given_back=held.work.given_back)


def _settle(uow: UnitOfWork, held: _Held) -> None:
    """Bring the work where the counting verdict has it; nothing where it is there."""
    effect, counting = _effect(held), held.counting
    if counting is None or effect is Effect.NONE:
        return
    about = {"verdict_id": counting.id, "version": held.version}
    if effect is Effect.ACCEPTS_AGAIN:
        before = queries.given_back_before(uow.session, held.work.id, held.version)
        returning.accept_again(uow, engagement=held.work.id, before=_rework(before))
        uow.record(events.GivingBackUndone.of(held.work, **about))
        return
    days = int(catalogue.rule(uow.session, DAYS, local_date(uow.now)))
    due = returning.give_back(uow, engagement=held.work.id, days=days)
    counting.given_back_at, counting.rework_days = uow.now, days
    uow.flush()
    uow.record(events.WorkGivenBack.of(held.work, **about, limit_days=days, due_on=due))


def _rework(found: Verdict | None) -> Rework | None:
    if found is None or found.given_back_at is None or found.rework_days is None:
        return None
    return Rework(found.given_back_at, found.rework_days)
