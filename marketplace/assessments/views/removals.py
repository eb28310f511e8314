"""The association's side of removal cases: open, tell, hear, propose, decide."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.assessments import policy
from marketplace.assessments.forms import DecideForm, OpenRemovalForm, ProposeForm, ReasonForm
from marketplace.assessments.policy import JUDGES
from marketplace.assessments.queries import removals as queries
from marketplace.assessments.queries.removals import RemovalPage
from marketplace.assessments.services import removing
from marketplace.assessments.views.presenting import bp, known_id
from marketplace.clocks.queries import light_days
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.vetting.queries.standings import judge_of
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
from marketplace.web.listing import asked_of
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

judges = for_roles(*JUDGES)


ACTS = acts(
    Act(
        "notify",
        run=plain(removing.notify_removal, "case"),
        may=policy.may_notify,
        done=_l("The institution is told and has time to reply."),
    ),
    Act(
        "interim",
        form=ReasonForm,
        run=reasoned(removing.take_interim, "case"),
        may=policy.may_take_interim,
        done=_l("The listing is suspended until the decision."),
    ),
    Act(
        "propose",
        form=ProposeForm,
        run=decided_as(removing.propose_removal, "case"),
        may=policy.may_propose,
        done=_l("The decision is proposed. Another person decides now."),
    ),
    Act(
        "send-back",
        form=ReasonForm,
        run=reasoned(removing.send_back_removal, "case"),
        may=policy.may_decide,
        done=_l("The proposal was sent back."),
    ),
    Act(
        "decide",
        form=DecideForm,
        draft=proposed,
        run=decided_as(removing.decide_removal, "case"),
        may=policy.may_decide,
        done=_l("The case is decided, and the institution is told."),
    ),
)


@bp.get("/removals")
@judges
def removals() -> ResponseReturnValue:
    """The removal cases of my association, open ones first."""
    session, own = reading_session(), current_actor().organisation_id or 0
    days = light_days(session, local_date(request_time()), own=own)
    return page(
        "assessments/removals.html",
        listed=queries.HANDLED.read(session, asked_of(queries.HANDLED), days),
    )


@bp.route("/removals/new", methods=["GET", "POST"])
@judges
def new_removal() -> ResponseReturnValue:
    """Open a case about a listing that is mine to judge."""
    session = reading_session()
    listing = institutions.listing(session, known_id(request.args.get("listing", "")))
    judge_id = judge_of(session, listing.item_code, listing.region_code, listing.organisation_id)
    if not policy.is_judge(current_actor(), judge_id):
        raise NotFound
    form = OpenRemovalForm()

    def work(uow: UnitOfWork) -> str:
        ref = removing.open_removal_case(
            uow,
            listing=listing.id,
            cause=RemovalCause(form.cause.data or ""),
            facts=form.facts.data or "",
            evidence=form.evidence.upload,
        )
        return url_for(".removal", case_id=ref.public_id)

    done = submit(form, work, done=_("The case is open. Tell the institution next."))
    return done or page("assessments/new_removal.html", form=form, listing=listing)


def _load(case_id: str) -> RemovalPage:
    loaded = queries.removal_page(reading_session(), known_id(case_id), local_date(request_time()))
    if not policy.may_see_removal(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _show(loaded: RemovalPage, act: str, form: Form | None) -> ResponseReturnValue:
    actor = current_actor()
    return page(
        "assessments/removal.html",
        form=form,
        case=loaded,
        forms=forms_of(ACTS, loaded, act, form),
        may=decisions(ACTS, actor, loaded.standing),
        is_judge=policy.is_judge(actor, loaded.row.association_id),
        entries=time_line(loaded.history, inside=True),
    )


RecordPage(ACTS, _load, _show).serve(
    bp,
    "/removals/<case_id>",
    endpoint="removal",
    act_endpoint="removal_act",
    guard=judges,
    act_guard=judges,
)
