"""The handler's side: the queue, and a complaint with every act on it."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.complaints import policy, queries, services
from marketplace.complaints.export import workbook
from marketplace.complaints.forms import (
    ActForm,
    DecideForm,
    ProposeForm,
    ReasonForm,
    ReviewForm,
)
from marketplace.complaints.policy import HANDLERS, Standing
from marketplace.complaints.views.blueprint import bp
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.web.acts import Act, answer, any_of, decisions, form_of, forms_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.sheets import download
from marketplace.web.submit import page
from marketplace.web.time_line import time_line

handlers_only = for_roles(*HANDLERS)


ACTS: dict[str, Act[Standing]] = {
    "accept": Act(
        ActForm,
        lambda uow, key, _form: services.accept_complaint(uow, complaint=key),
        policy.may_accept,
        _("The complaint is taken up, and the other side is asked."),
    ),
    "refuse": Act(
        ReasonForm,
        lambda uow, key, form: services.refuse_complaint(
            uow, complaint=key, reason=form.reason.data or ""
        ),
        policy.may_accept,
        _("The complaint is not taken up; whoever filed it is told why."),
    ),
    "propose": Act(
        ProposeForm,
        lambda uow, key, form: services.propose_decision(
            uow, complaint=key, outcome=form.outcome.data or "", reason=form.reason.data or ""
        ),
        policy.may_propose,
        _("The decision is proposed. Another person decides now."),
    ),
    "send-back": Act(
        ReasonForm,
        lambda uow, key, form: services.send_back_complaint(
            uow, complaint=key, reason=form.reason.data or ""
        ),
        policy.may_decide,
        _("The proposal was sent back."),
    ),
    "decide": Act(
        DecideForm,
        lambda uow, key, form: services.decide_complaint(
            uow, complaint=key, outcome=form.outcome.data or "", reason=form.reason.data or ""
        ),
        policy.may_decide,
        _("The complaint is decided, and both sides are told."),
    ),
    "review": Act(
        ReviewForm,
        lambda uow, key, form: services.review_complaint(
            uow, complaint=key, outcome=form.outcome.data or "", reason=form.reason.data or ""
        ),
        policy.may_review,
        _("The review is recorded, and both sides are told."),
    ),
}


@bp.get("/complaints")
@handlers_only
def queue() -> ResponseReturnValue:
    """The complaints I have to deal with, the most urgent first."""
    actor, session, today = current_actor(), reading_session(), local_date(request_time())
    handler_id = _whose(actor)
    objections = queries.objections(session, today, handler_id=actor.organisation_id or 0)
    return page(
        "complaints/queue.html",
        rows=queries.queue(session, handler_id, today),
        answered=queries.queue(session, handler_id, today, closed=True),
        objections=objections,
        everybody=handler_id is None,
        is_supervisor=actor.has(Role.SUPERVISOR),
    )


@bp.get("/complaints/export.xlsx")
@handlers_only
def export() -> ResponseReturnValue:
    """The same list as a workbook, open complaints first."""
    actor, session, today = current_actor(), reading_session(), local_date(request_time())
    handler_id = _whose(actor)
    rows = (
        *queries.queue(session, handler_id, today),
        *queries.queue(session, handler_id, today, closed=True),
    )
    return download(workbook(rows), f"complaints-{today}")


def _whose(actor: Actor) -> int | None:
    """Whose complaints the address asks for; None, for the supervisor only, is everybody's."""
    if actor.has(Role.SUPERVISOR) and request.args.get("scope") == "all":
        return None
    return actor.organisation_id or 0


@bp.get("/complaints/<complaint_id>")
@handlers_only
def case(complaint_id: str) -> ResponseReturnValue:
    """A complaint on one page, with what can be done now."""
    return _render(_load(complaint_id))


@bp.route(f"/complaints/<complaint_id>/<{any_of(ACTS)}:act>", methods=["GET", "POST"])
@handlers_only
def act(complaint_id: str, act: str) -> ResponseReturnValue:
    """One act; opened without sending, it shows the complaint with this form."""
    loaded, chosen = _load(complaint_id), ACTS[act]
    form = form_of(act, chosen)
    back = url_for(".case", complaint_id=complaint_id)
    done = answer(form, lambda uow: chosen.run(uow, complaint_id, form), back, done=chosen.done)
    return done or _render(loaded, act, form)


def _load(complaint_id: str) -> queries.ComplaintPage:
    """The complaint; to those who do not deal with it, it does not exist."""
    if not is_public_id(complaint_id):
        raise NotFound
    loaded = queries.page(reading_session(), complaint_id, local_date(request_time()))
    if not policy.may_see(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _render(
    loaded: queries.ComplaintPage, act: str = "", form: Form | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    proposed = {"outcome": loaded.proposed_outcome or "", "reason": loaded.proposed_reason}
    return page(
        "complaints/case.html",
        form=form,
        complaint=loaded,
        forms=forms_of(ACTS, act, form, {"decide": proposed}),
        may=decisions(ACTS, actor, loaded.standing),
        entries=time_line(loaded.history, inside=True),
    )
