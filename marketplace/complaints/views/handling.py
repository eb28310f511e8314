"""The handler's side: the queue, and a complaint with every act on it."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.catalogue.forms import item_name
from marketplace.clocks.queries import light_days
from marketplace.complaints import policy
from marketplace.complaints.forms import DecideForm, ProposeForm, ReasonForm, ReviewForm
from marketplace.complaints.policy import HANDLERS
from marketplace.complaints.queries import complaints, objections
from marketplace.complaints.queries.complaints import ComplaintPage, ComplaintRow
from marketplace.complaints.services import complaints as services
from marketplace.complaints.views.pages import bp, known_id
from marketplace.infra.lists import Asked
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.acts import (
    Act,
    RecordPage,
    acts,
    decided_as,
    decisions,
    forms_of,
    plain,
    proposed,
    reasoned,
)
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import Column, asked_of, workbook
from marketplace.web.sheets import local_day
from marketplace.web.submit import page
from marketplace.web.time_line import time_line
from marketplace.web.wording import label

handlers_only = for_roles(*HANDLERS)

ACTS = acts(
    Act(
        "accept",
        run=plain(services.accept_complaint, "complaint"),
        may=policy.may_accept,
        done=_("The complaint is taken up, and the other side is asked."),
    ),
    Act(
        "refuse",
        form=ReasonForm,
        run=reasoned(services.refuse_complaint, "complaint"),
        may=policy.may_accept,
        done=_("The complaint is not taken up; whoever filed it is told why."),
    ),
    Act(
        "propose",
        form=ProposeForm,
        run=decided_as(services.propose_decision, "complaint"),
        may=policy.may_propose,
        done=_("The decision is proposed. Another person decides now."),
    ),
    Act(
        "send-back",
        form=ReasonForm,
        run=reasoned(services.send_back_complaint, "complaint"),
        may=policy.may_decide,
        done=_("The proposal was sent back."),
    ),
    Act(
        "decide",
        form=DecideForm,
        draft=proposed,
        run=decided_as(services.decide_complaint, "complaint"),
        may=policy.may_decide,
        done=_("The complaint is decided, and both sides are told."),
    ),
    Act(
        "review",
        form=ReviewForm,
        run=decided_as(services.review_complaint, "complaint"),
        may=policy.may_review,
        done=_("The review is recorded, and both sides are told."),
    ),
)

COLUMNS: tuple[Column[ComplaintRow], ...] = (
    Column(_("Complaint"), 18, lambda row: row.number),
    Column(_("About"), 36, lambda row: row.about_name),
    Column(_("Item"), 36, lambda row: f"{row.item_code} {item_name(row.item_code)}".strip()),
    Column(_("Filed as"), 18, lambda row: label(f"filer.{row.filer}")),
    Column(_("State"), 18, lambda row: label(f"complaint_state.{row.state}")),
    Column(_("Light"), 12, lambda row: "" if row.light == "none" else label(f"light.{row.light}")),
    Column(_("Due day"), 14, lambda row: row.due_on),
    Column(_("Filed on"), 14, lambda row: local_day(row.filed_at)),
    Column(
        _("Outcome"),
        14,
        lambda row: label(f"complaint_outcome.{row.outcome}") if row.outcome else "",
    ),
)


@bp.get("/complaints")
@handlers_only
def queue() -> ResponseReturnValue:
    """The complaints I have to deal with, the most urgent first; whoever complained is not told."""
    actor, session = current_actor(), reading_session()
    days = light_days(session, local_date(request_time()), own=actor.organisation_id)
    handler_id = _whose(actor)
    within = complaints.handled_by(handler_id)
    answered = asked_of(complaints.ANSWERED, page_name="answered")
    return page(
        "complaints/queue.html",
        open=complaints.QUEUE.read(session, asked_of(complaints.QUEUE), days, within),
        answered=complaints.ANSWERED.read(session, answered, days, within),
        objections=objections.HANDLED.read(
            session, asked_of(objections.HANDLED, page_name="objections"), days
        ),
        everybody=handler_id is None,
        is_supervisor=actor.has(Role.SUPERVISOR),
    )


@bp.get("/complaints/export.xlsx")
@handlers_only
def export() -> ResponseReturnValue:
    """The same list as a workbook, open complaints first; whoever complained is not in it."""
    session, today = reading_session(), local_date(request_time())
    within = complaints.handled_by(_whose(current_actor()))
    rows = complaints.EVERY.stream(session, Asked(), light_days(session, today), within)
    return workbook(f"complaints-{today}", str(_("Complaints")), COLUMNS, rows)


def _whose(actor: Actor) -> int | None:
    """Whose complaints the address asks for; None, for the supervisor only, is everybody's."""
    if actor.has(Role.SUPERVISOR) and request.args.get("scope") == "all":
        return None
    return actor.organisation_id or 0


def _load(complaint_id: str) -> ComplaintPage:
    """The complaint; to those who do not deal with it, it does not exist."""
    today = local_date(request_time())
    loaded = complaints.page(reading_session(), known_id(complaint_id), today)
    if not policy.may_see(current_actor(), loaded.standing):
        raise NotFound
    if not policy.may_judge_sides(current_actor(), loaded.standing):
        # Who has a tie to one side does not read who filed it, or how they are reached.
        return loaded.without_filer()
    return loaded


def _show(loaded: ComplaintPage, act: str, form: Form | None) -> ResponseReturnValue:
    return page(
        "complaints/case.html",
        form=form,
        complaint=loaded,
        forms=forms_of(ACTS, loaded, act, form),
        may=decisions(ACTS, current_actor(), loaded.standing),
        entries=time_line(loaded.history, inside=True),
    )


RecordPage(ACTS, _load, _show).serve(
    bp, "/complaints/<complaint_id>", endpoint="case", act_endpoint="act", guard=handlers_only
)
