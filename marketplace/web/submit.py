"""From a submitted form to one act and its answer: the same few lines for every view."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from marketplace.infra.idempotency import IdempotencyKey, hash_request, stored_answer
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import current_actor, request_time, unit_of_work
from marketplace.web.forms import Form

Work = Callable[[UnitOfWork], str]


def submit(form: Form, work: Work, *, done: str = "") -> Response | None:
    """Run one act for a submitted, valid form and redirect to the address `work` returns.

    `done` is the message shown on the next page. Returns None when the form was not submitted,
    is not valid or the act was refused: the view then shows the page again with `page`.
    The same form sent twice gives the same answer and one act.
    """
    if not form.is_submitted() or not form.validate():
        return None
    try:
        address = _run_once(form, work)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    if done:
        flash(done, "success")
    return redirect(address, 303)


def _run_once(form: Form, work: Work) -> str:
    try:
        return _attempt(form, work)
    except IntegrityError as error:
        if "idempotency_key" not in str(error):
            raise
        return _attempt(form, work)


def _attempt(form: Form, work: Work) -> str:
    parts = [(n, v) for n, v in request.form.items(multi=True) if n != "csrf_token"]
    parts += [(n, f.filename or "") for n, f in request.files.items(multi=True)]
    known = {
        "actor_key": _actor_key(),
        "route": request.path[:200],
        "key": str(form.once.data or "")[:64],
        "request_hash": hash_request(parts),
    }
    with unit_of_work() as uow:
        answer = stored_answer(uow.session, **known)
        if answer is not None:
            return answer
        row = IdempotencyKey(**known, created_at=request_time())
        uow.session.add(row)
        uow.session.flush()
        row.answer = work(uow)
        return row.answer


def _actor_key() -> str:
    actor = current_actor()
    if actor.signed_in:
        return f"membership:{actor.membership_id or actor.user_id}"
    return f"visitor:{session.get('csrf_token', '')}"[:64]


def page(template: str, *, form: Form | None = None, **context: Any) -> ResponseReturnValue:
    """Render a page: 200, 422 when a field of the form has errors, 409 when the act was refused."""
    status = 200
    if form is not None and form.refused_code:
        status = 409
    elif form is not None and form.errors:
        status = 422
    return make_response(render_template(template, form=form, **context), status)


def local_address(candidate: str | None, fallback: str) -> str:
    """`candidate` when it is a path on this site, else `fallback`: no redirect leaves the site."""
    if not candidate or not candidate.startswith("/") or candidate.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(candidate)
    return fallback if parts.scheme or parts.netloc else candidate
