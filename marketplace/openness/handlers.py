"""What becomes a public notice when it happens: every event whose news name one."""

from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Silent, news_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.openness.rules import NoticeKind
from marketplace.openness.services import publish_notice

# An application taken back before admission never was public and does not become so.
_WAS_PUBLIC = {"admitted", "suspended"}


def publish(uow: UnitOfWork, record: EventRecord) -> None:
    """Put the event on the notice board: what it is about, and from when or why it holds."""
    row, told = news_of(record.kind), record.payload
    if row is None or not isinstance(row.notice, str):
        return
    kind = NoticeKind(row.notice)
    if kind is NoticeKind.WITHDRAWAL and told["was"] not in _WAS_PUBLIC:
        return
    about = {f"{record.subject_kind}_id": record.subject_id}
    publish_notice(
        uow,
        about=record,
        kind=kind,
        listing_id=about.get("listing_id", told.get("listing_id")),
        competition_id=about.get("competition_id"),
        item_code=told.get("item_code", told.get("code", "")),
        rule_key=told.get("key", ""),
        cause=told.get("ground", told.get("cause", told.get("failure", ""))),
        effective=str(told.get("valid_from", told.get("year", ""))),
    )


HANDLERS = (Handler("notice-board", publish, lambda row: not isinstance(row.notice, Silent)),)
