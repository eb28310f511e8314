"""How money is shown: bars, charts, names of what it is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from flask_babel import gettext as _

from marketplace.budgets.queries import BudgetDesk, EntryRow, Purposes
from marketplace.budgets.rules import Bucket, yuan_text
from marketplace.web.wording import label

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


def yuan(fen: int) -> Decimal:
    """Yuan to the fen, as a number."""
    return Decimal(fen).scaleb(-2).quantize(Decimal("0.01"))


def bar(kept: Kept) -> list[dict[str, object]]:
    """The parts of a line for `stacked_bar`, in the order paid, committed, reserved, free."""
    return [
        {
            "text": label(f"bucket.{bucket}"),
            "value": getattr(kept, f"{bucket}_fen"),
            "shown": _("%(amount)s yuan", amount=yuan_text(getattr(kept, f"{bucket}_fen"))),
        }
        for bucket in BUCKETS
    ]


def paid_by_line(found: BudgetDesk) -> list[tuple[str, Decimal]]:
    """What was paid on each line, the largest first: the rows of the chart."""
    paid = sorted(found.rows, key=lambda row: (-row.line.paid_fen, row.line.name))
    return [(row.line.name, yuan(row.line.paid_fen)) for row in paid]


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
