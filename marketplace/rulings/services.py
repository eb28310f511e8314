"""Asking for a ruling, the words of both sides, the ruling, and what it brings about.

Everybody locks the engagement first, then the ruling, then the competition.
"""

from datetime import date

from marketplace.accounts.queries.offices import supervisor_for
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions.rules import Failure
from marketplace.competitions.services import awarding
from marketplace.engagements.rules import Side
from marketplace.engagements.services import awards, working
from marketplace.engagements.services.awards import AwardedWork
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date
from marketplace.rulings import events, policy, rules
from marketplace.rulings.models import AwardRuling
from marketplace.rulings.queries import RULING, open_of, standing_of, was_at_fault
from marketplace.rulings.rules import NEW_TERMS, Outcome, RulingState

RULING_DAYS, HEARING_DAYS = "engagement.award_ruling_days", "complaint.hearing_days"


def ask_for_ruling(uow: UnitOfWork, *, engagement: int) -> None:
    """The days for the contract of an award are over: the supervisor is to rule.

    A department that was found at fault and lets it lie once more ends it by that itself. Told
    twice, or of what went on meanwhile, it does nothing.
    """
    policy.may_settle(uow.actor).require()
    let_lie = awards.hold_let_lie(uow, engagement=engagement)
    if let_lie is None:
        return
    award = let_lie.work
    key = open_of(uow.session, engagement)
    if key is not None:
        asked = uow.lock(AwardRuling, key)
        if asked.let_lie is let_lie.side:
            return
        # The turn passed meanwhile, and the other side let it lie: that is another matter.
        _drop(uow, award, asked)
    if let_lie.side is Side.CLIENT and was_at_fault(uow.session, engagement):
        _end(uow, award, Failure.DEPARTMENT_SILENT)
        return
    found = uow.add(
        AwardRuling(
            engagement_id=engagement,
            competition_id=let_lie.competition_id,
            supervisor_id=supervisor_for(
                uow.session, award.region_code, but={award.client_id, award.provider_id}
            ),
            state=RulingState.ASKED,
            let_lie=let_lie.side,
            owed_since=let_lie.since,
            owed_until=let_lie.until,
            asked_at=uow.now,
            hear_until=_days_after(uow, HEARING_DAYS, local_date(uow.now)),
            due_on=_days_after(uow, RULING_DAYS, local_date(uow.now)),
        )
    )
    uow.record(
        events.RulingAsked.of(
            award,
            **_about(found),
            supervisor_id=found.supervisor_id,
            hear_until=found.hear_until,
            due_on=found.due_on,
        )
    )


def _days_after(uow: UnitOfWork, key: str, day: date) -> date:
    days = int(catalogue.rule(uow.session, key, day))
    return deadline(catalogue.calendar(uow.session), day, days)


def move_days(uow: UnitOfWork, *, ruling: int) -> bool:
    """Recompute the days after a calendar import; those that are past are never touched."""
    policy.may_settle(uow.actor).require()
    award = awards.hold_award(uow, engagement=uow.find(AwardRuling, ruling).engagement_id)
    found, today = uow.lock(AwardRuling, ruling), local_date(uow.now)
    if found.state is not RulingState.ASKED:
        return False
    asked_on, were = local_date(found.asked_at), (found.hear_until, found.due_on)
    if found.hear_until >= today:
        found.hear_until = _days_after(uow, HEARING_DAYS, asked_on)
    if found.due_on >= today:
        found.due_on = _days_after(uow, RULING_DAYS, asked_on)
    moved = zip(("hearing", "ruling"), were, (found.hear_until, found.due_on), strict=True)
    told = [one for one in moved if one[1] != one[2]]
    for what, was, day in told:
        working.tell_moved(uow, award, what, was, day)
    return bool(told)


def speak(uow: UnitOfWork, *, ruling: int | str, words: str) -> None:
    """One side says its word, once; after its days it is still taken, and marked as late."""
    award, found, standing = _lock(uow, ruling)
    policy.may_speak(uow.actor, standing).require()
    words = required(words, "reason")
    side = Side.CLIENT if uow.actor.acts_for(award.client_id) else Side.PROVIDER
    if side is Side.CLIENT:
        found.client_words, found.client_heard_at = words, uow.now
        found.client_heard_by = uow.user_id
    else:
        found.provider_words, found.provider_heard_at = words, uow.now
        found.provider_heard_by = uow.user_id
    uow.flush()
    late = local_date(uow.now) > found.hear_until
    uow.record(events.SideHeard.of(award, **_about(found), by=side.value, late=late), words=words)


def rule(uow: UnitOfWork, *, ruling: int | str, outcome: Outcome, reason: str) -> None:
    """The supervisor rules, with reasons that are public.

    Refuses `ruling.not_heard` before both were heard or their days are over, and
    `ruling.department_let_it_lie` where a department's silence would count as a refusal.
    """
    award, found, standing = _lock(uow, ruling)
    if outcome is Outcome.WINNER_ABANDONS:
        policy.may_rule_abandoned(uow.actor, standing).require()
    else:
        policy.may_rule(uow.actor, standing).require()
    reason = required(reason, "reason")
    term = awards.give_new_term(uow, engagement=award.id) if outcome in NEW_TERMS else None
    found.state = rules.step(found.state, RulingState.RULED)
    found.outcome, found.reason, found.ruled_by = outcome, reason, uow.user_id
    found.term_until, found.ended_at = term, uow.now
    uow.flush()
    awarding.note_ruling(
        uow,
        competition_id=found.competition_id,
        let_lie=found.let_lie.value,
        outcome=outcome.value,
        reason=reason,
    )
    ruled = events.AwardRuled.of(
        award, **_about(found), outcome=outcome.value, contract_by=found.term_until
    )
    uow.record(ruled, words=reason)
    if outcome is Outcome.WINNER_ABANDONS:
        awards.decline_award(uow, engagement=award.id)
    elif outcome is Outcome.COMPETITION_FAILS:
        _end(uow, award, Failure.RULED)


def _end(uow: UnitOfWork, award: AwardedWork, why: Failure) -> None:
    awards.cancel_award(uow, engagement=award.id, why=why, cause=f"ruling.{why}")


def drop_ruling(uow: UnitOfWork, *, engagement: int) -> None:
    """The contract was concluded after all, or the work ended; nothing where nothing is open."""
    policy.may_settle(uow.actor).require()
    award = awards.hold_award(uow, engagement=engagement)
    key = open_of(uow.session, engagement)
    if key is None:
        return
    _drop(uow, award, uow.lock(AwardRuling, key))


def _drop(uow: UnitOfWork, award: AwardedWork, found: AwardRuling) -> None:
    found.state = rules.step(found.state, RulingState.DROPPED)
    found.ended_at = uow.now
    uow.flush()
    uow.record(events.RulingDropped.of(award, **_about(found)))


def _lock(uow: UnitOfWork, key: int | str) -> tuple[AwardedWork, AwardRuling, policy.Standing]:
    """Lock the engagement, then the ruling; to outsiders neither exists (`NotFound`)."""
    award = awards.hold_award(uow, engagement=uow.find(AwardRuling, key).engagement_id)
    found = uow.lock(AwardRuling, key)
    standing = standing_of(uow.session, RULING.of(found), local_date(uow.now))
    if not policy.may_see(uow.actor, standing):
        raise NotFound
    return award, found, standing


def _about(found: AwardRuling) -> dict[str, object]:
    """What every event of the matter tells of it."""
    return {"ruling_id": found.id, "let_lie": found.let_lie.value}
