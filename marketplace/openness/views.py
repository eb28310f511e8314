"""The notice board at /notices, and the report of a fault."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import all_names
from marketplace.catalogue.wording import rule_title
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.openness import queries, services
from marketplace.openness.forms import FaultForm
from marketplace.web.context import reading_session
from marketplace.web.limits import limiter
from marketplace.web.listing import asked_of, chosen_filters, panel
from marketplace.web.submit import page, submit

bp = Blueprint("openness", __name__, url_prefix="/notices")
bp.add_app_template_filter(rule_title, "rule_title")


@bp.get("")
def notices() -> ResponseReturnValue:
    """Everything that became public, newest first; filters stand in the address."""
    session, asked = reading_session(), asked_of(queries.BOARD)
    listed = queries.BOARD.read(session, asked)
    return page(
        "openness/notices.html",
        listed=listed,
        groups=panel(queries.BOARD, asked, listed, offered={"item": all_names()}),
        chosen=chosen_filters(queries.BOARD, asked, url_for(".notices")),
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
