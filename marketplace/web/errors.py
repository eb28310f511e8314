"""Errors as pages: which status, what happened, what to do."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException

from marketplace.infra import security_log
from marketplace.infra.printing import NoPrinter, PrinterBusy
from marketplace.infra.room import is_full
from marketplace.kernel.decisions import PROOF_DUE
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.api_problems import is_api_request, problem_of
from marketplace.web.context import identity
from marketplace.web.forms import bare, kept_fields, opened_for, page_of_form, with_labels
from marketplace.web.wording import refusal_text


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotFound, _for_whom(_not_found))
    app.register_error_handler(Refused, _for_whom(_refused))
    app.register_error_handler(CSRFError, _for_whom(_form_expired))
    app.register_error_handler(HTTPException, _for_whom(_http))
    app.register_error_handler(NoPrinter, _for_whom(_no_printer))
    app.register_error_handler(PrinterBusy, _for_whom(_printer_busy))
    app.register_error_handler(Exception, _for_whom(_broken))
    app.before_request(_refuse_nul)
    app.before_request(_refuse_form_of_another_organisation)


def _for_whom(as_page: Callable[[Any], ResponseReturnValue]) -> Callable[[Any], Any]:
    """Answer people with a page and programs with a problem; the security log has its line."""

    def answer(error: Exception) -> ResponseReturnValue:
        answered = problem_of(error) if is_api_request() else as_page(error)
        security_log.ended_by(error, what=_refusal_of(error))
        return answered

    return answer


def _refusal_of(error: Exception) -> str:
    """The code of a refusal by the libraries of the edge; none for an address that is nowhere."""
    if isinstance(error, CSRFError):
        return "request.forged"
    if not isinstance(error, HTTPException) or request.endpoint in {None, "static"}:
        return ""
    code = error.code or 500
    return f"http.{code}" if 400 <= code < 500 else ""


def _refuse_nul() -> ResponseReturnValue | None:
    address = request.full_path
    if "\x00" in address or "%00" in request.environ.get("RAW_URI", ""):
        if is_api_request():
            return problem_of(BadRequest())
        return _page(
            400,
            _("This address cannot be read"),
            _("It holds an invisible character. Please type the address or the search again."),
        )
    return None


def _refuse_form_of_another_organisation() -> ResponseReturnValue | None:
    """A form belongs to the organisation it was opened for.

    In another tab its owner has changed over to another one since: nothing is done, what was
    typed is kept for when they act for the first again.
    """
    told = opened_for(request.form.items()) if request.method == "POST" else ""
    acting_as = identity().acting_as() if told else ""
    if not acting_as or told == acting_as:
        return None
    address = page_of_form()
    name, kept = identity().set_aside(address, kept_fields(), told)
    words = {"address": address, "opened_for": told, "organisation_name": name, "kept": kept}
    return make_response(render_template("other_organisation.html", **words), 409)


def sign_in_first() -> ResponseReturnValue:
    """Send a visitor to the sign-in page and back; keep what was typed when a session ended."""
    if request.method == "POST":
        target = page_of_form()
        kept = identity().remember_form(target, kept_fields())
    else:
        target, kept = request.full_path.rstrip("?"), False
    return redirect(url_for("accounts.sign_in", next=target, kept="1" if kept else None), 303)


def _page(status: int, title: str, text: str, code: str = "") -> tuple[str, int]:
    words = {"status": status, "title": title, "text": text, "code": code}
    page = render_template("error.html", **words, request_id=g.get("request_id"))
    return page, status


def _not_found(_error: Exception) -> ResponseReturnValue:
    return _page(
        404,
        _("There is nothing at this address"),
        _("Check the address, or begin at the home page."),
    )


def _prove_first() -> ResponseReturnValue:
    """Send somebody to where they prove once more who they are, and back; keep what was typed."""
    target = page_of_form() if request.method == "POST" else request.full_path.rstrip("?")
    if request.method == "POST":
        g.form_waits = identity().remember_form(target, kept_fields())
    return redirect(url_for("accounts.prove", next=target), 303)


def _refused(error: Refused) -> ResponseReturnValue:
    if error.code == "request.sign_in":
        return sign_in_first()
    if error.code == PROOF_DUE:
        return _prove_first()
    return _page(409, _("This cannot be done now"), refusal_text(error), error.code)


def _form_expired(_error: CSRFError) -> ResponseReturnValue:
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return _page(
            400,
            _("Your browser has not sent the cookie of this form"),
            _(
                "Nothing was changed. Allow cookies for this site in the settings of your browser, "
                "and do not use a window that blocks them; then open the page again and send it."
            ),
        )
    return _page(
        400,
        _("The form had been open for too long"),
        _("Go back, reload the page and send it again. Nothing was changed."),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _not_found(error)
    title, text = _HTTP_WORDS.get(error.code, _HTTP_WORDS[400])()
    response = error.get_response()
    response.data, response.status_code = _page(error.code, title, text)
    response.content_type = "text/html; charset=utf-8"
    return response


_HTTP_WORDS = {
    400: lambda: (
        _("This request could not be understood"),
        _("Go back, check what you entered and send it again."),
    ),
    403: lambda: (
        _("This page is not for your role"),
        _("Switch to another membership, or ask your organisation's administrator."),
    ),
    405: lambda: (
        _("This address is not opened this way"),
        _("Go back and use the button on the page."),
    ),
    413: lambda: (
        _("That is too much at once"),
        _("A file may have at most 20 MB. Go back and choose a smaller one."),
    ),
    429: lambda: (
        _("That was too often"),
        _("Please wait a minute and try again. Nothing was changed."),
    ),
}


def _full() -> ResponseReturnValue:
    """Nothing can be written: what was typed stands on the page, and is sent again from it."""
    current_app.logger.error("no room on the disk")
    try:
        typed = [pair for pair in kept_fields() if request.method == "POST"]
    except OSError:  # What was sent did not find room, either.
        typed = []
    page = render_template(
        "no_room.html",
        typed=typed,
        words=with_labels(typed),
        # Nothing came of the act, so its key is still good: sent twice from here it is done once.
        once=[pair for pair in request.form.items() if typed and bare(pair[0]) == "once"],
        address=request.full_path.rstrip("?"),
        files=bool(typed and request.files),
        request_id=g.get("request_id"),
    )
    return page, 503, {"Retry-After": "300", "Cache-Control": "no-store"}


def _no_printer(error: NoPrinter) -> ResponseReturnValue:
    current_app.logger.error("no PDF can be made, missing: %s", error.missing)
    return _page(
        503,
        _("No PDF can be made here at present"),
        _(
            "The page itself can be read and printed. The operator of this site installs what is "
            "missing: %(missing)s.",
            missing=error.missing,
        ),
    )


def _printer_busy(_error: PrinterBusy) -> ResponseReturnValue:
    return _page(
        503,
        _("Other papers are being made at the moment"),
        _("Please ask for the PDF again in a minute. The page itself can be read and printed."),
    )


def _broken(error: Exception) -> ResponseReturnValue:
    if is_full(error):
        return _full()
    current_app.logger.error("request failed", exc_info=error)
    return _page(
        500,
        _("Something went wrong on our side"),
        _("It has been recorded. Please try again; if it happens again, report a fault."),
    )
