"""The blueprint of accounts; attempts to prove who one is, and what follows success."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pyotp
import segno
from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.accounts.queries import bearers, parties
from marketplace.accounts.queries.rows import SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import proofs, signing_in
from marketplace.accounts.services.proofs import LinkRefused
from marketplace.accounts.services.sessions import Opened
from marketplace.accounts.views import identity
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.web.context import reading_session, unit_of_work
from marketplace.web.forms import Form
from marketplace.web.frame import link
from marketplace.web.submit import local_address
from marketplace.web.wording import refusal_text

bp = Blueprint("accounts", __name__)

# How long an attempt waits from an address that failed very often, and how long it may wait.
SLOW_SECONDS, MOST_SECONDS = 2, 600
_WAITING = "waiting"


@bp.errorhandler(LinkRefused)
def refuse_link(refusal: LinkRefused) -> ResponseReturnValue:
    return render_template("accounts/bad_link.html", refusal=refusal), 410


def home() -> str:
    """Where somebody goes who came from nowhere in particular."""
    return link("desks.desk") or link("accounts.profile")


@dataclass(frozen=True)
class Picture:
    """The QR code as SVG, and the secret to type where no camera is."""

    svg: Markup
    secret: str


def enrolment_picture(user_id: int, email: str) -> Picture | None:
    """What enrolment shows; None when there is no secret to confirm."""
    secret = parties.enrolment_secret(reading_session(), user_id)
    if secret is None:
        return None
    issuer = _("Jilin Intermediary Supermarket")
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    svg = segno.make(address, error="m").svg_inline(
        scale=5, border=4, light="white", svgclass="qr", lineclass=None, omitsize=False
    )
    # The text is made of the library's own numbers; what goes in is encoded as squares.
    return Picture(Markup(svg), " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)))  # noqa: S704


T = TypeVar("T")


def counted(email: str, check: Callable[[], T | None]) -> T | None:
    """What `check` gives, None for wrong, which counts as a failure.

    An attempt from an address that failed very often waits a little first: the browser waits, no
    thread of the server. Raises `Refused`: `account.locked`, `account.slowed_down`.
    """
    browser = identity.browser()
    with unit_of_work() as uow:
        slow = signing_in.begin_attempt(uow, email=email, browser=browser, at=real_now())
    if slow:
        _require_wait(signing_in.account_key(email))
    result = check()
    if result is None:
        with unit_of_work() as uow:
            signing_in.fail_attempt(uow, email=email, browser=browser, at=real_now())
    return result


def _require_wait(account: str) -> None:
    """Refuse the first attempt for an account from this browser, and hear the next one later.

    Since when it waits stands in its signed cookie: a guess at each of many accounts costs a wait
    for each, and what is tried at one of them is counted there.
    """
    now = real_now().timestamp()
    waits_for, since = session.pop(_WAITING, ("", 0.0))
    waited = now - since if waits_for == account else -1.0
    if SLOW_SECONDS <= waited <= MOST_SECONDS:
        return
    session[_WAITING] = (account, since if 0 <= waited < SLOW_SECONDS else now)
    raise Refused("account.slowed_down", seconds=SLOW_SECONDS)


def try_password(email: str, password: str) -> Opened | None:
    """A session for the right password; an unknown account costs the same and answers the same."""

    def check() -> Opened | None:
        user_id, stored = parties.credentials(reading_session(), email)
        if not proofs.matches(stored, password) or user_id is None:
            return None
        with unit_of_work() as uow:
            return signing_in.open_session(
                uow, user_id=user_id, browser=identity.browser(), at=real_now()
            )

    return counted(email, check)


def try_code(row: SessionRow, code: str) -> Opened | None:
    """An open session for a right code of the second factor."""

    def check() -> Opened | None:
        with unit_of_work() as uow:
            return signing_in.pass_second_factor(
                uow, session_id=row.id, code=code, browser=identity.browser(), at=real_now()
            )

    return counted(row.email, check)


def proves_password(row: SessionRow, password: str) -> bool:
    """Whether a signed-in person knows their password; wrong ones count as failed sign-ins."""

    def check() -> bool | None:
        _user_id, stored = parties.credentials(reading_session(), row.email)
        return confirmed(row.email) if proofs.matches(stored, password) else None

    return bool(counted(row.email, check))


def confirmed(email: str) -> bool:
    """A right answer counts, unless too much has failed meanwhile (`Refused`)."""
    with unit_of_work() as uow:
        confirm(uow, email)
    return True


def confirm(uow: UnitOfWork, email: str) -> None:
    """The same within the act that the right answer permits, which is then not done either."""
    signing_in.confirm_attempt(uow, email=email, browser=identity.browser(), at=real_now())


def enter(opened: Opened, target: str) -> ResponseReturnValue:
    """Give the browser its session and lead on: to the code, to enrolment, or where it wanted."""
    row = bearers.session_of(reading_session(), opened.token, real_now())
    if row is None:
        raise Refused("request.sign_in")
    identity.start(opened, row.user_id, row.locale)
    if opened.stage is Stage.OPEN:
        return redirect(target, 303)
    session["next"] = target
    step = ".code" if opened.stage is Stage.CODE else ".enrol"
    return redirect(url_for(step), 303)


def wanted() -> str:
    """Where somebody wanted to go before the second factor was asked for."""
    return local_address(session.get("next"), home())


def blame(form: Form, field: str, code: str) -> None:
    """Put the words of a code beside a field."""
    form[field].errors = [*form[field].errors, refusal_text(code)]


def own_session() -> SessionRow:
    """The open session of the request; refuses visitors."""
    row = identity.live_session(Stage.OPEN)
    if row is None:
        raise Refused("request.sign_in")
    return row
