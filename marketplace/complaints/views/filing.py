"""The side of those who complain and of those complained about."""

from typing import TypeVar

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.clocks.queries import light_days
from marketplace.complaints import policy
from marketplace.complaints.forms import AnswerForm, ComplaintForm, PublicComplaintForm
from marketplace.complaints.queries import complaints, objections
from marketplace.complaints.queries.addressing import Subject, find_subject
from marketplace.complaints.queries.complaints import ComplaintPage
from marketplace.complaints.rules import About
from marketplace.complaints.services import complaints as services
from marketplace.complaints.services.complaints import Contact
from marketplace.complaints.views.pages import bp, known_id
from marketplace.infra.lists import Listed, PagedList
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.listing import asked_of
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

R = TypeVar("R")


def _asked() -> tuple[About, str, Subject]:
    """What the address says the complaint is about; raises `NotFound`."""
    for about in About:
        key = request.args.get(about.value, "")
        if is_public_id(key):
            found = find_subject(reading_session(), about, key, current_actor())
            return about, key, found
    raise NotFound


@bp.route("/complaints/new", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def new() -> ResponseReturnValue:
    """Complain about work, an institution or a competition; with or without an account.

    An address that names nothing leads to where each is found.
    """
    if request.method == "GET" and not any(about.value in request.args for about in About):
        return page("complaints/begin.html")
    about, key, found = _asked()
    actor = current_actor()
    form = ComplaintForm() if actor.signed_in else PublicComplaintForm()
    form.about_work(about is About.ENGAGEMENT)

    def work(uow: UnitOfWork) -> str:
        contact = None
        if isinstance(form, PublicComplaintForm):
            contact = Contact(form.name.data or "", form.reach.data or "")
        ref = services.file_complaint(
            uow,
            about=about,
            record=key,
            headline=form.headline.data or "",
            body=form.body.data or "",
            contact=contact,
            with_record="with_record" in form and form.with_record.data,
        )
        if actor.signed_in:
            return url_for(".show", complaint_id=ref.public_id)
        return url_for(".follow", code=ref.follow_code)

    done = submit(form, work, done=_("Your complaint has been taken down."))
    trail = complaints.trail_of(reading_session(), found)
    may = policy.may_file(actor, found.about_organisation_id, trail)
    return done or page("complaints/new.html", form=form, subject=found, may=may)


@bp.get("/complaints/follow/<code>")
@limiter.limit("60 per hour")
def follow(code: str) -> ResponseReturnValue:
    """What became of a complaint, for whoever holds its secret address."""
    session = reading_session()
    loaded = complaints.page(
        session, complaints.followed(session, code), local_date(request_time())
    )
    entries = time_line(loaded.history, inside=False)
    return page("complaints/follow.html", complaint=loaded, entries=entries)


@bp.get("/my/complaints")
@signed_in
def mine() -> ResponseReturnValue:
    """What my organisation complained about, and what others complained about it."""
    session, own = reading_session(), current_actor().organisation_id or 0
    days = light_days(session, local_date(request_time()), own=own)

    def read(described: PagedList[R], name: str) -> Listed[R]:
        return described.read(session, asked_of(described, page_name=name), days)

    return page(
        "complaints/mine.html",
        about=read(complaints.ABOUT, "about"),
        filed=read(complaints.FILED, "filed"),
        objections=read(objections.FILED, "objections"),
    )


@bp.get("/my/complaints/<complaint_id>")
@signed_in
def show(complaint_id: str) -> ResponseReturnValue:
    """One complaint as either side reads it."""
    return _render(complaint_id, AnswerForm())


@bp.route("/my/complaints/<complaint_id>/answer", methods=["POST"])
@signed_in
def answer(complaint_id: str) -> ResponseReturnValue:
    """The other side answers."""
    _load(complaint_id)
    form = AnswerForm()

    def work(uow: UnitOfWork) -> str:
        services.answer_complaint(uow, complaint=complaint_id, body=form.body.data or "")
        return url_for(".show", complaint_id=complaint_id)

    done = submit(form, work, done=_("Your answer is with whoever decides."))
    return done or _render(complaint_id, form)


def _load(complaint_id: str) -> ComplaintPage:
    today = local_date(request_time())
    loaded = complaints.page(reading_session(), known_id(complaint_id), today)
    if not policy.is_party(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _render(complaint_id: str, form: AnswerForm) -> ResponseReturnValue:
    loaded, actor = _load(complaint_id), current_actor()
    return page(
        "complaints/show.html",
        form=form,
        complaint=loaded,
        may_answer=policy.may_answer(actor, loaded.standing),
        is_about_us=actor.acts_for(loaded.row.about_organisation_id),
        entries=time_line(loaded.history, inside=False),
    )
