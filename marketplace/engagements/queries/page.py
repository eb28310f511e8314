"""The page of an engagement: the record, its clock, papers, pauses, versions and history."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets import queries as budgets
from marketplace.competitions import queries as competitions
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries.clock import clock_of
from marketplace.engagements.queries.history import history, notes
from marketplace.engagements.queries.lists import rows_of
from marketplace.engagements.queries.rows import (
    DeliveryRow,
    EngagementPage,
    HistoryEntry,
    LinkedRow,
    PauseRow,
)
from marketplace.engagements.queries.standing import find, standing
from marketplace.engagements.rules import ClientKind
from marketplace.infra.files import files_of


def page(session: Session, key: int | str, today: date) -> EngagementPage:
    """Everything the page of an engagement shows; raises `NotFound`."""
    row = find(session, key)
    words, people = notes(session, row.id), _people(session, row)
    stands = standing(session, row)
    told = history(session, row.id)
    return EngagementPage(
        engagement=rows_of(session, [row], today)[0],
        standing=stands,
        clock=clock_of(session, row, today),
        request_words=words.get(row.request_note_id or 0, ""),
        end_words=_end_words(row, told),
        contract_papers=files_of(session, "engagement", row.id),
        pauses=_pauses(session, row, words, people),
        deliveries=_deliveries(session, row, words, people),
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
    ids = {one.begun_by for one in row.pauses} | {one.delivered_by for one in row.deliveries}
    return accounts.people(session, ids)


def _pauses(
    session: Session, row: Engagement, words: Mapping[int, str], people: Mapping[int, str]
) -> tuple[PauseRow, ...]:
    return tuple(
        PauseRow(
            side=one.side,
            reason=words.get(one.note_id, ""),
            begins_at=one.begins_at,
            ends_at=one.ends_at,
            begun_by=people.get(one.begun_by, ""),
            papers=files_of(session, "engagement_pause", one.id),
        )
        for one in row.pauses
    )


def _deliveries(
    session: Session, row: Engagement, words: Mapping[int, str], people: Mapping[int, str]
) -> tuple[DeliveryRow, ...]:
    return tuple(
        DeliveryRow(
            version=one.version,
            words=one.body,
            delivered_at=one.delivered_at,
            delivered_by=people.get(one.delivered_by, ""),
            verdict=one.verdict,
            reason=words.get(one.note_id or 0, ""),
            answered_at=one.answered_at,
            papers=files_of(session, "engagement_delivery", one.id),
        )
        for one in reversed(row.deliveries)
    )


def _linked(session: Session, key: int | None) -> LinkedRow | None:
    if key is None:
        return None
    row = find(session, key)
    name = accounts.organisation(session, row.provider_id).name
    return LinkedRow(row.public_id, row.number, name)


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
