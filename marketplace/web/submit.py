"""From a submitted form to one act and its answer: the same few lines for every view."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from marketplace.infra.idempotency import Submission, begin_answer, stored_answer
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import (
    address_pattern,
    current_actor,
    reading_session,
    request_time,
    unit_of_work,
)
from marketplace.web.forms import Form, bare

Work = Callable[[UnitOfWork], str]

_PART = 1024 * 1024


def submit(form: Form, work: Work, *, done: str = "") -> Response | None:
    """Run one act for a submitted, valid form and redirect to the address `work` returns.

    `done` is the message shown on the next page. Returns None when the form was not submitted,
    is not valid or the act was refused: the view then shows the page again with `page`. Where only
    a fresh proof is missing that the page has no place for, a page of its own asks for it.
    The same form sent twice gives the same answer and one act, also when the act has taken away
    what the form offered.
    """
    if not form.is_submitted():
        return None
    try:
        address = answered_before(form) or _run_valid(form, work)
    except Refused as refusal:
        if form.awaits_proof(refusal):
            raise
        form.refuse(refusal)
        return None
    if not address:
        return None
    if done:
        flash(done, "success")
    return redirect(address, 303)


def answered_before(form: Form) -> str:
    """The answer this very form was given, or an empty text; another body is looked at first."""
    with suppress(Refused):
        return stored_answer(reading_session(), _submission(form)) or ""
    return ""


def _run_valid(form: Form, work: Work) -> str:
    if not form.validate():
        return ""
    form.prove()
    return _run_once(form, work)


def _run_once(form: Form, work: Work) -> str:
    try:
        return _attempt(form, work)
    except IntegrityError as error:
        if "idempotency_key" not in str(error):
            raise
        return _attempt(form, work)


def _submission(form: Form) -> Submission:
    """Who sent what, where, under which key."""
    unread = {"csrf_token", "proof"}
    parts = [(n, v) for n, v in request.form.items(multi=True) if bare(n) not in unread]
    parts += [(n, _named(f)) for n, f in request.files.items(multi=True)]
    return Submission(
        sender=_sender(),
        route=address_pattern(),
        path=request.path,
        key=str(form.once.data or ""),
        parts=parts,
    )


def _named(file: FileStorage) -> str:
    """A file by name and content: a corrected scan often has the name of the first."""
    content = hashlib.sha256()
    while part := file.stream.read(_PART):
        content.update(part)
    file.stream.seek(0)
    return f"{file.filename or ''}\x02{content.hexdigest()}"


def _attempt(form: Form, work: Work) -> str:
    sent = _submission(form)
    with unit_of_work() as uow:
        answer = stored_answer(uow.session, sent)
        if answer is not None:
            return answer
        row = begin_answer(uow.session, sent, request_time())
        row.answer = address = work(uow)
        return address


def _sender() -> str:
    actor = current_actor()
    if actor.signed_in:
        return f"membership:{actor.membership_id or actor.user_id}"
    return f"visitor:{session.get('csrf_token', '')}"


def page(template: str, *, form: Form | None = None, **context: Any) -> ResponseReturnValue:
    """Render a page: 200, 422 when a field has errors, 409 when the act was refused.

    A key that came with another body is a form that makes no sense: 422 as well.
    """
    return make_response(render_template(template, form=form, **context), _status(form))


def _status(form: Form | None) -> int:
    if form is None or not (form.refused_code or form.errors):
        return 200
    return 409 if form.refused_code not in {"", "request.key_reused"} else 422


def local_address(candidate: str | None, fallback: str) -> str:
    """`candidate` when it is a path on this site, else `fallback`: no redirect leaves the site."""
    if not candidate or not candidate.startswith("/") or candidate.startswith(("//", "/\\")):
        return fallback
    if not candidate.isprintable():
        return fallback
    parts = urlsplit(candidate)
    return fallback if parts.scheme or parts.netloc else candidate
