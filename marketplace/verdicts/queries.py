"""Reading verdicts: those on the deliverables of a work, and how often they gave work back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.engagements.queries.facts import AcceptedWork, WorkFact, client_returns
from marketplace.infra.rows import row_of
from marketplace.verdicts import rules
from marketplace.verdicts.models import Verdict
from marketplace.verdicts.rules import Outcome, VerdictState

W = TypeVar("W", AcceptedWork, WorkFact)


@dataclass(frozen=True)
class VerdictRow:
    """A verdict as pages show it."""

    id: int
    public_id: str
    engagement_id: int
    version: int
    state: VerdictState
    since: datetime
    outcome: Outcome | None
    reasons: str
    score: int | None
    comment: str
    department_id: int | None
    department_name: str
    decided_at: datetime | None
    received_at: datetime | None
    replaces_id: int | None
    given_back_at: datetime | None
    rework_days: int | None


ROW = row_of(VerdictRow, Verdict)


def place_of(one: Verdict) -> tuple[int, str]:
    """The place of a decided verdict among those on the same version."""
    return (one.sequence or 0, one.message_id or "")


def verdicts_on(session: Session, engagement_id: int, version: int) -> Sequence[Verdict]:
    """The verdicts on a version, the oldest first."""
    query = select(Verdict).where(
        Verdict.engagement_id == engagement_id, Verdict.version == version
    )
    return sorted(session.scalars(query).all(), key=place_of)


def is_known(session: Session, message_id: str) -> bool:
    """Whether this message was taken in."""
    query = select(Verdict.id).where(Verdict.message_id == message_id)
    return session.scalar(query) is not None


def given_back_before(session: Session, engagement_id: int, version: int) -> Verdict | None:
    """The last verdict on an earlier version that gave the work back and still counts."""
    query = select(Verdict).where(
        Verdict.engagement_id == engagement_id,
        Verdict.version < version,
        Verdict.state == VerdictState.RETURNED,
        Verdict.given_back_at.is_not(None),
    )
    return session.scalars(query.order_by(Verdict.version.desc()).limit(1)).one_or_none()


def verdicts_of(session: Session, engagement_id: int) -> tuple[VerdictRow, ...]:
    """All verdicts on the deliverables of a work, by version, the newest of each first."""
    query = ROW.query().where(Verdict.engagement_id == engagement_id)
    return ROW.all(
        session, query.order_by(Verdict.version, Verdict.sequence.desc(), Verdict.message_id.desc())
    )


def returned_versions(
    session: Session, engagement_ids: Collection[int]
) -> Mapping[int, Mapping[int, int | None]]:
    """The versions that a counting verdict returned, of each work, with the department."""
    query = select(Verdict.engagement_id, Verdict.version, Verdict.department_id).where(
        Verdict.engagement_id.in_(list(engagement_ids)), Verdict.state == VerdictState.RETURNED
    )
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    for key, version, department in session.execute(query):
        found[key][version] = department
    return found


def counted(session: Session, works: Mapping[int, Sequence[W]]) -> dict[int, list[W]]:
    """Accepted works, by listing, with the returns by verdicts added to those by the client.

    Where the client is the department, a version that both returned counts once.
    """
    ids = [one.engagement_id for some in works.values() for one in some]
    verdicts = returned_versions(session, ids) if ids else {}
    clients = client_returns(session, verdicts.keys()) if verdicts else {}

    def returns(one: W) -> int:
        found, client = verdicts.get(one.engagement_id, {}), clients.get(one.engagement_id)
        if client is None:
            return one.returns
        same = client.client_id in found.values()
        return rules.times_returned(one.returns, client.versions, found, same=same)

    return {
        key: [replace(one, returns=returns(one)) for one in some] for key, some in works.items()
    }
