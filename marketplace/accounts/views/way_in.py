"""Register, confirm, accept an invitation; the terms; how strong a password is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import passwords, queries, rules, services, tokens
from marketplace.accounts.forms import JoinForm, OrganisationForm, RegisterForm
from marketplace.accounts.views.blueprint import bp
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, language, reading_session
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.limits import limiter
from marketplace.web.submit import page, submit


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def register() -> ResponseReturnValue:
    if current_actor().signed_in:
        return redirect(url_for(".add_organisation"))
    form = RegisterForm()

    def work(uow: UnitOfWork) -> str:
        services.request_registration(
            uow,
            **form.organisation(),
            organisation_name=form.organisation_name.data,
            person_name=form.person_name.data,
            mobile=form.mobile.data,
            email=form.email.data,
            password_hash=passwords.hash_password(form.password.data),
            locale=language(),
        )
        return url_for(".register_sent")

    return submit(form, work) or page("accounts/register.html", form=form)


@bp.get("/register/sent")
def register_sent() -> ResponseReturnValue:
    return page("accounts/register_sent.html")


@bp.route("/register/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    key, _stamp = tokens.read("register", token)
    try:
        row = queries.registration(reading_session(), key)
    except NotFound:
        raise tokens.LinkRefused("account.link_expired") from None
    if not row.open and request.method == "GET":
        raise tokens.LinkRefused("account.link_used")
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        entered = services.confirm_registration(uow, registration=key)
        flash(_joined_text(entered.membership_id is not None), "success")
        return url_for(".sign_in")

    region = catalogue.regions(reading_session()).path(row.region_code, language())
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
    form = OrganisationForm()

    def work(uow: UnitOfWork) -> str:
        entered = services.add_organisation(
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
    key, _stamp = tokens.read("invitation", token)
    row = queries.invitation(reading_session(), key)
    if row.state != "open" and request.method == "GET":
        raise tokens.LinkRefused("account.link_used")
    known = queries.find_user(reading_session(), row.email)
    if known is not None and not current_actor().signed_in:
        return redirect(url_for(".sign_in", next=request.path))
    return _accept(row.public_id) if known else _join(row.public_id)


def _accept(key: str) -> ResponseReturnValue:
    form = ActForm()

    def work(uow: UnitOfWork) -> str:
        services.accept_invitation(uow, invitation=key)
        return url_for(".profile")

    done = _("You can act for the organisation now: switch to it in the top bar.")
    row = queries.invitation(reading_session(), key)
    return submit(form, work, done=done) or page("accounts/invitation.html", form=form, row=row)


def _join(key: str) -> ResponseReturnValue:
    form = JoinForm()

    def work(uow: UnitOfWork) -> str:
        services.accept_invitation_as_new(
            uow,
            invitation=key,
            name=form.name.data,
            mobile=form.mobile.data,
            password_hash=passwords.hash_password(form.password.data),
            locale=language(),
        )
        return url_for(".sign_in")

    row = queries.invitation(reading_session(), key)
    done = _("Your account is ready. Please sign in.")
    return submit(form, work, done=done) or page("accounts/join.html", form=form, row=row)


@bp.get("/terms")
def terms() -> ResponseReturnValue:
    return page("accounts/terms.html")


@bp.post("/password-strength")
@limiter.limit("120 per minute")
def password_strength() -> ResponseReturnValue:
    """A line of words for the page that is choosing a password; nothing is kept."""
    password = request.form.get("password", "")
    about = [request.form.get(name, "") for name in ("email", "person_name", "organisation_name")]
    problem = rules.password_problem(password, *about) if password else ""
    strength = rules.password_strength(password, *about) if password else ""
    refusal = Refused(problem) if problem else None
    return render_template("accounts/strength.html", strength=strength, refusal=refusal)
