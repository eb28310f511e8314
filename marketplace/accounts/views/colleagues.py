"""Colleagues: who acts for my organisation, with which roles; invitations and requests."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policy, queries, services
from marketplace.accounts.forms import AnswerForm, InviteForm, RolesForm
from marketplace.accounts.queries import MemberRow, OrganisationRow
from marketplace.accounts.views.blueprint import bp
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import ActForm
from marketplace.web.guard import for_roles, signed_in
from marketplace.web.submit import page, submit


@bp.get("/my/colleagues")
@signed_in
def colleagues() -> ResponseReturnValue:
    organisation_id = current_actor().organisation_id
    if organisation_id is None:
        flash(_("Register the organisation you act for first."), "info")
        return redirect(url_for(".add_organisation"))
    session = reading_session()
    return page(
        "accounts/colleagues.html",
        organisation=queries.organisation(session, organisation_id),
        members=queries.members_with(session, organisation_id),
        invitations=queries.open_invitations(session, organisation_id),
        requests=queries.waiting_requests(session, organisation_id),
        may_manage=policy.may_manage_colleagues(current_actor(), organisation_id),
        actor=current_actor(),
    )


@bp.route("/my/colleagues/invite", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    form.offer(current_actor().capacities)

    def work(uow: UnitOfWork) -> str:
        services.invite_colleague(uow, email=form.email.data, roles=form.roles.data)
        return url_for(".colleagues")

    done = _("The invitation is on its way.")
    return submit(form, work, done=done) or page("accounts/invite.html", form=form)


@bp.route("/my/colleagues/invitations/<invitation_id>/withdraw", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def withdraw_invitation(invitation_id: str) -> ResponseReturnValue:
    row = queries.invitation(reading_session(), invitation_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.withdraw_invitation(uow, invitation=invitation_id)
        return url_for(".colleagues")

    done = _("The invitation is withdrawn.")
    return submit(form, work, done=done) or page("accounts/withdraw.html", form=form, row=row)


def _managed(membership_id: str) -> tuple[OrganisationRow, MemberRow, str]:
    """The membership for its administrators and the operator, and the page to return to."""
    organisation, member = queries.member(reading_session(), membership_id)
    actor = current_actor()
    if actor.has(Role.SYSTEM_ADMIN) and not actor.acts_for(organisation.id):
        return organisation, member, url_for(".operator_organisation", key=organisation.public_id)
    if not policy.may_manage_colleagues(actor, organisation.id):
        raise NotFound
    return organisation, member, url_for(".colleagues")


@bp.route("/my/colleagues/<membership_id>/roles", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN, Role.SYSTEM_ADMIN)
def member_roles(membership_id: str) -> ResponseReturnValue:
    organisation, member, back = _managed(membership_id)
    form = RolesForm(data={"roles": list(member.roles)})
    form.offer(organisation.capacities)

    def work(uow: UnitOfWork) -> str:
        services.change_roles(uow, membership=membership_id, roles=form.roles.data)
        return back

    done = _("The roles are saved.")
    return submit(form, work, done=done) or page(
        "accounts/roles.html", form=form, member=member, organisation=organisation, back=back
    )


@bp.route("/my/colleagues/<membership_id>/end", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN, Role.SYSTEM_ADMIN)
def end_membership(membership_id: str) -> ResponseReturnValue:
    organisation, member, back = _managed(membership_id)
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.end_membership(uow, membership=membership_id, at=real_now())
        return back

    done = _("The membership has ended.")
    return submit(form, work, done=done) or page(
        "accounts/end_membership.html",
        form=form,
        member=member,
        organisation=organisation,
        back=back,
    )


@bp.route("/my/colleagues/requests/<request_id>", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def answer_request(request_id: str) -> ResponseReturnValue:
    row = queries.request_row(reading_session(), request_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    form = AnswerForm()
    form.offer(current_actor().capacities)

    def work(uow: UnitOfWork) -> str:
        if form.answer.data == "accept":
            services.accept_request(uow, request=request_id, roles=form.roles.data)
        else:
            services.refuse_request(uow, request=request_id, reason=form.reason.data)
        return url_for(".colleagues")

    done = _("Your answer is on its way.")
    return submit(form, work, done=done) or page("accounts/answer.html", form=form, row=row)
