"""The page of an engagement: its clock, papers, pauses, versions and everything that happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry, organisation_name
from marketplace.budgets import queries as budgets
from marketplace.clocks.rules import ClockView
from marketplace.competitions import queries as competitions
from marketplace.engagements.models import Delivered, Engagement, EngagementPause
from marketplace.engagements.policy import Standing
from marketplace.engagements.queries.lists import EngagementRow, engagement
from marketplace.engagements.queries.standings import clock_of, find, standing
from marketplace.engagements.rules import ClientKind, Side, Verdict
from marketplace.infra.files import FileRow, files_of
from marketplace.infra.rows import LATER, row_of


@dataclass(frozen=True)
class PauseRow:
    """A time in which the clock stood, with its reason and evidence."""

    side: Side
    reason: str
    cause: str
    begins_at: datetime
    ends_at: datetime | None
    begun_by: str
    papers: tuple[FileRow, ...]


@dataclass(frozen=True)
class DeliveryRow:
    """A version of the deliverable and the client's answer."""

    version: int
    words: str
    delivered_at: datetime
    delivered_by: str
    verdict: Verdict | None
    answer: str
    points: str
    answered_at: datetime | None
    papers: tuple[FileRow, ...]


@dataclass(frozen=True)
class LinkedRow:
    """An engagement before or after this one."""

    public_id: str
    number: str
    provider_name: str


@dataclass(frozen=True)
class EngagementPage:
    """Everything the page of an engagement shows.

    `contract_papers` are those of a contract that its client alone recorded, as was done once.
    """

    engagement: EngagementRow
    standing: Standing
    clock: ClockView | None
    request_words: str
    end_words: str
    contract_papers: tuple[FileRow, ...]
    pauses: tuple[PauseRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    history: tuple[HistoryEntry, ...]
    predecessor: LinkedRow | None
    successor: LinkedRow | None
    competition_public_id: str
    hold_public_id: str
    association_name: str


PAUSE = row_of(PauseRow, EngagementPause, begun_by=LATER, papers=LATER)
DELIVERY = row_of(DeliveryRow, Delivered, words=Delivered.body, delivered_by=LATER, papers=LATER)
LINKED = row_of(LinkedRow, Engagement, provider_name=organisation_name(Engagement.provider_id))


def page(session: Session, key: int | str, today: date) -> EngagementPage:
    """Everything the page of an engagement shows; raises `NotFound`."""
    row = find(session, key)
    people = _people(session, row)
    stands = standing(session, row, today)
    told = accounts.history(session, "engagement", row.id)
    return EngagementPage(
        engagement=engagement(session, row.id, today),
        standing=stands,
        clock=clock_of(session, row, today),
        request_words=row.request_words,
        end_words=_end_words(row, told),
        contract_papers=files_of(session, "engagement", row.id),
        pauses=_pauses(session, row, people),
        deliveries=_deliveries(session, row, people),
        history=told,
        predecessor=_linked(session, row.predecessor_id),
        successor=_linked(session, row.successor_id),
        competition_public_id=_competition(session, row),
        hold_public_id=_hold(session, row),
        association_name=_association(session, stands.association_id),
    )


def _end_words(row: Engagement, told: Iterable[HistoryEntry]) -> str:
    """The reasons with which it ended; a closed engagement has none."""
    ends = f"engagement.{row.state}"
    return next((one.why for one in told if row.ended_at and one.kind == ends), "")


def _people(session: Session, row: Engagement) -> Mapping[int, str]:
    ids = {one.begun_by for one in row.pauses if one.begun_by is not None}
    ids |= {one.delivered_by for one in row.deliveries}
    return accounts.people(session, ids)


def _pauses(session: Session, row: Engagement, people: Mapping[int, str]) -> tuple[PauseRow, ...]:
    return tuple(
        PAUSE.of(
            one,
            begun_by=people.get(one.begun_by or 0, ""),
            papers=files_of(session, "engagement_pause", one.id),
        )
        for one in row.pauses
    )


def _deliveries(
    session: Session, row: Engagement, people: Mapping[int, str]
) -> tuple[DeliveryRow, ...]:
    return tuple(
        DELIVERY.of(
            one,
            words=one.body,
            delivered_by=people.get(one.delivered_by, ""),
            papers=files_of(session, "engagement_delivery", one.id),
        )
        for one in reversed(row.deliveries)
    )


def _linked(session: Session, key: int | None) -> LinkedRow | None:
    return None if key is None else LINKED.one(session, LINKED.by(key))


def _competition(session: Session, row: Engagement) -> str:
    if row.competition_id is None:
        return ""
    return competitions.competition(session, row.competition_id).public_id


def _hold(session: Session, row: Engagement) -> str:
    if row.client_kind is not ClientKind.DEPARTMENT:
        return ""
    hold = budgets.hold_of(session, "engagement", row.id)
    return hold.public_id if hold else ""


def _association(session: Session, organisation_id: int | None) -> str:
    return accounts.organisation(session, organisation_id).name if organisation_id else ""
