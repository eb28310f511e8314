"""Who had the work for a project in hand, from which day to which: for those who wait for it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clocks.rules import elapsed_days
from marketplace.engagements import rules
from marketplace.engagements.models import Delivered, Engagement
from marketplace.engagements.queries.standings import counting_calendar, limit_of, work_of
from marketplace.engagements.rules import ClientKind, Side, State, Verdict, binding_promise
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit


@dataclass(frozen=True)
class Hand:
    """A side had the work in hand on the days after `begins`, up to `ends` (None: still)."""

    side: Side
    begins: date
    ends: date | None


@dataclass(frozen=True)
class ProjectWork:
    """Work for an item of a project; of its hands the first that covers a day holds.

    `days` are those of the limit, or of a promise that binds more; `used` of them are gone.
    `stands` are the pauses that a side asked for.
    """

    id: int
    public_id: str
    number: str
    item_code: str
    state: State
    client_kind: ClientKind
    days: Limit
    used: int
    hands: tuple[Hand, ...]
    stands: tuple[Hand, ...]
    owes: Side | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for the work."""
        return self.state in rules.UNDER_WAY

    @property
    def is_done(self) -> bool:
        """Whether the client has accepted it."""
        return self.state in rules.DONE


# From which instants a contract that is not in force waits for which side.
ContractTurns: TypeAlias = Mapping[int, Sequence[tuple[datetime, Side]]]
TURNS: dict[str, Callable[[Session, Collection[int]], ContractTurns]] = {}

_WORK = row_of(
    ProjectWork, Engagement, days=LATER, used=LATER, hands=LATER, stands=LATER, owes=LATER
)


def work_of_project(session: Session, project_id: int, today: date) -> tuple[ProjectWork, ...]:
    """All work that was ever asked for for a project, the oldest first."""
    query = select(Engagement).where(Engagement.project_id == project_id)
    rows = session.scalars(query.order_by(Engagement.id)).all()
    if not rows:
        return ()
    calendar = counting_calendar(session, min(local_date(row.requested_at) for row in rows))

    def used(row: Engagement) -> int:
        work = work_of(row)
        if work is None:
            return 0
        return elapsed_days(calendar, work.limit, work.started, work.pauses, _seen(row, today))

    ids = [row.id for row in rows]
    turns = {key: found for of in TURNS.values() for key, found in of(session, ids).items()}
    return tuple(_work(row, used(row), turns.get(row.id, ())) for row in rows)


def _seen(row: Engagement, today: date) -> date:
    ended = row.delivered_at if row.state in rules.DONE else row.ended_at
    return min(today, local_date(ended)) if ended else today


def _work(row: Engagement, used: int, turns: Sequence[tuple[datetime, Side]]) -> ProjectWork:
    work = work_of(row)
    again = work is not None and row.rework_since is not None
    limit = work.limit if work is not None and again else limit_of(row)
    promise = None if again else binding_promise(row.promised_days, limit)
    stands = tuple(_hand(one.side, one.begins_at, one.ends_at) for one in row.pauses)
    return _WORK.of(
        row,
        days=Limit(promise or limit.value, limit.unit),
        used=used,
        hands=tuple(_hands(row, stands, turns)),
        stands=stands,
        owes=rules.owes(row.state, row.paused_by, row.contract_owed_by),
    )


def _hands(
    row: Engagement, stands: tuple[Hand, ...], turns: Sequence[tuple[datetime, Side]]
) -> Iterable[Hand]:
    """Pauses, the client's looks at a version and a contract that waits lie above the rest."""
    over = row.accepted_at or row.ended_at
    for stand in stands:
        yield Hand(stand.side, stand.begins, stand.ends or _day(over))
    for one in row.deliveries:
        yield _hand(Side.CLIENT, one.delivered_at, _given_back(row, one) or over)
    ends = row.contracted_at or over
    untils = [begins for begins, _ in turns[1:]]
    for (begins, side), until in zip(turns, [*untils, ends], strict=False):
        yield _hand(side, begins, until)
    yield _hand(Side.PROVIDER, row.requested_at, row.taken_on_at or over)
    if row.taken_on_at is not None:
        yield _hand(Side.CLIENT, row.taken_on_at, row.started_at or over)
    if row.started_at is not None:
        yield _hand(Side.PROVIDER, row.started_at, over)


def _given_back(row: Engagement, one: Delivered) -> datetime | None:
    """When the provider had it in hand again: of accepted work when the department gave it back."""
    back, said = row.rework_since, one.answered_at
    if one.verdict is Verdict.ACCEPTED and back is not None and said is not None and said < back:
        return back
    return said


def _hand(side: Side, begins: datetime, ends: datetime | None) -> Hand:
    return Hand(side, local_date(begins), _day(ends))


def _day(instant: datetime | None) -> date | None:
    return local_date(instant) if instant else None
