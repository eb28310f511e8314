"""Attempts to prove who one is, counted before they are looked at, and what follows success."""

from collections.abc import Callable
from typing import TypeVar

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import login, passwords, queries, services
from marketplace.accounts.queries import SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import Opened
from marketplace.accounts.views.blueprint import home
from marketplace.infra.clock import real_now
from marketplace.kernel.errors import Refused
from marketplace.web.context import reading_session, unit_of_work
from marketplace.web.forms import Form
from marketplace.web.submit import local_address
from marketplace.web.wording import refusal_text

T = TypeVar("T")


def counted(email: str, check: Callable[[], T | None]) -> T | None:
    """What `check` gives, None for wrong. The attempt counts as failed from its beginning.

    Raises `Refused("account.locked")`.
    """
    at, browser = real_now(), login.browser()
    with unit_of_work() as uow:
        services.begin_attempt(uow, email=email, browser=browser, at=at)
    result = check()
    if result is None:
        with unit_of_work() as uow:
            services.fail_attempt(uow, email=email, at=at)
    return result


def try_password(email: str, password: str) -> Opened | None:
    """A session for the right password; an unknown account costs the same and answers the same."""

    def check() -> Opened | None:
        user_id, stored = queries.credentials(reading_session(), email)
        if not passwords.matches(stored, password) or user_id is None:
            return None
        with unit_of_work() as uow:
            return services.open_session(
                uow, user_id=user_id, browser=login.browser(), at=real_now()
            )

    return counted(email, check)


def try_code(row: SessionRow, code: str) -> Opened | None:
    """An open session for a right code of the second factor."""

    def check() -> Opened | None:
        with unit_of_work() as uow:
            return services.pass_second_factor(
                uow, session_id=row.id, code=code, browser=login.browser(), at=real_now()
            )

    return counted(row.email, check)


def proves_password(row: SessionRow, password: str) -> bool:
    """Whether a signed-in person knows their password; wrong ones count as failed sign-ins."""

    def check() -> bool | None:
        _user_id, stored = queries.credentials(reading_session(), row.email)
        return taken_back(row.email) if passwords.matches(stored, password) else None

    return bool(counted(row.email, check))


def taken_back(email: str) -> bool:
    """A right answer does not count as a failure."""
    with unit_of_work() as uow:
        services.take_back(uow, email=email, browser=login.browser())
    return True


def enter(opened: Opened, target: str) -> ResponseReturnValue:
    """Give the browser its session and lead on: to the code, to enrolment, or where it wanted."""
    row = queries.session_of(reading_session(), opened.token, real_now())
    if row is None:
        raise Refused("request.sign_in")
    login.start(opened, row.user_id, row.locale)
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
    row = login.live_session(Stage.OPEN)
    if row is None:
        raise Refused("request.sign_in")
    return row
