"""The queue's filters as the address line carries them."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.vetting.queries.rows import QueueFilter, QueuePage
from marketplace.vetting.rules import CaseKind, CaseState
from marketplace.web.filters import Group, boxes, radios, text_field, without
from marketplace.web.wording import label
from marketplace.web.words import local_name

_WHOSE = ("mine", "waiting", "decide")
_DUE = ("overdue", "soon")
_SORTS = ("", "due", "newest", "number")
_LAST_PAGE = 10_000


def organisation_of(actor: Actor) -> int:
    """The organisation the actor acts for."""
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def user_of(actor: Actor) -> int:
    """The person who acts."""
    if actor.user_id is None:
        raise NotFound
    return actor.user_id


def _one(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def _page(text: str) -> int:
    return min(int(text), _LAST_PAGE) if text.isdecimal() and len(text) < 9 else 1


def read(args: "MultiDict[str, str]") -> QueueFilter:
    """The filter an address asks for; what it does not understand is left out."""
    return QueueFilter(
        text=args.get("q", "").strip()[:80],
        states=tuple(CaseState(s) for s in args.getlist("state") if s in set(CaseState)),
        kinds=tuple(CaseKind(k) for k in args.getlist("kind") if k in set(CaseKind)),
        items=tuple(code[:10] for code in args.getlist("item") if code),
        whose=_one(args.get("whose", ""), _WHOSE),
        due=_one(args.get("due", ""), _DUE),
        sort=_one(args.get("sort", ""), _SORTS),
        page=_page(args.get("page", "1")),
    )


def _whose_words() -> dict[str, str]:
    return {
        "mine": _("My cases"),
        "waiting": _("Waiting for an examiner"),
        "decide": _("For me to decide"),
    }


def _due_words() -> dict[str, str]:
    return {"overdue": _("Overdue"), "soon": _("Due within 3 working days")}


def groups(wanted: QueueFilter, listed: QueuePage) -> list[Group]:
    """The filter panel."""
    states = {state: label(f"case_state.{state}") for state in CaseState}
    items = {item.code: local_name(item) for item in listed.items}
    kinds = {kind: label(f"case_kind.{kind}") for kind in CaseKind}
    return [
        text_field("q", _("Institution or number"), wanted.text),
        radios("whose", _("Whose turn"), _whose_words(), wanted.whose),
        radios("due", _("Due day"), _due_words(), wanted.due),
        boxes("state", _("State"), states, wanted.states, listed.state_counts),
        boxes("item", _("Item"), items, wanted.items, listed.item_counts),
        boxes("kind", _("Kind"), kinds, wanted.kinds),
    ]


def chosen(wanted: QueueFilter, listed: QueuePage) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    items = {item.code: local_name(item) for item in listed.items}
    found = [(wanted.text, "q", wanted.text)] if wanted.text else []
    if wanted.whose:
        found.append((_whose_words()[wanted.whose], "whose", wanted.whose))
    if wanted.due:
        found.append((_due_words()[wanted.due], "due", wanted.due))
    found += [(label(f"case_state.{s}"), "state", s.value) for s in wanted.states]
    found += [(items.get(code, code), "item", code) for code in wanted.items]
    found += [(label(f"case_kind.{k}"), "kind", k.value) for k in wanted.kinds]
    return [(text, without(url_for(".queue"), name, value)) for text, name, value in found]


def sorts() -> list[tuple[str, str]]:
    """The orders of the list."""
    return [
        ("", _("My turn first")),
        ("due", _("Due day")),
        ("newest", _("Newest first")),
        ("number", _("Case number")),
    ]
