"""The blueprint of budgets, and what all its pages begin with: my own department's money."""

from datetime import date
from typing import TypeVar

from flask import Blueprint

from marketplace.budgets import policy, queries, wording
from marketplace.budgets.queries import HoldRow, LineRow, PaymentRow
from marketplace.budgets.rules import ten_thousand_text, yuan_text
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import for_roles

T = TypeVar("T", LineRow, HoldRow, PaymentRow)

bp = Blueprint("budgets", __name__)
bp.add_app_template_filter(wording.payment_tone)
bp.add_app_template_filter(yuan_text)
bp.add_app_template_filter(ten_thousand_text)

readers = for_roles(*policy.READERS)


def today() -> date:
    """The business day of the request."""
    return local_date(request_time())


def my_department() -> int:
    """The department the actor acts for."""
    organisation = current_actor().organisation_id
    if organisation is None:
        raise NotFound
    return organisation


def my_line(public_id: str) -> LineRow:
    """A line of the actor's department; to others it does not exist."""
    return _mine(queries.line(reading_session(), _key(public_id)))


def my_hold(public_id: str) -> HoldRow:
    """Money held on a line of the actor's department; to others it does not exist."""
    return _mine(queries.hold(reading_session(), _key(public_id), today()))


def my_payment(public_id: str) -> PaymentRow:
    """A payment of the actor's department; to others it does not exist."""
    return _mine(queries.payment(reading_session(), _key(public_id), today()))


def _key(public_id: str) -> str:
    if not is_public_id(public_id):
        raise NotFound
    return public_id


def _mine(row: T) -> T:
    if not policy.may_see(current_actor(), row):
        raise NotFound
    return row
