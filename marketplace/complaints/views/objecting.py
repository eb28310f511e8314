"""Objections to awards: the entrant's form, the supervisor's decision."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.competitions import queries as competitions
from marketplace.complaints import forms, policy
from marketplace.complaints.queries import objections
from marketplace.complaints.queries.objections import ObjectionPage
from marketplace.complaints.services import objections as services
from marketplace.complaints.views.pages import bp, known_id
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.acts import (
    Act,
    RecordPage,
    acts,
    decided_as,
    decisions,
    forms_of,
    proposed,
    reasoned,
)
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.forms import Form
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit
from marketplace.web.time_line import time_line

ACTS = acts(
    Act(
        "propose",
        form=forms.ProposeObjectionForm,
        run=decided_as(services.propose_objection, "objection"),
        may=policy.may_propose_objection,
        done=_l("The decision is proposed. Another person decides now."),
    ),
    Act(
        "send-back",
        form=forms.ReasonForm,
        run=reasoned(services.send_back_objection, "objection"),
        may=policy.may_decide_objection,
        done=_l("The proposal was sent back."),
    ),
    Act(
        "decide",
        form=forms.DecideForm,
        draft=proposed,
        run=decided_as(services.decide_objection, "objection"),
        may=policy.may_decide_objection,
        done=_l("The objection is decided, and those concerned are told."),
    ),
)


@bp.route("/competitions/<competition_id>/objection", methods=["GET", "POST"], endpoint="object")
@for_roles(Role.INSTITUTION_AGENT)
def object_to_award(competition_id: str) -> ResponseReturnValue:
    """Object to the award of a competition I took part in."""
    session, actor = reading_session(), current_actor()
    held = competitions.competition(session, known_id(competition_id))
    standing = objections.award_standing(session, held, actor.organisation_id or 0)
    if not standing.is_entrant:
        raise NotFound
    form = forms.ObjectionForm()

    def work(uow: UnitOfWork) -> str:
        ref = services.file_objection(uow, competition=competition_id, body=form.body.data or "")
        return url_for(".objection", objection_id=ref.public_id)

    done = submit(form, work, done=_("Your objection has been taken down; the award is held."))
    may = policy.may_object(actor, standing, local_date(request_time()))
    return done or page("complaints/object.html", form=form, competition=held, may=may)


def _load(objection_id: str) -> ObjectionPage:
    today = local_date(request_time())
    loaded = objections.page(reading_session(), known_id(objection_id), today)
    if not policy.may_see_objection(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def _show(loaded: ObjectionPage, act: str, form: Form | None) -> ResponseReturnValue:
    actor = current_actor()
    inside = policy.is_handler(actor, loaded.row.handler_id)
    return page(
        "complaints/objection.html",
        form=form,
        objection=loaded,
        forms=forms_of(ACTS, loaded, act, form),
        inside=inside,
        may=decisions(ACTS, actor, loaded.standing),
        entries=time_line(loaded.history, inside=inside),
    )


RecordPage(ACTS, _load, _show).serve(
    bp,
    "/objections/<objection_id>",
    endpoint="objection",
    act_endpoint="objection_act",
    guard=for_roles(Role.INSTITUTION_AGENT, Role.SUPERVISOR),
    act_guard=for_roles(Role.SUPERVISOR),
)
