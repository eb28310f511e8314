"""The pages of the demo at /demo: accounts with codes, mails, clock, tour. Never in production."""

from datetime import timedelta

from flask import Blueprint, Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.queries.parties import current_code
from marketplace.accounts.views.identity import known_session
from marketplace.demo import queries
from marketplace.demo.cast import DOMAIN, PASSWORD
from marketplace.demo.forms import ClockForm
from marketplace.demo.tour import TOUR
from marketplace.infra.clock import move_forward, offset, real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.web.context import reading_session, request_time
from marketplace.web.submit import page, submit

CODE_SECONDS = 30

bp = Blueprint("demo", __name__, url_prefix="/demo")


def code_shown() -> str:
    """The code of this moment of whoever is signed in, or half-way in; empty for nobody."""
    row = known_session()
    if row is None or not row.live:
        return ""
    code = current_code(reading_session(), row.user_id, real_now())
    return f"{code[:3]} {code[3:]}".strip()


def init_app(app: Flask) -> None:
    """Let the pages that ask for a code tell it: a stranger has nobody's telephone."""
    app.jinja_env.globals.update(code_shown=code_shown)


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Codes change every half minute, so no browser may show an old page."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("")
def index() -> ResponseReturnValue:
    """Who can sign in with which code, what to try, where the mails are, what time it is."""
    session, at = reading_session(), real_now()
    return page(
        "demo/index.html",
        accounts=queries.demo_accounts(session, at),
        password=PASSWORD,
        domain=DOMAIN,
        seconds_left=CODE_SECONDS - int(at.timestamp()) % CODE_SECONDS,
        tour=TOUR,
        mails=queries.mails(session, to="", page=1),
        now=request_time(),
        ahead=offset(session),
    )


@bp.get("/mails")
def mails() -> ResponseReturnValue:
    """Every mail that a real installation would have sent."""
    to = request.args.get("to", "").strip()
    number = request.args.get("page", 1, type=int)
    found = queries.mails(reading_session(), to=to, page=number)
    return page("demo/mails.html", found=found, to=to)


@bp.get("/mails/<key>")
def mail(key: str) -> ResponseReturnValue:
    """One mail, its links working."""
    found = queries.mail(reading_session(), key)
    if found is None:
        raise NotFound
    return page("demo/mail.html", mail=found)


@bp.route("/clock", methods=["GET", "POST"])
def clock() -> ResponseReturnValue:
    """Show the clock and move it forward, as `flask demo clock` does."""
    form = ClockForm()

    def work(uow: UnitOfWork) -> str:
        by = timedelta(days=form.days.data or 0, hours=form.hours.data or 0)
        move_forward(uow.session, by)
        return url_for("demo.clock")

    done = _("The clock has been moved. What falls due is settled within seconds.")
    answer = submit(form, work, done=done)
    session = reading_session()
    return answer or page("demo/clock.html", form=form, now=request_time(), ahead=offset(session))
