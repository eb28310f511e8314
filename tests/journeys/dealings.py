"""What must be true of money, claims, engagements and competitions at any quiet moment."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry, Payment
from marketplace.budgets.rules import Balances, Bucket, EntryKind, balances_of
from marketplace.competitions.models import Award, Competition
from marketplace.competitions.rules import ACTIVE_AWARDS, CompetitionState
from marketplace.competitions.rules import STEPS as COMPETITION_STEPS
from marketplace.engagements.models import Delivered, Engagement, EngagementPause
from marketplace.engagements.rules import GIVEN_UP, State
from marketplace.engagements.rules import STEPS as ENGAGEMENT_STEPS
from marketplace.infra.outbox.models import EventRecord
from marketplace.projects.models import ItemClaim
from tests.journeys.trail import trail

_C = CompetitionState
UNDER_WAY = frozenset(
    {_C.PUBLISHED, _C.CLOSED, _C.OPENING_REQUESTED, _C.OPENED, _C.EVALUATED, _C.AWARD_PUBLISHED}
)
ENGAGEMENT_AFTER = {
    "requested": State.REQUESTED,
    "taken_on": State.TAKEN_ON,
    "declined": State.DECLINED,
    "lapsed": State.LAPSED,
    "cancelled": State.CANCELLED,
    "contracted": State.CONTRACTED,
    "started": State.IN_PROGRESS,
    "paused": State.PAUSED,
    "delivered": State.DELIVERED,
    "returned": State.RETURNED,
    "accepted": State.ACCEPTED,
    "closed": State.CLOSED,
    "terminated": State.TERMINATED,
}
COMPETITION_AFTER = {
    "drafted": _C.DRAFT,
    "proposed": _C.PROPOSED,
    "sent_back": _C.DRAFT,
    "published": _C.PUBLISHED,
    "closed": _C.CLOSED,
    "opening_requested": _C.OPENING_REQUESTED,
    "opening_withdrawn": _C.CLOSED,
    "opened": _C.OPENED,
    "evaluated": _C.EVALUATED,
    "award_published": _C.AWARD_PUBLISHED,
    "awarded": _C.AWARDED,
    "concluded": _C.CONCLUDED,
    "failed": _C.FAILED,
    "cancelled": _C.CANCELLED,
}
# An award set aside for these leads back to the order; for others another event says what follows.
BACK_TO_THE_ORDER = {"not_admitted", "objection_upheld"}


def faults(session: Session) -> list[str]:
    """Everything that is wrong, as sentences; nothing where all invariants hold."""
    return [
        *wrong_money(session),
        *wrong_holds(session),
        *wrong_claims(session),
        *wrong_lives(session),
        *uneven_counts(session),
        *picked_while_away(session),
        *decided_by_proposer(session),
    ]


# ------------------------------------------------------------------ money


def wrong_money(session: Session) -> Iterable[str]:
    """I4, I5: balances are what entries add up to, and the events tell of every fen that moved."""
    moved = trail(session, "budget_line")
    approved: Counter[int] = Counter()
    for one in _payloads(session, "payment.approved"):
        approved[one["line_id"]] += one["released_fen"]
    for line in session.scalars(select(BudgetLine)):
        query = select(LedgerEntry).where(LedgerEntry.line_id == line.id).order_by(LedgerEntry.id)
        entries = session.scalars(query).all()
        kept = Balances(line.free_fen, line.reserved_fen, line.committed_fen, line.paid_fen)
        if balances_of(entries) != kept or kept.appropriation_fen != line.appropriation_fen:
            yield f"line {line.id}: {kept}, but its entries add up to {balances_of(entries)}"
        told = _told_of(moved[line.id])
        told[EntryKind.RELEASE] += approved[line.id]
        told[EntryKind.PAY] = _paid(session, line.id)
        written = _written(entries)
        if told != written:
            yield f"line {line.id}: entries {written}, events {told}"


def _written(entries: Iterable[LedgerEntry]) -> Counter[EntryKind]:
    """The fen moved for each reason; what an adjustment takes away counts against it."""
    found: Counter[EntryKind] = Counter()
    for entry in entries:
        out = entry.kind is EntryKind.ADJUST and entry.target is Bucket.OUTSIDE
        found[entry.kind] += -entry.amount_fen if out else entry.amount_fen
    return found


def _told_of(events: Iterable[EventRecord]) -> Counter[EntryKind]:
    found: Counter[EntryKind] = Counter()
    for event in events:
        said, kind = event.payload, event.kind.removeprefix("budget_line.")
        if kind in {"opened", "adjusted"}:
            found[EntryKind.ADJUST] += said["appropriation_fen"] - said.get("before_fen", 0)
        elif kind in {"carried_out", "carried_in"}:
            found[EntryKind.CARRY] += said["amount_fen"]
        elif kind in {"reserved", "committed", "released"}:
            reason = {"reserved": EntryKind.RESERVE, "committed": EntryKind.COMMIT}
            found[reason.get(kind, EntryKind.RELEASE)] += said["amount_fen"]
            found[EntryKind.RELEASE] += said.get("released_fen", 0)
    return found


def _paid(session: Session, line_id: int) -> int:
    told = _payloads(session, "payment.approved")
    return sum(one["amount_fen"] for one in told if one["line_id"] == line_id)


def _payloads(session: Session, kind: str) -> list[dict]:
    return list(session.scalars(select(EventRecord.payload).where(EventRecord.kind == kind)))


def wrong_holds(session: Session) -> Iterable[str]:
    """Lines keep what their holds keep, and money is held for what is under way, nothing else."""
    sums = [
        func.coalesce(func.sum(column), 0)
        for column in (BudgetHold.reserved_fen, BudgetHold.committed_fen, BudgetHold.paid_fen)
    ]
    for line in session.scalars(select(BudgetLine)):
        held = tuple(session.execute(select(*sums).where(BudgetHold.line_id == line.id)).one())
        if held != (line.reserved_fen, line.committed_fen, line.paid_fen):
            yield f"line {line.id}: its holds keep {held}"
    query = select(BudgetHold.purpose_id).where(
        BudgetHold.active, BudgetHold.purpose_kind == "competition"
    )
    reserved = set(session.scalars(query))
    states = session.execute(select(Competition.id, Competition.state)).all()
    owed = {key for key, state in states if state in UNDER_WAY | {_C.AWARDED}}
    if reserved != owed:
        yield f"money is held for competitions {sorted(reserved)}, under way are {sorted(owed)}"
    active = select(func.count(Award.id)).where(Award.state.in_(ACTIVE_AWARDS))
    for (count,) in session.execute(active.group_by(Award.competition_id)):
        if count > 1:
            yield f"{count} active awards of one competition"


# ------------------------------------------------------------------ claims


def wrong_claims(session: Session) -> Iterable[str]:
    """An item is claimed by what is under way for it, once, and by nothing that has ended."""
    query = select(ItemClaim.record_kind, ItemClaim.record_id).where(
        ItemClaim.released_at.is_(None)
    )
    claimed = {tuple(row) for row in session.execute(query)}
    engagements = select(Engagement.id).where(Engagement.state.not_in(GIVEN_UP))
    competitions = select(Competition.id).where(Competition.state.in_(UNDER_WAY))
    began = select(Engagement.competition_id).where(Engagement.id.in_(engagements))
    begun = set(session.scalars(began))
    awarded = select(Competition.id).where(Competition.state == _C.AWARDED)
    owed = {("engagement", key) for key in session.scalars(engagements)}
    owed |= {("competition", key) for key in session.scalars(competitions)}
    # Until the worker has begun its engagement, an award holds the item itself.
    owed |= {("competition", key) for key in session.scalars(awarded) if key not in begun}
    if claimed != owed:
        yield f"claimed without need: {claimed - owed}; not claimed: {owed - claimed}"


# ------------------------------------------------------------------ lives and events


def wrong_lives(session: Session) -> Iterable[str]:
    """I6: engagements and competitions whose events leave the table, or whose state is another."""
    engagements = dict(session.execute(select(Engagement.id, Engagement.state)).all())
    for key, events in trail(session, "engagement").items():
        life = list(_life_of_engagement(events))
        yield from _checked("engagement", key, life, engagements[key], ENGAGEMENT_STEPS)
        if life[0] not in {State.REQUESTED, State.TAKEN_ON}:
            yield f"engagement {key} began as {life[0]}"
    competitions = dict(session.execute(select(Competition.id, Competition.state)).all())
    for key, events in trail(session, "competition").items():
        steps = list(_life_of_competition(events))
        yield from _checked("competition", key, steps, competitions[key], COMPETITION_STEPS)


def _checked(
    name: str, key: int, life: list, state: StrEnum, steps: dict[StrEnum, frozenset]
) -> Iterable[str]:
    if life[-1] is not state:
        yield f"{name} {key}: {life}, but the row says {state}"
    for was, became in pairwise(life):
        if became not in steps[was]:
            yield f"{name} {key}: {was} -> {became}"


def _life_of_engagement(events: Iterable[EventRecord]) -> Iterable[State]:
    state, before = None, None
    for event in events:
        name = event.kind.removeprefix("engagement.")
        following = before if name == "resumed" else ENGAGEMENT_AFTER.get(name)
        if following is not None:
            before, state = state, following
            yield following


def _life_of_competition(events: Iterable[EventRecord]) -> Iterable[CompetitionState]:
    for event in events:
        name = event.kind.removeprefix("competition.")
        if name in COMPETITION_AFTER:
            yield COMPETITION_AFTER[name]
        elif name == "award_set_aside" and event.payload["cause"] in BACK_TO_THE_ORDER:
            yield _C.EVALUATED


def uneven_counts(session: Session) -> Iterable[str]:
    """I5, I9: each row was brought about by one event, each event was followed up once."""
    told = Counter(session.scalars(select(EventRecord.kind)))
    began = [one for one in _payloads(session, "engagement.taken_on") if one["competition_id"]]
    for_work = [
        one for one in _payloads(session, "payment.approved") if one["to_kind"] == "engagement"
    ]
    pairs = {
        "engagements": (Engagement.id, told["engagement.requested"] + len(began)),
        "pauses": (EngagementPause.id, told["engagement.paused"]),
        "deliveries": (Delivered.id, told["engagement.delivered"]),
        "competitions": (Competition.id, told["competition.drafted"]),
        "awards": (Award.id, told["competition.award_published"]),
        "payments": (Payment.id, told["payment.proposed"]),
        "claims": (ItemClaim.id, told["project.item_claimed"]),
    }
    for name, (column, events) in pairs.items():
        count = session.scalar(select(func.count(column)))
        if count != events:
            yield f"{name}: {count} rows, {events} events"
    released = select(func.count(ItemClaim.id)).where(ItemClaim.released_at.is_not(None))
    if session.scalar(released) != told["project.item_released"]:
        yield "released claims and events differ"
    if told["engagement.paid"] != len(for_work):
        yield f"{len(for_work)} payments, {told['engagement.paid']} added up"
    if told["competition.awarded"] != len(began):
        yield f"{told['competition.awarded']} awards, {len(began)} engagements begun by them"


def picked_while_away(session: Session) -> Iterable[str]:
    """I1: picks, rounds and awards of a listing that was not admitted at that instant."""
    there: dict[int, bool] = {}
    arrives = {"listing.admitted", "listing.reinstated", "listing.readmitted"}
    leaves = {"listing.suspended", "listing.removed", "listing.withdrawn"}
    chosen = {
        "engagement.requested",
        "quotation_round.opened",
        "competition.award_published",
        "competition.awarded",
    }
    query = select(EventRecord).where(EventRecord.kind.in_(arrives | leaves | chosen))
    for event in session.scalars(query.order_by(EventRecord.id)):
        if event.kind in chosen:
            said = event.payload
            asked = said.get("listing_ids") or [said["listing_id"]]
            if not all(there.get(key) for key in asked):
                yield f"event {event.id}, {event.kind}: {asked} not admitted"
        else:
            there[event.subject_id] = event.kind in arrives


def decided_by_proposer(session: Session) -> Iterable[str]:
    """I2: nobody decided what they proposed themselves."""
    alone = {
        "published": Competition.proposed_by == Competition.published_by,
        "opened": Competition.opening_requested_by == Competition.opened_by,
        "paid": Payment.proposer_id == Payment.decider_id,
    }
    for name, same in alone.items():
        if session.scalar(select(func.count()).where(same)):
            yield f"{name} by one person alone"
