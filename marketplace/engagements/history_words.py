"""What the history of an engagement says: the event with the day, amount or version it names."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flask_babel import gettext as _

from marketplace.engagements.queries import HistoryEntry
from marketplace.web.wording import event_text, label
from marketplace.web.words import yuan

Told: TypeAlias = Mapping[str, object]


def history_text(entry: HistoryEntry) -> str:
    """What happened, with what belongs to it."""
    more = _MORE.get(entry.kind)
    words = event_text(entry.kind)
    return words if more is None else f"{words} {more(entry.payload)}"


def _answer_by(told: Told) -> str:
    return str(_("Answer by %(day)s.", day=told["answer_by"]))


def _contract_by(told: Told) -> str:
    return str(_("Contract by %(day)s.", day=told["contract_by"]))


def _due(told: Told) -> str:
    return str(_("Due on %(day)s.", day=told["due_on"]))


def _amount(told: Told) -> str:
    return str(_("Amount: %(amount)s yuan.", amount=_yuan(told["amount_fen"])))


def _yuan(fen: object) -> str:
    return yuan(fen if isinstance(fen, int) else 0)


def _version(told: Told) -> str:
    return str(_("Version %(version)s.", version=told["version"]))


def _returned(told: Told) -> str:
    return f"{_version(told)} {_due(told)}"


def _accepted(told: Told) -> str:
    timely = _("Delivered within the limit.") if told["within_limit"] else _("Delivered late.")
    return f"{_version(told)} {timely}"


def _awaited(told: Told) -> str:
    what = label(f"engagement.{told['what']}")
    return str(_("%(what)s, by %(day)s.", what=what, day=told["due_on"]))


def _moved(told: Told) -> str:
    old, new = told["due_was"], told["due_on"]
    return str(_("It was %(old)s and is now %(new)s.", old=old, new=new))


_MORE: dict[str, Callable[[Told], str]] = {
    "engagement.requested": _answer_by,
    "engagement.taken_on": _contract_by,
    "engagement.contracted": _amount,
    "engagement.started": _due,
    "engagement.resumed": _due,
    "engagement.delivered": _version,
    "engagement.returned": _returned,
    "engagement.accepted": _accepted,
    "engagement.due_soon": _awaited,
    "engagement.overdue": _awaited,
    "engagement.due_moved": _moved,
    "engagement.payment_asked": _amount,
    "engagement.paid": _amount,
}
