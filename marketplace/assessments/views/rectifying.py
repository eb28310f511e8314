"""The way back: the institution's plan with its checklist and the application."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.assessments import queries, services
from marketplace.assessments.forms import ActForm, StepForm
from marketplace.assessments.rules import Step
from marketplace.assessments.views.blueprint import bp, known_id
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.vetting import queries as vetting
from marketplace.web.acts import any_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit

agent = for_roles(Role.INSTITUTION_AGENT)


@bp.get("/my/rectification/<listing_id>")
@agent
def rectify(listing_id: str) -> ResponseReturnValue:
    """Why the item was removed, what is to be put right, and how to come back."""
    return _render(_load(listing_id))


@bp.route("/my/rectification/<listing_id>/begin", methods=["POST"])
@agent
def begin_plan(listing_id: str) -> ResponseReturnValue:
    """Begin the plan."""
    loaded, form = _load(listing_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        services.begin_plan(uow, listing=listing_id)
        return url_for(".rectify", listing_id=listing_id)

    return submit(form, work, done=_("The plan is begun.")) or _render(loaded, form)


@bp.route(f"/my/rectification/<listing_id>/<{any_of(Step)}:step>", methods=["POST"])
@agent
def do_step(listing_id: str, step: str) -> ResponseReturnValue:
    """Say and show that a point of the checklist is done."""
    loaded, form = _load(listing_id), StepForm(prefix=f"{step}-")

    def work(uow: UnitOfWork) -> str:
        services.do_step(
            uow,
            listing=listing_id,
            code=Step(step),
            words=form.words.data or "",
            evidence=form.evidence.upload,
        )
        return url_for(".rectify", listing_id=listing_id)

    return submit(form, work, done=_("The point is done.")) or _render(loaded, form, step)


@bp.route("/my/rectification/<listing_id>/apply", methods=["POST"])
@agent
def apply_again(listing_id: str) -> ResponseReturnValue:
    """Apply for re-admission."""
    loaded, form = _load(listing_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        case = services.apply_for_readmission(uow, listing=listing_id)
        return url_for("vetting.application", case_id=case.public_id)

    said = _("Your application for re-admission is with the association.")
    return submit(form, work, done=said) or _render(loaded, form)


def _load(listing_id: str) -> ListingRow:
    row = institutions.listing(reading_session(), known_id(listing_id))
    if not current_actor().acts_for(row.organisation_id) or row.removed_at is None:
        raise NotFound
    return row


def _render(row: ListingRow, form: Form | None = None, step: str = "") -> ResponseReturnValue:
    session = reading_session()
    plan = queries.plan(session, row.id)
    forms: dict[str, Form] = {}
    for one in plan.steps if plan else ():
        if one.code == step and form is not None:
            forms[one.code] = form
        else:
            said = {"words": one.words}
            forms[one.code] = StepForm(prefix=f"{one.code}-", formdata=None, data=said)
    return page(
        "assessments/rectify.html",
        form=form,
        listing=row,
        plan=plan,
        removal=queries.removal_of(session, row.id),
        forms=forms,
        act_form=ActForm(formdata=None),
        too_early=row.readmission_from is not None
        and local_date(request_time()) < row.readmission_from,
        change=vetting.open_change(session, row.institution_id),
    )
