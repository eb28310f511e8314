"""My account: details, e-mail, password, second factor, sessions, requests, authorisation."""

from collections.abc import Callable

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import policy, rules
from marketplace.accounts.forms import inside
from marketplace.accounts.forms.way_in import CodeForm
from marketplace.accounts.queries import bearers, offers, parties
from marketplace.accounts.queries.rows import SessionRow
from marketplace.accounts.services import appointing, credentials, memberships, proofs, signing_in
from marketplace.accounts.services import sessions as session_services
from marketplace.accounts.views import identity
from marketplace.accounts.views.attempts import (
    blame,
    bp,
    confirm,
    counted,
    enrolment_picture,
    enter,
    home,
    own_session,
    proves_password,
)
from marketplace.infra.clock import real_now
from marketplace.infra.files import files_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, reading_session, unit_of_work
from marketplace.web.forms import ActForm, Form
from marketplace.web.guard import signed_in
from marketplace.web.submit import answered_before, local_address, page, submit


@bp.get("/my/account")
@signed_in
def profile() -> ResponseReturnValue:
    row = own_session()
    return page(
        "accounts/profile.html",
        account=parties.account(reading_session(), row.user_id),
        memberships=parties.memberships_of(reading_session(), row.user_id),
        requests=offers.my_requests(reading_session(), row.user_id),
        actor=current_actor(),
    )


