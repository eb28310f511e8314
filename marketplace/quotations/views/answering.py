"""Pages of quotation rounds, the institution's side: what was asked, answer, decline."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.forms import region_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.quotations import policy
from marketplace.quotations.forms import AnswerForm, DeclineForm
from marketplace.quotations.queries import rounds
from marketplace.quotations.queries.rows import RequestRow
from marketplace.quotations.services import answering
from marketplace.quotations.views.blueprint import bp, today
from marketplace.web.context import current_actor, reading_session
from marketplace.web.guard import for_roles
from marketplace.web.submit import page as show_page
from marketplace.web.submit import submit

agent = for_roles(Role.INSTITUTION_AGENT)


def find_request(request_id: str) -> RequestRow:
    """What the own institution was asked; to others, competitors too, it does not exist."""
    if not is_public_id(request_id):
        raise NotFound
    row = rounds.find_request(reading_session(), request_id, today())
    if not policy.is_asked(current_actor(), row.standing):
        raise NotFound
    return row


def _address(request_id: str) -> str:
    return url_for(".show_request", request_id=request_id)


@bp.get("/quotations/requests/<request_id>")
@agent
def show_request(request_id: str) -> ResponseReturnValue:
    """What is asked, by when, and what my institution answered."""
    session, row = reading_session(), find_request(request_id)
    may = policy.may_answer(current_actor(), row.standing)
    return show_page(
        "quotations/request.html",
        page=rounds.request_page(session, row),
        row=row,
        region=region_text(row.round.project.region_code),
        may_answer=may,
    )


@bp.route("/quotations/requests/<request_id>/answer", methods=["GET", "POST"])
@agent
def answer(request_id: str) -> ResponseReturnValue:
    """Give a quotation, or a better one; the form begins with the last one."""
    row = find_request(request_id)
    last = row.answer
    form = AnswerForm(
        data={
            "price": last.price_fen,
            "days": last.days,
            "words": last.words,
            "conditions": last.conditions,
        }
        if last
        else None
    )

    def work(uow: UnitOfWork) -> str:
        answering.answer_request(
            uow,
            request=request_id,
            price_fen=form.price.parsed,
            days=form.days.parsed,
            words=form.words.data or "",
            conditions=form.conditions.data or "",
            papers=form.papers(),
        )
        return _address(request_id)

    done = submit(form, work, done=_("Your quotation is with the enterprise."))
    if done is not None:
        return done
    may = policy.may_answer(current_actor(), row.standing)
    if not may.allowed and not form.refused_code:
        return redirect(_address(request_id))
    return show_page("quotations/answer.html", form=form, row=row)


@bp.route("/quotations/requests/<request_id>/decline", methods=["GET", "POST"])
@agent
def decline(request_id: str) -> ResponseReturnValue:
    """Say that there will be no quotation."""
    row = find_request(request_id)
    form = DeclineForm()

    def work(uow: UnitOfWork) -> str:
        answering.decline_request(uow, request=request_id, reason=form.reason.data or "")
        return _address(request_id)

    done = submit(form, work, done=_("The enterprise is told that you do not quote."))
    if done is not None:
        return done
    may = policy.may_decline(current_actor(), row.standing)
    if not may.allowed and not form.refused_code:
        return redirect(_address(request_id))
    return show_page("quotations/decline.html", form=form, row=row)
