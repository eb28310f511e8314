"""Grades as everybody reads them; the institution's own: objections, removals, the way back."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.assessments import policy
from marketplace.assessments.forms import ObjectionForm, ReplyForm, StepForm
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.queries.removals import WayBack
from marketplace.assessments.rules import PUBLIC_CYCLES, Step
from marketplace.assessments.services import objecting, rectifying, removing
from marketplace.assessments.views import presenting
from marketplace.assessments.views.presenting import bp, known_id
from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.acts import Act, GoOn, RecordPage, acts, forms_of, plain
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.listing import asked_of
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line


@bp.get("/grades")
def published() -> ResponseReturnValue:
    """The years whose grades are public."""
    years = cycles.PUBLISHED.read(reading_session(), asked_of(cycles.PUBLISHED))
    return page("assessments/published.html", years=years)


@bp.get("/grades/<cycle_id>")
def published_cycle(cycle_id: str) -> ResponseReturnValue:
    """Every listing of a year with its points and its grade."""
    session = reading_session()
    loaded = cycles.cycle(session, known_id(cycle_id))
    if loaded.state not in PUBLIC_CYCLES:
        raise NotFound
    asked = Asked(page=asked_of(sheets.TABLE).page)
    listed = sheets.TABLE.read(session, asked, {"cycle": loaded.id})
    return page("assessments/published_cycle.html", cycle=loaded, listed=listed)


@bp.get("/grades/sheets/<assessment_id>")
def published_sheet(assessment_id: str) -> ResponseReturnValue:
    """One listing's parts with their arithmetic: anybody can reckon the score anew."""
    loaded = sheets.sheet(reading_session(), known_id(assessment_id), local_date(request_time()))
    if loaded.cycle.state not in PUBLIC_CYCLES:
        raise NotFound
    return page("assessments/published_sheet.html", sheet=loaded, bars=presenting.bars(loaded))


agent = for_roles(Role.INSTITUTION_AGENT)


@bp.get("/my/assessments")
@agent
def mine() -> ResponseReturnValue:
    """My grades per year, and the removal cases I was told of."""
    session, own = reading_session(), current_actor().organisation_id or 0
    days = light_days(session, local_date(request_time()), own=own)
    cases = asked_of(removals.TOLD, page_name="cases")
    return page(
        "assessments/mine.html",
        grades=sheets.OWN.read(session, asked_of(sheets.OWN), days),
        cases=removals.TOLD.read(session, cases, days),
    )


@bp.route("/my/assessments/<assessment_id>", methods=["GET", "POST"])
@agent
def my_sheet(assessment_id: str) -> ResponseReturnValue:
    """My sheet with its arithmetic; an objection while the grade is preliminary."""
    loaded = sheets.sheet(reading_session(), known_id(assessment_id), local_date(request_time()))
    actor, standing = current_actor(), loaded.standing
    own = policy.is_assessed(actor, standing.organisation_id)
    if standing.state not in PUBLIC_CYCLES or not own:
        raise NotFound
    form = ObjectionForm()

    def work(uow: UnitOfWork) -> str:
        objecting.file_objection(uow, assessment=assessment_id, body=form.body.data or "")
        return url_for(".my_sheet", assessment_id=assessment_id)

    done = submit(form, work, done=_("Your objection is with the association."))
    may = policy.may_object(actor, standing, local_date(request_time()))
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
    loaded = removals.removal_page(session, known_id(case_id), today)
    actor = current_actor()
    own = policy.is_assessed(actor, loaded.row.organisation_id)
    if not own or not policy.may_see_removal(actor, loaded.standing):
        raise NotFound
    form = ReplyForm()

    def work(uow: UnitOfWork) -> str:
        removing.reply_removal(
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


def _said(loaded: WayBack, code: Step) -> dict[str, str]:
    """What was said of a point already."""
    steps = loaded.plan.steps if loaded.plan else ()
    return {"words": next((one.words for one in steps if one.code == code), "")}


def _step(code: Step) -> Act[policy.PlanStanding]:
    """To say and show that a point of the checklist is done."""
    return Act(
        code.value,
        form=StepForm,
        draft=lambda loaded: _said(loaded, code),
        run=lambda uow, key, form: rectifying.do_step(
            uow,
            listing=key,
            code=code,
            words=form.words.data or "",
            evidence=form.evidence.upload,
        ),
        may=policy.may_rectify,
        done=_l("The point is done."),
    )


def _apply(uow: UnitOfWork, key: str, _form: Form) -> GoOn:
    case = rectifying.apply_for_readmission(uow, listing=key)
    return GoOn(url_for("vetting.application", case_id=case.public_id))


PLAN_ACTS = acts(
    Act(
        "begin",
        run=plain(rectifying.begin_plan, "listing"),
        may=policy.may_begin_plan,
        done=_l("The plan is begun."),
    ),
    *map(_step, Step),
    Act(
        "apply",
        run=_apply,
        may=policy.may_rectify,
        done=_l("Your application for re-admission is with the association."),
    ),
)


def _load(listing_id: str) -> WayBack:
    loaded = removals.way_back(reading_session(), known_id(listing_id))
    own = current_actor().acts_for(loaded.listing.organisation_id)
    if not own or loaded.listing.removed_at is None:
        raise NotFound
    return loaded


def _show(loaded: WayBack, act: str, form: Form | None) -> ResponseReturnValue:
    """Why the item was removed, what is to be put right, and how to come back."""
    row = loaded.listing
    first = row.readmission_from
    return page(
        "assessments/rectify.html",
        form=form,
        way=loaded,
        forms=forms_of(PLAN_ACTS, loaded, act, form),
        too_early=first is not None and local_date(request_time()) < first,
        change=vetting.open_change(reading_session(), row.institution_id),
    )


RecordPage(PLAN_ACTS, _load, _show).serve(
    bp,
    "/my/rectification/<listing_id>",
    endpoint="rectify",
    act_endpoint="rectify_act",
    guard=agent,
)
