"""The record of a work as it stood when somebody complained about it: taken once, never changed."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.complaints.models import ComplaintRecord
from marketplace.contracts.queries.reading import contract_in_force
from marketplace.engagements import queries as engagements
from marketplace.engagements.rules import Side, State
from marketplace.incidents import queries as incidents
from marketplace.incidents.rules import STANDING, IncidentState, Kind
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class AttachedPaper:
    """A paper by its name and its checksum; it stays with the work."""

    name: str
    sha256: str


@dataclass(frozen=True)
class AttachedIncident:
    """What one side noted, and what the other answered or did not."""

    kind: Kind
    state: IncidentState
    noted_side: Side
    noted_for: str
    since_on: date
    words: str
    noted_at: datetime
    answer_by: date
    answer: str
    answered_at: datetime | None
    late: bool
    papers: tuple[AttachedPaper, ...]
    # Not kept with the first complaints.
    asked_of: str = ""


@dataclass(frozen=True)
class AttachedContract:
    """The contract in force: which version of it, its amount, the checksum of its text."""

    number: str
    version: int
    amount_fen: int
    content_hash: str


@dataclass(frozen=True)
class AttachedRecord:
    """The work: who, its contract, its days, its state, and what came up."""

    number: str
    client: str
    provider: str
    state: State
    signed_on: date | None
    started_on: date | None
    due_on: date | None
    delivered_on: date | None
    accepted_on: date | None
    returns: int
    incidents: tuple[AttachedIncident, ...]
    # Not kept with the first complaints; None where none was in force either.
    contract: AttachedContract | None = None


def present_record(session: Session, engagement_id: int) -> AttachedRecord:
    """The record of a work as it stands now, without what was withdrawn."""
    row = engagements.engagement(session, engagement_id)
    found = incidents.of_engagement(session, engagement_id)
    return AttachedRecord(
        **_same(row, AttachedRecord),
        accepted_on=row.accepted_on,
        client=row.client_name,
        provider=row.provider_name,
        started_on=_day(row.started_at),
        delivered_on=_day(row.delivered_at),
        incidents=tuple(
            _attached(incidents.told(session, one)) for one in found if one.state in STANDING
        ),
        contract=_contract(session, engagement_id),
    )


def _contract(session: Session, engagement_id: int) -> AttachedContract | None:
    found = contract_in_force(session, engagement_id)
    return None if found is None else AttachedContract(**_same(found, AttachedContract))


def _same(row: object, into: type[Any]) -> dict[str, Any]:
    """What a row says under the names of what is kept of it."""
    names = {one.name for one in fields(into)}
    return {name: value for name, value in vars(row).items() if name in names}


def _day(at: datetime | None) -> date | None:
    return local_date(at) if at else None


def _attached(told: incidents.Told) -> AttachedIncident:
    row, papers = told.row, (*told.evidence, *told.answered_with)
    return AttachedIncident(
        **_same(row, AttachedIncident),
        noted_for=row.noted_for_name,
        asked_of=row.asked_of_name,
        papers=tuple(AttachedPaper(file.name, file.sha256) for file in papers),
    )


def written(record: AttachedRecord) -> str:
    """The record as it is kept."""
    return json.dumps(asdict(record), default=_plain, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def attached_record(session: Session, complaint_id: int) -> AttachedRecord | None:
    """What was attached to a complaint when it was filed; None where nothing was."""
    query = select(ComplaintRecord.content).where(ComplaintRecord.complaint_id == complaint_id)
    content = session.scalar(query)
    return None if content is None else _read(json.loads(content))


def _read(told: dict[str, Any]) -> AttachedRecord:
    contract = told.get("contract")
    days = ("signed_on", "started_on", "due_on", "delivered_on", "accepted_on")
    return AttachedRecord(
        **{
            **told,
            **{name: _date(told[name]) for name in days},
            "state": State(told["state"]),
            "contract": contract and AttachedContract(**contract),
            "incidents": tuple(_read_incident(one) for one in told["incidents"]),
        }
    )


def _read_incident(told: dict[str, Any]) -> AttachedIncident:
    return AttachedIncident(
        **{
            **told,
            "kind": Kind(told["kind"]),
            "state": IncidentState(told["state"]),
            "noted_side": Side(told["noted_side"]),
            "since_on": _date(told["since_on"]),
            "answer_by": _date(told["answer_by"]),
            "noted_at": _instant(told["noted_at"]),
            "answered_at": _instant(told["answered_at"]),
            "papers": tuple(AttachedPaper(**one) for one in told["papers"]),
        }
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
