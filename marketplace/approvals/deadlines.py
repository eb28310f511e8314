"""What is done regularly: reading the change feed, forgetting old message ids."""

from datetime import datetime
from typing import Any

from marketplace.approvals import queries
from marketplace.approvals.services import incoming
from marketplace.approvals.services.calling import Unreachable, link
from marketplace.infra.database import reading_session
from marketplace.infra.logs import get_logger
from marketplace.infra.ticks import Opens
from marketplace.kernel import project_code

PIECE = 200
MOST_PIECES = 50

log = get_logger(__name__)


def read_feed(opens: Opens, _now: datetime) -> int:
    """Read on in the change feed; webhooks are quicker, but may get lost."""
    here, done = link(), 0
    if not here.client.is_set or here.fetching.wait():
        return 0
    with reading_session() as session:
        cursor = queries.feed_cursor(session)
    for _piece in range(MOST_PIECES):
        try:
            piece = [_change(one) for one in here.client.changes(cursor, PIECE)]
        except (Unreachable, ValueError) as error:
            log.warning("approvals.feed_failed", why=str(error))
            here.fetching.failed()
            break
        if not piece:
            break
        cursor = max(place for place, _code, _revision in piece)
        newest: dict[str, int] = {}
        for _place, code, revision in piece:
            newest[code] = max(revision, newest.get(code, 0))
        with opens() as uow:
            done += incoming.take_changes(uow, changes=newest, cursor=cursor)
        if len(piece) < PIECE:
            break
    return done


def _change(fields: Any) -> tuple[int, str, int]:
    """Cursor, code and revision of one change; raises ValueError where it makes no sense."""
    if not isinstance(fields, dict):
        raise ValueError("change")
    cursor, revision = fields.get("cursor"), fields.get("revision")
    code = project_code.parse(str(fields.get("code")))
    if not isinstance(cursor, int) or not isinstance(revision, int) or code is None:
        raise ValueError("change")
    return cursor, code.text, revision


def forget_messages(opens: Opens, now: datetime) -> int:
    """Forget the ids of messages that nobody sends again."""
    with opens() as uow:
        incoming.forget_messages(uow, now=now)
    return 0
