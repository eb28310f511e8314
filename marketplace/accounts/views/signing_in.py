"""Sign in, the second factor, sign out, switch, forgotten passwords, locked accounts."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import login, passwords, queries, rules, services, tokens
from marketplace.accounts.forms import CodeForm, EmailForm, NewPasswordForm, SignInForm
from marketplace.accounts.rules import Stage
from marketplace.accounts.views.attempts import (
    blame,
    enter,
    own_session,
    try_code,
    try_password,
    wanted,
)
from marketplace.accounts.views.blueprint import bp, home
from marketplace.accounts.views.pictures import enrolment_picture
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import current_actor, reading_session, unit_of_work
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.submit import local_address, page, submit


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("120 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    target = local_address(request.args.get("next"), home())
    if current_actor().signed_in:
        return redirect(target)
    form = SignInForm()
    if form.is_submitted() and form.validate():
        try:
            opened = try_password(form.email.data, form.password.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if opened is not None:
                return enter(opened, target)
            blame(form, "password", "account.wrong_credentials")
    return page("accounts/sign_in.html", form=form, kept=request.args.get("kept") == "1")


@bp.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("120 per minute", methods=["POST"])
def code() -> ResponseReturnValue:
    row = login.live_session(Stage.CODE)
    if row is None:
        return redirect(url_for(".sign_in", next=wanted()))
    form = CodeForm()
    if form.is_submitted() and form.validate():
        target = wanted()
        try:
            opened = try_code(row, form.code.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if opened is not None:
                return enter(opened, target)
            blame(form, "code", "account.code_wrong")
    return page("accounts/code.html", form=form)


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    row = login.live_session(Stage.ENROL)
    if row is None:
        return redirect(url_for(".sign_in", next=wanted()))
    form = CodeForm()
    if form.is_submitted() and form.validate():
        with unit_of_work() as uow:
            opened = services.enrol_second_factor(
                uow,
                session_id=row.id,
                code=form.code.data,
                browser=login.browser(),
                at=real_now(),
            )
        if opened is not None:
            return enter(opened, url_for(".recovery_codes", next=wanted()))
        blame(form, "code", "account.code_wrong")
    picture = enrolment_picture(row.user_id, row.email)
    return page("accounts/enrol.html", form=form, picture=picture)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    row = login.known_session()
    if row is not None and row.live:
        with unit_of_work() as uow:
            services.end_session(uow, session_id=row.id, reason="signed_out", at=real_now())
    login.stop()
    flash(_("You are signed out."), "success")
    return redirect(url_for(".sign_in"), 303)


@bp.post("/switch")
@signed_in
def switch() -> ResponseReturnValue:
    row = own_session()
    with unit_of_work() as uow:
        services.switch_membership(
            uow, session_id=row.id, membership=request.form.get("membership", "")[:20]
        )
    return redirect(home(), 303)


@bp.route("/password", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    form = EmailForm()

    def work(uow: UnitOfWork) -> str:
        services.request_password_reset(uow, email=form.address())
        return url_for(".forgotten_sent")

    return submit(form, work) or page("accounts/forgotten.html", form=form)


@bp.get("/password/sent")
def forgotten_sent() -> ResponseReturnValue:
    return page("accounts/forgotten_sent.html")


@bp.route("/password/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    return _set_password("password", token, rules.RESET_SECONDS)


@bp.route("/password/first/<token>", methods=["GET", "POST"])
def first_password(token: str) -> ResponseReturnValue:
    return _set_password("first-password", token, rules.SET_PASSWORD_SECONDS)


def _set_password(purpose: str, token: str, seconds: int) -> ResponseReturnValue:
    key, stamp = tokens.read(purpose, token, max_age=seconds)
    row = queries.account(reading_session(), key)
    if request.method == "GET" and _is_spent(row.id, "password", stamp):
        raise tokens.LinkRefused("account.link_used")
    form = NewPasswordForm()

    def work(uow: UnitOfWork) -> str:
        services.set_password(
            uow,
            user=key,
            stamp=stamp,
            password_hash=passwords.hash_password(form.password.data),
            at=real_now(),
        )
        return url_for(".sign_in")

    done = _("Your new password is set. Please sign in with it.")
    return submit(form, work, done=done) or page("accounts/reset.html", form=form, email=row.email)


@bp.route("/unlock/<token>", methods=["GET", "POST"])
def unlock(token: str) -> ResponseReturnValue:
    key, stamp = tokens.read("unlock", token, max_age=rules.RESET_SECONDS)
    row = queries.account(reading_session(), key)
    if request.method == "GET" and _is_spent(row.id, "unlock", stamp):
        raise tokens.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.unlock_account(uow, user=key, stamp=stamp, browser=login.browser())
        return url_for(".sign_in")

    done = _("Your account is unlocked. Please sign in.")
    return submit(form, work, done=done) or page("accounts/unlock.html", form=form, email=row.email)


def _is_spent(user_id: int, purpose: str, stamp: str) -> bool:
    return queries.link_stamps(reading_session(), user_id)[purpose] != stamp
