"""Who acts for my organisation: colleagues with their roles, programs with their tokens."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policy
from marketplace.accounts.forms import inside
from marketplace.accounts.queries import bearers, offers, parties
from marketplace.accounts.queries.bearers import ApiTokenRow
from marketplace.accounts.queries.leaving import held_by, successors
from marketplace.accounts.queries.rows import MemberRow, OrganisationRow
from marketplace.accounts.services import appointing, credentials, memberships
from marketplace.accounts.views.attempts import bp
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
        organisation=parties.organisation(session, organisation_id),
        members=parties.members_with(session, organisation_id),
        invitations=offers.open_invitations(session, organisation_id),
        requests=offers.waiting_requests(session, organisation_id),
        may_manage=policy.may_manage_colleagues(current_actor(), organisation_id),
        actor=current_actor(),
    )


@bp.route("/my/colleagues/invite", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def invite() -> ResponseReturnValue:
    form = inside.InviteForm()
    form.offer(current_actor().capacities)

    def work(uow: UnitOfWork) -> str:
        appointing.invite_colleague(uow, email=form.email.data, roles=form.roles.data)
        return url_for(".colleagues")

    done = _("The invitation is on its way.")
    return submit(form, work, done=done) or page("accounts/invite.html", form=form)


@bp.route("/my/colleagues/invitations/<invitation_id>/withdraw", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def withdraw_invitation(invitation_id: str) -> ResponseReturnValue:
    row = offers.invitation(reading_session(), invitation_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        appointing.withdraw_invitation(uow, invitation=invitation_id)
        return url_for(".colleagues")

    done = _("The invitation is withdrawn.")
    return submit(form, work, done=done) or page("accounts/withdraw.html", form=form, row=row)


def _managed(membership_id: str) -> tuple[OrganisationRow, MemberRow, str]:
    """The membership for its administrators and the operator, and the page to return to."""
    organisation, member = parties.member(reading_session(), membership_id)
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
    form = inside.RolesForm(data={"roles": list(member.roles)})
    form.offer(organisation.capacities)

    def work(uow: UnitOfWork) -> str:
        appointing.change_roles(uow, membership=membership_id, roles=form.roles.data)
        return back

    done = _("The roles are saved.")
    return submit(form, work, done=done) or page(
        "accounts/roles.html", form=form, member=member, organisation=organisation, back=back
    )


@bp.route("/my/colleagues/<membership_id>/end", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN, Role.SYSTEM_ADMIN)
def end_membership(membership_id: str) -> ResponseReturnValue:
    organisation, member, back = _managed(membership_id)
    session, form = reading_session(), inside.EndForm()
    form.offer(successors(session, member.user_id, organisation.id))

    def work(uow: UnitOfWork) -> str:
        successor = form.successor.data or ""
        appointing.end_membership(uow, membership=membership_id, at=real_now(), successor=successor)
        return back

    done = _("The membership has ended.")
    return submit(form, work, done=done) or page(
        "accounts/end_membership.html",
        form=form,
        held=held_by(session, member.user_id, organisation.id),
        member=member,
        organisation=organisation,
        back=back,
    )


@bp.route("/my/colleagues/requests/<request_id>", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def answer_request(request_id: str) -> ResponseReturnValue:
    row = offers.request_row(reading_session(), request_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    form = inside.AnswerForm()
    form.offer(current_actor().capacities)

    def work(uow: UnitOfWork) -> str:
        if form.answer.data == "accept":
            memberships.accept_request(uow, request=request_id, roles=form.roles.data)
        else:
            memberships.refuse_request(uow, request=request_id, reason=form.reason.data)
        return url_for(".colleagues")

    done = _("Your answer is on its way.")
    return submit(form, work, done=done) or page("accounts/answer.html", form=form, row=row)


@bp.get("/my/api-tokens")
@for_roles(Role.ORGANISATION_ADMIN)
def api_tokens() -> ResponseReturnValue:
    session, actor = reading_session(), current_actor()
    return page(
        "accounts/api_tokens.html",
        tokens=bearers.api_tokens(session, actor.organisation_id or 0),
        may_make=policy.may_make_tokens(actor),
        at=real_now(),
    )


@bp.route("/my/api-tokens/new", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def make_api_token() -> ResponseReturnValue:
    form, may = inside.TokenForm(), policy.may_make_tokens(current_actor())
    form.offer(current_actor().capacities)
    if not may.allowed:
        may.require()

    def work(uow: UnitOfWork) -> str:
        made = credentials.make_api_token(
            uow,
            purpose=form.purpose.data,
            scopes=form.scopes.data,
            days=int(form.days.data),
            at=real_now(),
        )
        return url_for(".api_token", token_id=made)

    return submit(form, work) or page("accounts/make_api_token.html", form=form)


def _shown(token_id: str) -> ApiTokenRow:
    actor = current_actor()
    row = bearers.api_token(reading_session(), token_id, membership_id=actor.membership_id)
    if not actor.acts_for(row.organisation_id):
        raise NotFound
    return row


@bp.route("/my/api-tokens/<token_id>", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def api_token(token_id: str) -> ResponseReturnValue:
    """One token; a POST says that it was copied, after which nobody reads it again."""
    row, form = _shown(token_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        credentials.forget_shown_token(uow, token=token_id)
        return url_for(".api_tokens")

    return submit(form, work) or page(
        "accounts/api_token.html", form=form, token=row, state=row.state(real_now())
    )


@bp.route("/my/api-tokens/<token_id>/revoke", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def revoke_api_token(token_id: str) -> ResponseReturnValue:
    row, form = _shown(token_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        credentials.revoke_api_token(uow, token=token_id, at=real_now())
        return url_for(".api_tokens")

    return submit(form, work, done=_("The token is revoked.")) or page(
        "accounts/revoke_api_token.html", form=form, token=row
    )
