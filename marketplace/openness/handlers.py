"""What becomes a public notice when it happens."""

from marketplace.assessments.events import CycleFinal, PreliminaryPublished
from marketplace.catalogue.events import (
    CalendarImported,
    ItemVersionInForce,
    RulebookEntryAdded,
)
from marketplace.competitions.events import (
    AwardPublished,
    CompetitionCancelled,
    CompetitionFailed,
    CompetitionPublished,
)
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.events import (
    ListingAdmitted,
    ListingReadmitted,
    ListingReinstated,
    ListingRemoved,
    ListingSuspended,
    ListingWithdrawn,
)
from marketplace.openness.models import NoticeKind
from marketplace.openness.services import publish_notice

_LISTING_NOTICES = {
    ListingAdmitted.KIND: NoticeKind.ADMISSION,
    ListingSuspended.KIND: NoticeKind.SUSPENSION,
    ListingReinstated.KIND: NoticeKind.REINSTATEMENT,
    ListingWithdrawn.KIND: NoticeKind.WITHDRAWAL,
    ListingRemoved.KIND: NoticeKind.REMOVAL,
    ListingReadmitted.KIND: NoticeKind.READMISSION,
}
_COMPETITION_NOTICES = {
    CompetitionPublished.KIND: NoticeKind.COMPETITION,
    AwardPublished.KIND: NoticeKind.AWARD,
    CompetitionFailed.KIND: NoticeKind.COMPETITION_FAILURE,
    CompetitionCancelled.KIND: NoticeKind.COMPETITION_CANCELLED,
}
# An application taken back before admission never was public and does not become so.
_WAS_PUBLIC = {"admitted", "suspended"}


def publish_listing_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """Admission, suspension, its end, exit, removal and return of a listing are public."""
    kind = _LISTING_NOTICES[record.kind]
    if kind is NoticeKind.WITHDRAWAL and record.payload["was"] not in _WAS_PUBLIC:
        return
    publish_notice(
        uow,
        about=record,
        kind=kind,
        listing_id=record.subject_id,
        item_code=record.payload["item_code"],
        cause=record.payload.get("ground", record.payload.get("cause", "")),
    )


def publish_item_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """A change of a listed item is public at once."""
    publish_notice(
        uow,
        about=record,
        kind=NoticeKind.ITEM_CHANGE,
        item_code=record.payload["code"],
        effective=record.payload["valid_from"],
    )


def publish_rule_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """A new value of a rule is public at once."""
    publish_notice(
        uow,
        about=record,
        kind=NoticeKind.RULE_CHANGE,
        rule_key=record.payload["key"],
        effective=record.payload["valid_from"],
    )


def publish_calendar_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """A changed working calendar is public at once: it moves due dates."""
    publish_notice(
        uow,
        about=record,
        kind=NoticeKind.CALENDAR_CHANGE,
        effective=str(record.payload["year"]),
    )


def publish_competition_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """A competition, its award, its failure and its cancellation are public at once."""
    publish_notice(
        uow,
        about=record,
        kind=_COMPETITION_NOTICES[record.kind],
        competition_id=record.subject_id,
        listing_id=record.payload.get("listing_id"),
        item_code=record.payload["item_code"],
        cause=record.payload.get("failure", ""),
    )


def publish_grades_notice(uow: UnitOfWork, record: EventRecord) -> None:
    """The grades of a year are public, first as preliminary ones, then as final ones."""
    final = record.kind == CycleFinal.KIND
    publish_notice(
        uow,
        about=record,
        kind=NoticeKind.GRADES_FINAL if final else NoticeKind.GRADES_PRELIMINARY,
        effective=str(record.payload["year"]),
    )


HANDLERS = (
    Handler(
        "notice-board",
        publish_listing_notice,
        (
            ListingAdmitted,
            ListingSuspended,
            ListingReinstated,
            ListingWithdrawn,
            ListingRemoved,
            ListingReadmitted,
        ),
    ),
    Handler("notice-board", publish_item_notice, (ItemVersionInForce,)),
    Handler("notice-board", publish_rule_notice, (RulebookEntryAdded,)),
    Handler("notice-board", publish_calendar_notice, (CalendarImported,)),
    Handler(
        "notice-board",
        publish_competition_notice,
        (CompetitionPublished, AwardPublished, CompetitionFailed, CompetitionCancelled),
    ),
    Handler("notice-board", publish_grades_notice, (PreliminaryPublished, CycleFinal)),
)
