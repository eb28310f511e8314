"""The institution's side: its grades, its objections, the removal cases about it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.assessments import policy, queries, services
from marketplace.assessments.forms import ObjectionForm, ReplyForm
from marketplace.assessments.rules import PUBLIC_CYCLES
from marketplace.assessments.views import presenting
from marketplace.assessments.views.blueprint import bp, known_id
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

agent = for_roles(Role.INSTITUTION_AGENT)


@bp.get("/my/assessments")
@agent
def mine() -> ResponseReturnValue:
    """My grades per year, and the removal cases I was told of."""
    session, today = reading_session(), local_date(request_time())
    organisation_id = current_actor().organisation_id or 0
    return page(
        "assessments/mine.html",
        rows=queries.assessments_of(session, organisation_id),
        removals=queries.removal_cases_of(session, organisation_id, today),
    )


@bp.route("/my/assessments/<assessment_id>", methods=["GET", "POST"])
@agent
def my_sheet(assessment_id: str) -> ResponseReturnValue:
    """My sheet with its arithmetic; an objection while the grade is preliminary."""
    loaded = queries.sheet(reading_session(), known_id(assessment_id))
    actor, organisation_id = current_actor(), loaded.row.listing.organisation_id
    if loaded.cycle.state not in PUBLIC_CYCLES or not policy.is_assessed(actor, organisation_id):
        raise NotFound
    form = ObjectionForm()

    def work(uow: UnitOfWork) -> str:
        services.file_objection(uow, assessment=assessment_id, body=form.body.data or "")
        return url_for(".my_sheet", assessment_id=assessment_id)

    done = submit(form, work, done=_("Your objection is with the association."))
    may = policy.may_object(
        actor,
        loaded.cycle.standing,
        organisation_id,
        local_date(request_time()),
        open_already=loaded.row.open_objection,
    )
    return done or page(
        "assessments/my_sheet.html",
        form=form,
        sheet=loaded,
        bars=presenting.bars(loaded),
        may_object=may,
    )


@bp.route("/my/removals/<case_id>", methods=["GET", "POST"])
@agent
def my_removal(case_id: str) -> ResponseReturnValue:
    """A removal case about one of my listings; my reply while the time for it runs."""
    session, today = reading_session(), local_date(request_time())
    loaded = queries.removal_page(session, known_id(case_id), today)
    actor = current_actor()
    own = policy.is_assessed(actor, loaded.row.organisation_id)
    if not own or not policy.may_see_removal(actor, loaded.standing):
        raise NotFound
    form = ReplyForm()

    def work(uow: UnitOfWork) -> str:
        services.reply_removal(
            uow, case=case_id, body=form.body.data or "", evidence=form.evidence.upload
        )
        return url_for(".my_removal", case_id=case_id)

    done = submit(form, work, done=_("Your reply is with the association."))
    return done or page(
        "assessments/my_removal.html",
        form=form,
        case=loaded,
        may_reply=policy.may_reply(actor, loaded.standing),
        entries=time_line(loaded.history, inside=False),
    )
