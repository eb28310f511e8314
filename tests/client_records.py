"""What is counted of a client, as tests ask for it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.client_records.queries import records
from marketplace.client_records.queries.records import ClientRecord
from marketplace.client_records.rules import Figure, Share
from marketplace.kernel.times import SHANGHAI


def record_of(session: Session, organisation_id: int, now: datetime | None = None) -> ClientRecord:
    """Everything that is counted of a client, now or at an instant."""
    session.rollback()
    row = records.client_by_key(session, organisation_id)
    assert row is not None, "it never commissioned anything"
    return records.record_of(session, row, now or datetime.now(SHANGHAI))


def measured(
    session: Session, organisation_id: int, now: datetime | None = None
) -> Mapping[Figure, Share]:
    """The figures of which there is something to count."""
    return record_of(session, organisation_id, now).measured
