"""The notice board at /notices, and the report of a fault."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import rule_title
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.openness import queries, services
from marketplace.openness.forms import FaultForm
from marketplace.openness.models import NoticeKind
from marketplace.openness.queries import NoticeFilter
from marketplace.web.context import reading_session
from marketplace.web.limits import limiter
from marketplace.web.submit import page, submit

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


@bp.route("/fault", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
def fault() -> ResponseReturnValue:
    """Report that something on the site does not work."""
    form = FaultForm(address=request.args.get("page", ""))

    def work(uow: UnitOfWork) -> str:
        services.report_fault(
            uow,
            address=form.address.data or "",
            words=form.words.data or "",
            contact=form.contact.data or "",
        )
        return url_for("portal.home")

    answer = submit(form, work, done=_("Thank you. Your report has been taken down."))
    return answer or page("openness/fault.html", form=form)


@bp.get("/<notice_id>")
def notice(notice_id: str) -> ResponseReturnValue:
    """One notice at its permanent address."""
    row = queries.notice(reading_session(), notice_id)
    return page("openness/notice.html", notice=row)
