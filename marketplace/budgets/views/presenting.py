"""The blueprint of budgets, what its pages begin with, and how they show money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.budgets import policy, wording
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.appropriations import BudgetDesk
from marketplace.budgets.queries.rows import EntryRow, HoldRow, LineRow, PaymentRow
from marketplace.budgets.queries.spending import Purposes
from marketplace.budgets.rules import Bucket
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.kernel.money import yuan, yuan_number
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.guard import for_roles
from marketplace.web.wording import label

T = TypeVar("T", LineRow, HoldRow, PaymentRow)


bp = Blueprint("budgets", __name__)

bp.add_app_template_filter(wording.payment_tone)


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
    return _mine(appropriations.line(reading_session(), _key(public_id)))


def my_hold(public_id: str) -> HoldRow:
    """Money held on a line of the actor's department; to others it does not exist."""
    return _mine(spending.hold(reading_session(), _key(public_id), today()))


def my_payment(public_id: str) -> PaymentRow:
    """A payment of the actor's department; to others it does not exist."""
    return _mine(spending.payment(reading_session(), _key(public_id), today()))


def _key(public_id: str) -> str:
    if not is_public_id(public_id):
        raise NotFound
    return public_id


def _mine(row: T) -> T:
    if not policy.may_see(current_actor(), row):
        raise NotFound
    return row


# From the end of money's way to its beginning.
BUCKETS = (Bucket.PAID, Bucket.COMMITTED, Bucket.RESERVED, Bucket.FREE)


class Kept(Protocol):
    """Whatever has the four balances."""

    @property
    def free_fen(self) -> int: ...
    @property
    def reserved_fen(self) -> int: ...
    @property
    def committed_fen(self) -> int: ...
    @property
    def paid_fen(self) -> int: ...


@dataclass(frozen=True)
class Named:
    """What money is for: its name and where it is read, as far as it is known."""

    text: str
    title: str = ""
    address: str = ""


def bar(kept: Kept) -> list[dict[str, object]]:
    """The parts of a line for `stacked_bar`, in the order paid, committed, reserved, free."""
    return [
        {
            "text": label(f"bucket.{bucket}"),
            "value": getattr(kept, f"{bucket}_fen"),
            "shown": _("%(amount)s yuan", amount=yuan(getattr(kept, f"{bucket}_fen"))),
        }
        for bucket in BUCKETS
    ]


def paid_by_line(found: BudgetDesk) -> list[tuple[str, Decimal]]:
    """What was paid on each line, the largest first: the rows of the chart."""
    paid = sorted(found.rows, key=lambda row: (-row.line.paid_fen, row.line.name))
    return [(row.line.name, yuan_number(row.line.paid_fen)) for row in paid]


def named(names: Purposes, kind: str, key: int) -> Named:
    """The name of a record that money is for; a kind that nobody names is said as such."""
    if not kind:
        return Named(_("the line itself"))
    purpose = names.get((kind, key))
    if purpose is None:
        return Named(label(f"purpose.{kind}"))
    return Named(purpose.number, purpose.title, purpose.address)


def way_text(entry: EntryRow) -> str:
    """From where to where an entry moves money."""
    words: str = _(
        "%(source)s → %(target)s",
        source=label(f"bucket.{entry.source}"),
        target=label(f"bucket.{entry.target}"),
    )
    return words


def newest_first(entries: Iterable[EntryRow]) -> list[EntryRow]:
    """Entries as a page lists them."""
    return list(entries)[::-1]
