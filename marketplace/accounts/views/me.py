"""My account: details, e-mail, password, second factor, sessions, requests, authorisation."""

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import passwords, queries, rules, services, tokens
from marketplace.accounts.forms import (
    ChangeEmailForm,
    DetailsForm,
    DisputeForm,
    LetterForm,
    PasswordForm,
)
from marketplace.accounts.views.attempts import blame, own_session, proves_password
from marketplace.accounts.views.blueprint import bp
from marketplace.infra.clock import real_now
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, reading_session
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import answered_before, page, submit


@bp.get("/my/account")
@signed_in
def profile() -> ResponseReturnValue:
    row = own_session()
    return page(
        "accounts/profile.html",
        account=queries.account(reading_session(), row.user_id),
        memberships=queries.memberships_of(reading_session(), row.user_id),
        requests=queries.my_requests(reading_session(), row.user_id),
        actor=current_actor(),
    )


@bp.route("/my/account/details", methods=["GET", "POST"])
@signed_in
def details() -> ResponseReturnValue:
    form = DetailsForm(obj=queries.account(reading_session(), own_session().user_id))

    def work(uow: UnitOfWork) -> str:
        services.change_details(
            uow, name=form.name.data, mobile=form.mobile.data, locale=form.locale.data
        )
        session["lang"] = form.locale.data
        return url_for(".profile")

    done = _("Your details are saved.")
    return submit(form, work, done=done) or page("accounts/details.html", form=form)


def _knows_password(form: Form) -> bool:
    """Whether a submitted, valid form carries the present password; says so beside the field."""
    if not form.is_submitted():
        return False
    if answered_before(form):
        return True
    if not form.validate():
        return False
    try:
        if proves_password(own_session(), form["present_password"].data):
            return True
        blame(form, "present_password", "account.password_wrong")
    except Refused as refusal:
        form.refuse(refusal)
    return False


@bp.route("/my/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    row = own_session()

    def work(uow: UnitOfWork) -> str:
        services.change_password(
            uow,
            password_hash=passwords.hash_password(form.password.data),
            keep_session=row.id,
            at=real_now(),
        )
        return url_for(".profile")

    done = _("Your password is changed. All your other sessions have ended.")
    answer = submit(form, work, done=done) if _knows_password(form) else None
    return answer or page("accounts/password.html", form=form)


@bp.route("/my/account/email", methods=["GET", "POST"])
@signed_in
def change_email() -> ResponseReturnValue:
    form = ChangeEmailForm()

    def work(uow: UnitOfWork) -> str:
        services.request_email_change(uow, email=form.email.data)
        return url_for(".profile")

    done = _("We have mailed a link to the new address. Open it within an hour.")
    answer = submit(form, work, done=done) if _knows_password(form) else None
    return answer or page("accounts/email.html", form=form)


@bp.route("/my/account/email/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    key, stamp = tokens.read("email", token, max_age=rules.RESET_SECONDS)
    account = queries.account(reading_session(), key)
    stamps = queries.link_stamps(reading_session(), account.id)
    if request.method == "GET" and (not account.pending_email or stamps["email"] != stamp):
        raise tokens.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.confirm_email_change(uow, user=key, stamp=stamp)
        return url_for(".profile")

    done = _("Your new e-mail address is confirmed. You sign in with it from now on.")
    return submit(form, work, done=done) or page(
        "accounts/confirm_email.html", form=form, account=account
    )


@bp.get("/my/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    row = own_session()
    rows = queries.my_sessions(reading_session(), row.user_id, current=row.id, at=real_now())
    return page("accounts/sessions.html", rows=rows, form=ActForm())


@bp.post("/my/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    def work(uow: UnitOfWork) -> str:
        services.end_my_session(uow, session=session_id, at=real_now())
        return url_for(".sessions")

    done = _("The session has ended.")
    return submit(ActForm(), work, done=done) or redirect(url_for(".sessions"), 303)


@bp.get("/my/requests")
@signed_in
def my_requests() -> ResponseReturnValue:
    rows = queries.my_requests(reading_session(), own_session().user_id)
    return page("accounts/my_requests.html", rows=rows)


@bp.route("/my/requests/<request_id>/dispute", methods=["GET", "POST"])
@signed_in
def dispute(request_id: str) -> ResponseReturnValue:
    row = queries.request_row(reading_session(), request_id)
    if row.user_id != current_actor().user_id:
        raise NotFound
    form = DisputeForm()

    def work(uow: UnitOfWork) -> str:
        services.dispute_request(uow, request=request_id, grounds=form.grounds.data)
        return url_for(".my_requests")

    done = _("The operator will decide and tell both sides.")
    return submit(form, work, done=done) or page("accounts/dispute.html", form=form, row=row)


@bp.route("/my/authorisation", methods=["GET", "POST"])
@signed_in
def authorisation() -> ResponseReturnValue:
    actor = current_actor()
    if actor.organisation_id is None:
        flash(_("Register the organisation you act for first."), "info")
        return redirect(url_for(".add_organisation"))
    form = LetterForm()

    def work(uow: UnitOfWork) -> str:
        if form.letter.upload is not None:
            services.file_authorisation_letter(uow, **vars(form.letter.upload))
        return url_for(".authorisation")

    done = _("The letter is handed in. The operator reads it and tells you.")
    return submit(form, work, done=done) or page(
        "accounts/authorisation.html",
        form=form,
        organisation=queries.organisation(reading_session(), actor.organisation_id),
        files=files_of(
            reading_session(), "organisation", actor.organisation_id, services.LETTER_KIND
        ),
    )
