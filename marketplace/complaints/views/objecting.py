"""Objections to awards: the entrant's form, the supervisor's decision."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.competitions import queries as competitions
from marketplace.complaints import policy, queries, services
from marketplace.complaints.forms import (
    DecideForm,
    ObjectionForm,
    ProposeObjectionForm,
    ReasonForm,
)
from marketplace.complaints.policy import ObjectionStanding
from marketplace.complaints.views.blueprint import bp
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.web.acts import Act, answer, any_of, decisions, form_of, forms_of
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

entrants_only = for_roles(Role.INSTITUTION_AGENT)
concerned_only = for_roles(Role.INSTITUTION_AGENT, Role.SUPERVISOR)


ACTS: dict[str, Act[ObjectionStanding]] = {
    "propose": Act(
        ProposeObjectionForm,
        lambda uow, key, form: services.propose_objection(
            uow, objection=key, outcome=form.outcome.data or "", reason=form.reason.data or ""
        ),
        policy.may_propose_objection,
        _l("The decision is proposed. Another person decides now."),
    ),
    "send-back": Act(
        ReasonForm,
        lambda uow, key, form: services.send_back_objection(
            uow, objection=key, reason=form.reason.data or ""
        ),
        policy.may_decide_objection,
        _l("The proposal was sent back."),
    ),
    "decide": Act(
        DecideForm,
        lambda uow, key, form: services.decide_objection(
            uow, objection=key, outcome=form.outcome.data or "", reason=form.reason.data or ""
        ),
        policy.may_decide_objection,
        _l("The objection is decided, and those concerned are told."),
    ),
}


@bp.route("/competitions/<competition_id>/objection", methods=["GET", "POST"], endpoint="object")
@entrants_only
def object_to_award(competition_id: str) -> ResponseReturnValue:
    """Object to the award of a competition I took part in."""
    if not is_public_id(competition_id):
        raise NotFound
    session, actor = reading_session(), current_actor()
    held = competitions.competition(session, competition_id)
    standing = queries.award_standing(session, held, actor.organisation_id or 0)
    if not standing.is_entrant:
        raise NotFound
    form = ObjectionForm()

    def work(uow: UnitOfWork) -> str:
        ref = services.file_objection(uow, competition=competition_id, body=form.body.data or "")
        return url_for(".objection", objection_id=ref.public_id)

    done = submit(form, work, done=_("Your objection has been taken down; the award is held."))
    may = policy.may_object(actor, standing, local_date(request_time()))
    return done or page("complaints/object.html", form=form, competition=held, may=may)


@bp.get("/objections/<objection_id>")
@concerned_only
def objection(objection_id: str) -> ResponseReturnValue:
    """One objection, for the entrant who filed it and for whoever decides."""
    return _render(_load(objection_id))


@bp.route(f"/objections/<objection_id>/<{any_of(ACTS)}:act>", methods=["GET", "POST"])
@for_roles(Role.SUPERVISOR)
def objection_act(objection_id: str, act: str) -> ResponseReturnValue:
    """One act; opened without sending, it shows the objection with this form."""
    loaded, chosen = _load(objection_id), ACTS[act]
    form = form_of(act, chosen)
    back = url_for(".objection", objection_id=objection_id)
    done = answer(form, lambda uow: chosen.run(uow, objection_id, form), back, done=chosen.done)
    return done or _render(loaded, act, form)


def _load(objection_id: str) -> queries.ObjectionPage:
    if not is_public_id(objection_id):
        raise NotFound
    loaded = queries.objection_page(reading_session(), objection_id, local_date(request_time()))
    if not policy.may_see_objection(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _render(
    loaded: queries.ObjectionPage, act: str = "", form: Form | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    inside = policy.is_handler(actor, loaded.row.handler_id)
    proposed = {"outcome": loaded.proposed_outcome or "", "reason": loaded.proposed_reason}
    return page(
        "complaints/objection.html",
        form=form,
        objection=loaded,
        forms=forms_of(ACTS, act, form, {"decide": proposed}),
        inside=inside,
        may=decisions(ACTS, actor, loaded.standing),
        entries=time_line(loaded.history, inside=inside),
    )
