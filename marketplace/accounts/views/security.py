"""My second factor: set up, recovery codes, renew, remove."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import login, policy, queries, services
from marketplace.accounts.forms import CodeForm
from marketplace.accounts.queries import SessionRow
from marketplace.accounts.views.attempts import blame, counted, enter, own_session, taken_back
from marketplace.accounts.views.blueprint import bp, home
from marketplace.accounts.views.pictures import enrolment_picture
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import Refused
from marketplace.web.context import reading_session, unit_of_work
from marketplace.web.forms import ActForm
from marketplace.web.guard import signed_in
from marketplace.web.submit import local_address, page, submit


@bp.get("/my/second-factor")
@signed_in
def second_factor() -> ResponseReturnValue:
    row = own_session()
    account = queries.account(reading_session(), row.user_id)
    return page(
        "accounts/second_factor.html",
        account=account,
        may_drop=_may_drop(row),
        form=ActForm(),
    )


def _may_drop(row: SessionRow) -> Decision:
    memberships = queries.memberships_of(reading_session(), row.user_id)
    return policy.may_drop_second_factor(
        {capacity for each in memberships for capacity in each.capacities}
    )


@bp.post("/my/second-factor/begin")
@signed_in
def begin_second_factor() -> ResponseReturnValue:
    def work(uow: UnitOfWork) -> str:
        services.begin_second_factor(uow)
        return url_for(".confirm_second_factor")

    return submit(ActForm(), work) or redirect(url_for(".second_factor"), 303)


@bp.route("/my/second-factor/confirm", methods=["GET", "POST"])
@signed_in
def confirm_second_factor() -> ResponseReturnValue:
    row = own_session()
    picture = enrolment_picture(row.user_id, row.email)
    if picture is None:
        return redirect(url_for(".second_factor"))
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
            return enter(opened, url_for(".recovery_codes"))
        blame(form, "code", "account.code_wrong")
    return page("accounts/enrol.html", form=form, picture=picture)


@bp.route("/my/second-factor/recovery-codes", methods=["GET", "POST"])
@signed_in
def recovery_codes() -> ResponseReturnValue:
    row = own_session()
    target = local_address(request.args.get("next"), url_for(".second_factor"))
    codes = queries.codes_to_show(reading_session(), row.id)
    if not codes:
        return redirect(target)

    def work(uow: UnitOfWork) -> str:
        services.forget_shown_once(uow, session_id=row.id)
        return target

    form = ActForm()
    return submit(form, work) or page("accounts/recovery_codes.html", form=form, codes=codes)


@bp.route("/my/second-factor/renew", methods=["GET", "POST"])
@signed_in
def renew_codes() -> ResponseReturnValue:
    row = own_session()

    def work(uow: UnitOfWork, code: str) -> bool:
        return services.renew_recovery_codes(uow, session_id=row.id, code=code, at=real_now())

    return _by_code(row, work, "accounts/renew_codes.html", url_for(".recovery_codes"))


@bp.route("/my/second-factor/remove", methods=["GET", "POST"])
@signed_in
def remove_second_factor() -> ResponseReturnValue:
    row = own_session()
    _may_drop(row).require()

    def work(uow: UnitOfWork, code: str) -> bool:
        return services.drop_second_factor(uow, code=code, at=real_now())

    return _by_code(row, work, "accounts/remove_second_factor.html", home())


def _by_code(
    row: SessionRow, work: Callable[[UnitOfWork, str], bool], template: str, target: str
) -> ResponseReturnValue:
    """An act that a right code permits; wrong ones count as failed sign-ins."""
    form = CodeForm()

    def check() -> bool | None:
        with unit_of_work() as uow:
            right = work(uow, form.code.data)
        return taken_back(row.email) if right else None

    if form.is_submitted() and form.validate():
        try:
            if counted(row.email, check):
                return redirect(target, 303)
            blame(form, "code", "account.code_wrong")
        except Refused as refusal:
            form.refuse(refusal)
    return page(template, form=form)
