"""The list of a party's engagements: its filters as the address line carries them, its workbook."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.engagements import policy, wording
from marketplace.engagements.queries import lists
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.rules import OPEN, State
from marketplace.engagements.views.blueprint import bp, own_organisation, today
from marketplace.kernel.actors import Role
from marketplace.web import sheets
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import Group, boxes, radios, same_list, text_field, without
from marketplace.web.guard import for_roles
from marketplace.web.sheets import download
from marketplace.web.submit import page as show_page
from marketplace.web.wording import label
from marketplace.web.words import day, local_name, yuan

parties = for_roles(
    Role.ENTERPRISE_AGENT,
    Role.INSTITUTION_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
    Role.BUDGET_OFFICER,
)


@bp.get("/engagements")
@parties
def mine() -> ResponseReturnValue:
    """The engagements of my organisation: my turn first, the most urgent first."""
    own, wanted = own_organisation(), read(request.args)
    rows = lists.engagements_of(reading_session(), own, today())
    shown = listed(rows, wanted, own)
    return show_page(
        "engagements/mine.html",
        listed=shown,
        wanted=wanted,
        own=own,
        groups=groups(wanted, shown),
        chosen=chosen(wanted, shown),
        sorts=sorts(),
        may_request=policy.may_request(current_actor()),
        export=same_list(url_for(".export")),
    )


@bp.get("/engagements/export.xlsx")
@parties
def export() -> ResponseReturnValue:
    """The engagements that the filters find, as a workbook."""
    own = own_organisation()
    rows = lists.engagements_of(reading_session(), own, today())
    kept = found(rows, read(request.args), own)
    return download(workbook(kept), f"engagements-{today()}")


PAGE_SIZE = 25
_TURNS = ("mine", "other")
_LIGHTS = ("red", "yellow", "green", "paused")
_SORTS = ("", "due", "newest", "number")
_LIGHT_ORDER = {"red": 0, "yellow": 1, "green": 2, "paused": 3, "none": 4}
_LAST_PAGE = 10_000


@dataclass(frozen=True)
class Wanted:
    """What the address line asks for; without a chosen state only open ones are listed."""

    text: str = ""
    states: tuple[State, ...] = ()
    items: tuple[str, ...] = ()
    turn: str = ""
    light: str = ""
    sort: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """One page of the list, and the counts beside the filters."""

    rows: tuple[EngagementRow, ...]
    total: int
    page: int
    pages: int
    states: Counter[State]
    items: Counter[str]
    item_names: dict[str, str]


def _one(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def read(args: "MultiDict[str, str]") -> Wanted:
    """The filter an address asks for; what it does not understand is left out."""
    page = args.get("page", "1")
    return Wanted(
        text=args.get("q", "").strip()[:80],
        states=tuple(State(s) for s in args.getlist("state") if s in set(State)),
        items=tuple(code[:10] for code in args.getlist("item") if code),
        turn=_one(args.get("turn", ""), _TURNS),
        light=_one(args.get("light", ""), _LIGHTS),
        sort=_one(args.get("sort", ""), _SORTS),
        page=min(int(page), _LAST_PAGE) if page.isdecimal() and len(page) < 9 else 1,
    )


def found(rows: Iterable[EngagementRow], wanted: Wanted, own: int) -> list[EngagementRow]:
    """The engagements the filters find, in the order asked for."""
    kept = [row for row in rows if _fits(row, wanted, own)]
    kept.sort(key=lambda row: row.id, reverse=True)
    if wanted.sort == "number":
        kept.sort(key=lambda row: row.number)
    elif wanted.sort == "due":
        kept.sort(key=lambda row: row.turn_due_on or date.max)
    elif wanted.sort == "":
        kept.sort(key=lambda row: _urgency(row, own))
    return kept


def _urgency(row: EngagementRow, own: int) -> tuple[bool, int, date]:
    mine = row.owes_organisation_id == own
    return (not mine, _LIGHT_ORDER[row.light], row.turn_due_on or date.max)


def _fits(row: EngagementRow, wanted: Wanted, own: int) -> bool:
    mine = row.owes_organisation_id == own
    return (
        (row.state in wanted.states if wanted.states else row.state in OPEN)
        and (not wanted.items or row.item_code in wanted.items)
        and (not wanted.turn or mine == (wanted.turn == "mine"))
        and (not wanted.light or row.light == wanted.light)
        and _says(row, wanted.text)
    )


def _says(row: EngagementRow, text: str) -> bool:
    said = (row.number, row.project_name, row.project_code, row.client_name, row.provider_name)
    return not text or any(text.casefold() in one.casefold() for one in said)


def listed(rows: Sequence[EngagementRow], wanted: Wanted, own: int) -> Listed:
    """One page of what the filters find."""
    kept = found(rows, wanted, own)
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    return Listed(
        rows=tuple(kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        total=len(kept),
        page=page,
        pages=pages,
        states=Counter(row.state for row in rows),
        items=Counter(row.item_code for row in rows),
        item_names={row.item_code: local_name(row.item) for row in rows},
    )


def _turn_words() -> dict[str, str]:
    return {"mine": _("My turn"), "other": _("The other side's turn")}


def _light_words() -> dict[str, str]:
    return {one: label(f"light.{one}") for one in _LIGHTS[:3]} | {"paused": _("Clock paused")}


def groups(wanted: Wanted, shown: Listed) -> list[Group]:
    """The filter panel."""
    states = {state: label(f"engagement_state.{state}") for state in State}
    items = {code: shown.item_names[code] for code in sorted(shown.items)}
    return [
        text_field("q", _("Number, project or name"), wanted.text),
        radios("turn", _("Whose turn"), _turn_words(), wanted.turn),
        radios("light", _("Light"), _light_words(), wanted.light),
        boxes("state", _("State"), states, wanted.states, shown.states),
        boxes("item", _("Item"), items, wanted.items, shown.items),
    ]


def chosen(wanted: Wanted, shown: Listed) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    told = [(wanted.text, "q", wanted.text)] if wanted.text else []
    if wanted.turn:
        told.append((_turn_words()[wanted.turn], "turn", wanted.turn))
    if wanted.light:
        told.append((_light_words()[wanted.light], "light", wanted.light))
    told += [(label(f"engagement_state.{s}"), "state", s.value) for s in wanted.states]
    told += [(shown.item_names.get(code, code), "item", code) for code in wanted.items]
    return [(text, without(url_for(".mine"), name, value)) for text, name, value in told]


def sorts() -> list[tuple[str, str]]:
    """The orders of the list."""
    return [
        ("", _("My turn first")),
        ("due", _("Due day")),
        ("newest", _("Newest first")),
        ("number", _("Number")),
    ]


def workbook(rows: Iterable[EngagementRow]) -> bytes:
    """The rows as an .xlsx file."""
    columns = [
        (_("Engagement number"), 18),
        (_("Project"), 36),
        (_("Project code"), 26),
        (_("Item"), 36),
        (_("Client"), 30),
        (_("Institution"), 30),
        (_("State"), 16),
        (_("Whose turn"), 34),
        (_("Light"), 12),
        (_("Due day"), 14),
        (_("Amount of the contract in yuan"), 18),
        (_("Requested on"), 14),
        (_("Accepted on"), 14),
        (_("Returns"), 10),
        (_("Within the limit"), 12),
    ]
    return sheets.workbook(columns, map(_cells, rows))


def _cells(row: EngagementRow) -> list[str]:
    return [
        row.number,
        row.project_name,
        row.project_code,
        f"{row.item_code} {wording.item_text(row)}",
        row.client_name,
        row.provider_name,
        label(f"engagement_state.{row.state}"),
        wording.owes_text(row),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.turn_due_on),
        yuan(row.amount_fen),
        day(row.requested_at),
        day(row.accepted_at),
        str(row.returns),
        "" if row.within_limit is None else _("yes") if row.within_limit else _("no"),
    ]
