"""Tokens with which programs of my organisation use the public interface."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import policy, queries, services
from marketplace.accounts.forms import ProvenTokenForm, TokenForm
from marketplace.accounts.queries import ApiTokenRow, SessionRow
from marketplace.accounts.views.attempts import blame, counted, own_session, taken_back
from marketplace.accounts.views.blueprint import bp
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, reading_session, unit_of_work
from marketplace.web.forms import ActForm
from marketplace.web.guard import for_roles
from marketplace.web.submit import page, submit


@bp.get("/my/api-tokens")
@for_roles(Role.ORGANISATION_ADMIN)
def api_tokens() -> ResponseReturnValue:
    session, actor = reading_session(), current_actor()
    return page(
        "accounts/api_tokens.html",
        tokens=queries.api_tokens(session, actor.organisation_id or 0),
        may_make=policy.may_make_tokens(actor),
        at=real_now(),
    )


@bp.route("/my/api-tokens/new", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def make_api_token() -> ResponseReturnValue:
    row = own_session()
    form = ProvenTokenForm() if row.has_second_factor else TokenForm()
    form.offer(current_actor().capacities)
    policy.may_make_tokens(current_actor()).require()
    answer: Response | None = None
    if not row.has_second_factor:
        answer = submit(form, lambda uow: _address(_make(uow, form) or ""))
    elif form.is_submitted() and form.validate():
        answer = _make_proven(form, row)
    return answer or page("accounts/make_api_token.html", form=form)


def _make(uow: UnitOfWork, form: TokenForm) -> str | None:
    return services.make_api_token(
        uow,
        purpose=form.purpose.data,
        scopes=form.scopes.data,
        days=int(form.days.data),
        code=form["code"].data if "code" in form else "",
        at=real_now(),
    )


def _address(public_id: str) -> str:
    return url_for(".api_token", token_id=public_id)


def _make_proven(form: TokenForm, row: SessionRow) -> Response | None:
    """The code is good once, so the form sent twice makes one token; wrong codes are counted."""

    def check() -> str | None:
        with unit_of_work() as uow:
            made = _make(uow, form)
        return made if made and taken_back(row.email) else None

    try:
        made = counted(row.email, check)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    if made is None:
        blame(form, "code", "account.code_wrong")
        return None
    return redirect(_address(made), 303)


def _shown(token_id: str) -> ApiTokenRow:
    actor = current_actor()
    row = queries.api_token(reading_session(), token_id, membership_id=actor.membership_id)
    if not actor.acts_for(row.organisation_id):
        raise NotFound
    return row


@bp.route("/my/api-tokens/<token_id>", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def api_token(token_id: str) -> ResponseReturnValue:
    """One token; a POST says that it was copied, after which nobody reads it again."""
    row, form = _shown(token_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        services.forget_shown_token(uow, token=token_id)
        return url_for(".api_tokens")

    return submit(form, work) or page(
        "accounts/api_token.html", form=form, token=row, state=row.state(real_now())
    )


@bp.route("/my/api-tokens/<token_id>/revoke", methods=["GET", "POST"])
@for_roles(Role.ORGANISATION_ADMIN)
def revoke_api_token(token_id: str) -> ResponseReturnValue:
    row, form = _shown(token_id), ActForm()

    def work(uow: UnitOfWork) -> str:
        services.revoke_api_token(uow, token=token_id, at=real_now())
        return url_for(".api_tokens")

    return submit(form, work, done=_("The token is revoked.")) or page(
        "accounts/revoke_api_token.html", form=form, token=row
    )
