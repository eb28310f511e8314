"""The notice board at /notices."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import rule_title
from marketplace.openness import queries
from marketplace.openness.models import NoticeKind
from marketplace.openness.queries import NoticeFilter
from marketplace.web.context import reading_session
from marketplace.web.submit import page

bp = Blueprint("openness", __name__, url_prefix="/notices")
bp.add_app_template_filter(rule_title, "rule_title")


@bp.get("")
def notices() -> ResponseReturnValue:
    """Everything that became public, newest first; filters stand in the address."""
    session = reading_session()
    asked = NoticeFilter(
        kinds=tuple(request.args.getlist("kind")), items=tuple(request.args.getlist("item"))
    )
    return page(
        "openness/notices.html",
        board=queries.board(session, asked, page=request.args.get("page", 1, type=int)),
        asked=asked,
        kinds=list(NoticeKind),
        items=catalogue.items(session),
        list_name=catalogue.item_list(session),
    )


@bp.get("/<notice_id>")
def notice(notice_id: str) -> ResponseReturnValue:
    """One notice at its permanent address."""
    row = queries.notice(reading_session(), notice_id)
    return page("openness/notice.html", notice=row)