@bp.route("/my/account/details", methods=["GET", "POST"])
@signed_in
def details() -> ResponseReturnValue:
    form = inside.DetailsForm(obj=parties.account(reading_session(), own_session().user_id))

    def work(uow: UnitOfWork) -> str:
        credentials.change_details(
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
    form = inside.PasswordForm()
    row = own_session()
    form.known = parties.known_of(reading_session(), row.user_id)

    def work(uow: UnitOfWork) -> str:
        credentials.change_password(
            uow,
            password_hash=proofs.hash_password(form.password.data),
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
    form = inside.ChangeEmailForm()

    def work(uow: UnitOfWork) -> str:
        credentials.request_email_change(uow, email=form.email.data)
        return url_for(".profile")

    done = _("We have mailed a link to the new address. Open it within an hour.")
    answer = submit(form, work, done=done) if _knows_password(form) else None
    return answer or page("accounts/email.html", form=form)


@bp.route("/my/account/email/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    key, stamp = proofs.read("email", token, max_age=rules.RESET_SECONDS)
    account = parties.account(reading_session(), key)
    stamps = parties.link_stamps(reading_session(), account.id)
    if request.method == "GET" and (not account.pending_email or stamps["email"] != stamp):
        raise proofs.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        credentials.confirm_email_change(uow, user=key, stamp=stamp)
        return url_for(".profile")

    done = _("Your new e-mail address is confirmed. You sign in with it from now on.")
    return submit(form, work, done=done) or page(
        "accounts/confirm_email.html", form=form, account=account
    )


@bp.get("/my/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    row = own_session()
    rows = bearers.my_sessions(reading_session(), row.user_id, current=row.id, at=real_now())
    return page("accounts/sessions.html", rows=rows, form=ActForm())


@bp.post("/my/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    def work(uow: UnitOfWork) -> str:
        session_services.end_my_session(uow, session=session_id, at=real_now())
        return url_for(".sessions")

    done = _("The session has ended.")
    return submit(ActForm(), work, done=done) or redirect(url_for(".sessions"), 303)


@bp.get("/my/requests")
@signed_in
def my_requests() -> ResponseReturnValue:
    rows = offers.my_requests(reading_session(), own_session().user_id)
    return page("accounts/my_requests.html", rows=rows)


@bp.route("/my/requests/<request_id>/dispute", methods=["GET", "POST"])
@signed_in
def dispute(request_id: str) -> ResponseReturnValue:
    row = offers.request_row(reading_session(), request_id)
    if row.user_id != current_actor().user_id:
        raise NotFound
    form = inside.DisputeForm()

    def work(uow: UnitOfWork) -> str:
        memberships.dispute_request(uow, request=request_id, grounds=form.grounds.data)
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
    form = inside.LetterForm()

    def work(uow: UnitOfWork) -> str:
        if form.letter.upload is not None:
            appointing.file_authorisation_letter(uow, **vars(form.letter.upload))
        return url_for(".authorisation")

    done = _("The letter is handed in. The operator reads it and tells you.")
    return submit(form, work, done=done) or page(
        "accounts/authorisation.html",
        form=form,
        organisation=parties.organisation(reading_session(), actor.organisation_id),
        files=files_of(
            reading_session(), "organisation", actor.organisation_id, appointing.LETTER_KIND
        ),
    )


@bp.get("/my/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    row = own_session()
    account = parties.account(reading_session(), row.user_id)
    return page(
        "accounts/second_factor.html",
        account=account,
        may_drop=_may_drop(row),
        form=ActForm(),
        back=local_address(request.args.get("next"), ""),
    )


def _may_drop(row: SessionRow) -> Decision:
    memberships = parties.memberships_of(reading_session(), row.user_id)
    return policy.may_drop_second_factor(
        {capacity for each in memberships for capacity in each.capacities}
    )


@bp.post("/my/second-factor/begin")
@signed_in
def begin_second_factor() -> ResponseReturnValue:
    back = local_address(request.args.get("next"), "")

    def work(uow: UnitOfWork) -> str:
        session_services.begin_second_factor(uow)
        return url_for(".confirm_second_factor", next=back or None)

    return submit(ActForm(), work) or redirect(url_for(".second_factor", next=back or None), 303)


@bp.route("/my/second-factor/confirm", methods=["GET", "POST"])
@signed_in
def confirm_second_factor() -> ResponseReturnValue:
    row = own_session()
    picture = enrolment_picture(row.user_id, row.email)
    if picture is None:
        return redirect(url_for(".second_factor"))
    # Whoever sees the secret can enrol a telephone of their own.
    policy.may_secure_own_account(current_actor()).require()
    form = CodeForm()
    if form.is_submitted() and form.validate():
        with unit_of_work() as uow:
            opened = signing_in.enrol_second_factor(
                uow,
                session_id=row.id,
                code=form.one_time_code.data,
                browser=identity.browser(),
                at=real_now(),
            )
        if opened is not None:
            return enter(opened, url_for(".recovery_codes", next=request.args.get("next")))
        blame(form, "one_time_code", "account.code_wrong")
    return page("accounts/enrol.html", form=form, picture=picture)


@bp.route("/my/second-factor/recovery-codes", methods=["GET", "POST"])
@signed_in
def recovery_codes() -> ResponseReturnValue:
    row = own_session()
    target = local_address(request.args.get("next"), url_for(".second_factor"))
    codes = bearers.codes_to_show(reading_session(), row.id)
    if not codes:
        return redirect(target)

    def work(uow: UnitOfWork) -> str:
        session_services.forget_shown_once(uow, session_id=row.id)
        return target

    form = ActForm()
    return submit(form, work) or page("accounts/recovery_codes.html", form=form, codes=codes)


@bp.route("/my/second-factor/renew", methods=["GET", "POST"])
@signed_in
def renew_codes() -> ResponseReturnValue:
    row = own_session()

    def work(uow: UnitOfWork, code: str) -> bool:
        return session_services.renew_recovery_codes(
            uow, session_id=row.id, code=code, at=real_now()
        )

    return _by_code(row, work, "accounts/renew_codes.html", url_for(".recovery_codes"))


@bp.route("/my/second-factor/remove", methods=["GET", "POST"])
@signed_in
def remove_second_factor() -> ResponseReturnValue:
    row = own_session()
    _may_drop(row).require()

    def work(uow: UnitOfWork, code: str) -> bool:
        return session_services.drop_second_factor(uow, code=code, at=real_now())

    return _by_code(row, work, "accounts/remove_second_factor.html", home())


def _by_code(
    row: SessionRow, work: Callable[[UnitOfWork, str], bool], template: str, target: str
) -> ResponseReturnValue:
    """An act that a right code permits; wrong ones count as failed sign-ins."""
    form = CodeForm()

    def check() -> bool | None:
        with unit_of_work() as uow:
            if not work(uow, form.one_time_code.data):
                return None
            confirm(uow, row.email)
        return True

    if form.is_submitted() and form.validate():
        try:
            if counted(row.email, check):
                return redirect(target, 303)
            blame(form, "one_time_code", "account.code_wrong")
        except Refused as refusal:
            form.refuse(refusal)
    return page(template, form=form)
