"""Publishing a notice; taking a report of a fault."""

from sqlalchemy import select

from marketplace.infra.numbers import next_number
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.openness.events import FaultReported, NoticePublished
from marketplace.openness.models import FaultReport, Notice
from marketplace.openness.rules import NoticeKind


def publish_notice(
    uow: UnitOfWork,
    *,
    about: EventRecord,
    kind: NoticeKind,
    listing_id: int | None = None,
    competition_id: int | None = None,
    item_code: str = "",
    rule_key: str = "",
    cause: str = "",
    effective: str = "",
) -> Notice | None:
    """Put an event on the notice board under the next number, once; None when it is there.

    `decided_at` is the event's instant, `published_at` the act's: the time between is public.
    """
    if uow.session.scalar(select(Notice.id).where(Notice.event_id == about.id)):
        return None
    notice = uow.add(
        Notice(
            number=next_number(uow.session, "GG", local_date(uow.now).year),
            kind=kind,
            event_id=about.id,
            listing_id=listing_id,
            competition_id=competition_id,
            item_code=item_code,
            rule_key=rule_key,
            cause=cause,
            effective=effective,
            decided_at=about.occurred_at,
            published_at=max(uow.now, about.occurred_at),
        )
    )
    uow.record(NoticePublished.of(notice, notice_kind=kind))
    return notice


def report_fault(uow: UnitOfWork, *, address: str, words: str, contact: str) -> FaultReport:
    """Keep what somebody could not do on the site; anyone may report."""
    report = uow.add(
        FaultReport(address=address, words=words, contact=contact, reported_at=uow.now)
    )
    uow.record(FaultReported(report.id))
    return report
