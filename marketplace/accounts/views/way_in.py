"""Register, confirm, accept an invitation; sign in, sign out, switch; forgotten passwords."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import rules
from marketplace.accounts.forms import way_in
from marketplace.accounts.queries import offers, parties
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import (
    appointing,
    credentials,
    proofs,
    registering,
    sessions,
    signing_in,
)
from marketplace.accounts.views import identity
from marketplace.accounts.views.attempts import (
    blame,
    bp,
    enrolment_picture,
    enter,
    home,
    own_session,
    try_code,
    try_password,
    wanted,
)
from marketplace.catalogue.forms import region_text
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, language, reading_session, unit_of_work
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.submit import local_address, page, submit


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def register() -> ResponseReturnValue:
    if current_actor().signed_in:
        return redirect(url_for(".add_organisation"))
    form = way_in.RegisterForm()

    def work(uow: UnitOfWork) -> str:
        registering.request_registration(
            uow,
            **form.organisation(),
            organisation_name=form.organisation_name.data,
            person_name=form.person_name.data,
            mobile=form.mobile.data,
            email=form.email.data,
            password_hash=proofs.hash_password(form.password.data),
            locale=language(),
        )
        return url_for(".register_sent")

    return submit(form, work) or page("accounts/register.html", form=form)


@bp.get("/register/sent")
def register_sent() -> ResponseReturnValue:
    return page("accounts/register_sent.html")


@bp.route("/register/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    key, _stamp = proofs.read("register", token)
    try:
        row = offers.registration(reading_session(), key)
    except NotFound:
        raise proofs.LinkRefused("account.link_expired") from None
    if not row.open and request.method == "GET":
        raise proofs.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        entered = registering.confirm_registration(uow, registration=key)
        flash(_joined_text(entered.membership_id is not None), "success")
        return url_for(".sign_in")

    region = region_text(row.region_code)
    return submit(form, work) or page("accounts/confirm.html", form=form, row=row, region=region)


def _joined_text(founded: bool) -> str:
    if founded:
        return str(_("Your registration is confirmed. Please sign in."))
    words = _(
        "Your e-mail address is confirmed. This credit code is registered already: its "
        "administrators have been asked to let you act for the organisation. Please sign in."
    )
    return str(words)


@bp.route("/my/organisations/new", methods=["GET", "POST"])
@signed_in
def add_organisation() -> ResponseReturnValue:
    form = way_in.OrganisationForm()

    def work(uow: UnitOfWork) -> str:
        entered = registering.add_organisation(
            uow, name=form.organisation_name.data, **form.organisation()
        )
        if entered.membership_id is None:
            flash(_("The organisation's administrators have been asked."), "info")
            return url_for(".my_requests")
        flash(_("The organisation is registered. Switch to it to act for it."), "success")
        return url_for(".profile")

    return submit(form, work) or page("accounts/add_organisation.html", form=form)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    key, _stamp = proofs.read("invitation", token)
    row = offers.invitation(reading_session(), key)
    if row.state != "open" and request.method == "GET":
        raise proofs.LinkRefused("account.link_used")
    known = parties.find_user(reading_session(), row.email)
    if known is not None and not current_actor().signed_in:
        return redirect(url_for(".sign_in", next=request.path))
    # Whoever is signed in uses the account they have.
    return _accept(row.public_id) if current_actor().signed_in else _join(row.public_id)


def _accept(key: str) -> ResponseReturnValue:
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        appointing.accept_invitation(uow, invitation=key)
        return url_for(".profile")

    done = _("You can act for the organisation now: switch to it in the top bar.")
    row = offers.invitation(reading_session(), key)
    email = own_session().email
    return submit(form, work, done=done) or page(
        "accounts/invitation.html", form=form, row=row, email=email
    )


def _join(key: str) -> ResponseReturnValue:
    form = way_in.JoinForm()
    row = offers.invitation(reading_session(), key)
    form.known = (row.email, row.organisation_name)

    def work(uow: UnitOfWork) -> str:
        appointing.accept_invitation_as_new(
            uow,
            invitation=key,
            name=form.name.data,
            mobile=form.mobile.data,
            password_hash=proofs.hash_password(form.password.data),
            locale=language(),
        )
        return url_for(".sign_in")

    done = _("Your account is ready. Please sign in.")
    return submit(form, work, done=done) or page("accounts/join.html", form=form, row=row)


@bp.get("/terms")
def terms() -> ResponseReturnValue:
    return page("accounts/terms.html")


# What a form says of whoever chooses a password is looked at to this length.
_MOST_ABOUT = 254


@bp.post("/password-strength")
@limiter.limit("120 per minute")
def password_strength() -> ResponseReturnValue:
    """A line of words for the page that is choosing a password; nothing is kept."""
    password = request.form.get("password", "")
    about = [request.form.get(name, "")[:_MOST_ABOUT] for name in way_in.ABOUT]
    row = identity.live_session(Stage.OPEN)
    about += parties.known_of(reading_session(), row.user_id) if row is not None else ()
    found = rules.judged_password(password, *about) if password else None
    refusal = Refused(found.problem) if found and found.problem else None
    strength = found.strength if found else ""
    return render_template("accounts/strength.html", strength=strength, refusal=refusal)


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("120 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    target = local_address(request.args.get("next"), home())
    if current_actor().signed_in:
        return redirect(target)
    form = way_in.SignInForm()
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
    row = identity.live_session(Stage.CODE)
    if row is None:
        return redirect(url_for(".sign_in", next=wanted()))
    form = way_in.CodeForm()
    if form.is_submitted() and form.validate():
        target = wanted()
        try:
            opened = try_code(row, form.one_time_code.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if opened is not None:
                return enter(opened, target)
            blame(form, "one_time_code", "account.code_wrong")
    return page("accounts/code.html", form=form)


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    row = identity.live_session(Stage.ENROL)
    if row is None:
        return redirect(url_for(".sign_in", next=wanted()))
    form = way_in.CodeForm()
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
            return enter(opened, url_for(".recovery_codes", next=wanted()))
        blame(form, "one_time_code", "account.code_wrong")
    picture = enrolment_picture(row.user_id, row.email)
    return page("accounts/enrol.html", form=form, picture=picture)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    row = identity.known_session()
    if row is not None and row.live:
        with unit_of_work() as uow:
            sessions.end_session(uow, session_id=row.id, reason="signed_out", at=real_now())
    identity.stop()
    flash(_("You are signed out."), "success")
    answer = redirect(url_for(".sign_in"), 303)
    # The cookie names no session any more and keeps the language; scripts keep the display only.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.post("/switch")
@signed_in
def switch() -> ResponseReturnValue:
    row = own_session()
    with unit_of_work() as uow:
        sessions.switch_membership(
            uow, session_id=row.id, membership=request.form.get("membership", "")[:20]
        )
    return redirect(local_address(request.form.get("next"), home()), 303)


@bp.route("/password", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    form = way_in.EmailForm()

    def work(uow: UnitOfWork) -> str:
        credentials.request_password_reset(uow, email=form.address())
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
    key, stamp = proofs.read(purpose, token, max_age=seconds)
    row = parties.account(reading_session(), key)
    if request.method == "GET" and _is_spent(row.id, "password", stamp):
        raise proofs.LinkRefused("account.link_used")
    form = way_in.NewPasswordForm()
    form.known = parties.known_of(reading_session(), row.id)

    def work(uow: UnitOfWork) -> str:
        credentials.set_password(
            uow,
            user=key,
            stamp=stamp,
            password_hash=proofs.hash_password(form.password.data),
            at=real_now(),
        )
        return url_for(".sign_in")

    done = _("Your new password is set. Please sign in with it.")
    return submit(form, work, done=done) or page("accounts/reset.html", form=form, email=row.email)


@bp.route("/unlock/<token>", methods=["GET", "POST"])
def unlock(token: str) -> ResponseReturnValue:
    key, stamp = proofs.read("unlock", token, max_age=rules.RESET_SECONDS)
    row = parties.account(reading_session(), key)
    if request.method == "GET" and _is_spent(row.id, "unlock", stamp):
        raise proofs.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        signing_in.unlock_account(uow, user=key, stamp=stamp, browser=identity.browser())
        return url_for(".sign_in")

    done = _("Your account is unlocked. Please sign in.")
    return submit(form, work, done=done) or page("accounts/unlock.html", form=form, email=row.email)


def _is_spent(user_id: int, purpose: str, stamp: str) -> bool:
    return parties.link_stamps(reading_session(), user_id)[purpose] != stamp
