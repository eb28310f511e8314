"""The blueprint of budgets, whose money its pages show, and how they say what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.budgets import policy
from marketplace.budgets.queries.appropriations import EntryRow
from marketplace.budgets.queries.spending import Purposes, purpose_of
from marketplace.budgets.rules import Bucket
from marketplace.budgets.wording import payment_tone
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import yuan
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, request_time
from marketplace.web.guard import for_roles
from marketplace.web.wording import label

bp = Blueprint("budgets", __name__)
readers = for_roles(*policy.READERS)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"payment_tone": payment_tone, "bar": bar, "way_text": way_text}


def today() -> date:
    """The business day of the request."""
    return local_date(request_time())


def my_department() -> int:
    """The department the actor acts for."""
    organisation = current_actor().organisation_id
    if organisation is None:
        raise NotFound
    return organisation


@dataclass(frozen=True)
class Named:
    """What money is for: its name and where it is read, as far as it is known."""

    text: str
    title: str = ""
    address: str = ""


NameOf: TypeAlias = Callable[[str, int], Named]


def named_by(purposes: Purposes) -> NameOf:
    """Names the records that money is for."""

    def name_of(kind: str, key: int) -> Named:
        if not kind:
            return Named(_("the line itself"))
        purpose = purpose_of(purposes, kind, key)
        return Named(purpose.number, purpose.title, purpose.address)

    return name_of


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


def bar(kept: Kept) -> list[dict[str, object]]:
    """The parts of a line for `stacked_bar`, from the end of money's way to its beginning."""
    parts = (
        (Bucket.PAID, kept.paid_fen),
        (Bucket.COMMITTED, kept.committed_fen),
        (Bucket.RESERVED, kept.reserved_fen),
        (Bucket.FREE, kept.free_fen),
    )
    return [
        {
            "text": label(f"bucket.{bucket}"),
            "value": fen,
            "shown": _("%(amount)s yuan", amount=yuan(fen)),
        }
        for bucket, fen in parts
    ]


def way_text(entry: EntryRow) -> str:
    """From where to where an entry moves money."""
    words: str = _(
        "%(source)s → %(target)s",
        source=label(f"bucket.{entry.source}"),
        target=label(f"bucket.{entry.target}"),
    )
    return words
