"""Which PDFs the market gave out of a version."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.contracts.models import ContractPrint


def given_at(session: Session, version_id: int, sha256: str) -> datetime | None:
    """When these bytes were first given out as the PDF of a version; None if they never were."""
    query = select(ContractPrint.given_at).where(
        ContractPrint.version_id == version_id, ContractPrint.sha256 == sha256
    )
    return session.scalar(query)
