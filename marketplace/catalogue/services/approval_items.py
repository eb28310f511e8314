"""Approval items: added, changed and ended from a day on; what calls for which item."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from marketplace.catalogue import events, models, policy
from marketplace.catalogue.queries import ItemRow, listed
from marketplace.catalogue.rules.approval_items import check_facts, read_code
from marketplace.catalogue.rules.reference import Part
from marketplace.catalogue.services.editing import hold, put_item_version_in_force, renew
from marketplace.catalogue.services.versions import (
    changed_in,
    check_day,
    check_seen,
    next_version,
    reason_of,
)
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused


class ApprovalFacts(TypedDict, total=False):
    """What may differ in a new version; `stage` is the code of a stage.

    `departments` are kinds of department by their names of 2018.
    """

    stage: str
    name: str
    name_en: str
    applies_to: str
    departments: list[str]
    statutory_limit: str
    statutory_limit_en: str
    law: str
    condition: str
    condition_en: str


_EMPTY: ApprovalFacts = {
    "stage": "",
    "name": "",
    "name_en": "",
    "applies_to": "",
    "departments": [],
    "statutory_limit": "",
    "statutory_limit_en": "",
    "law": "",
    "condition": "",
    "condition_en": "",
}


def add_approval_item(
    uow: UnitOfWork, *, code: str, valid_from: date, reason: str, **facts: Unpack[ApprovalFacts]
) -> str:
    """Know one more approval item from a day on; returns its code.

    The code is the one by which the approval platform names it: projects that have it already call
    for what is linked with it. Refuses a code that is taken, and what no approval item says.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    code = read_code(code)
    if any(one.code == code for one in listed.approval_items(uow.session)):
        raise Refused("catalogue.approval_code_taken", field="code")
    check_day(uow, None, valid_from)
    said = _read(uow, {**_EMPTY, **facts})
    check_facts(said, _departments(uow))
    item = uow.add(models.ApprovalItem(code=code, named_in_plan=False))
    uow.add(
        models.ApprovalItemVersion(
            item=item,
            number=1,
            valid_from=valid_from,
            ended=False,
            reason=reason_of(reason),
            **said,
        )
    )
    renew(stamp)
    uow.record(events.ApprovalItemVersionSet(item.id, code, 1, valid_from, ()), words=reason)
    return code


def set_approval_version(
    uow: UnitOfWork,
    *,
    code: str,
    seen: int,
    valid_from: date,
    reason: str,
    **facts: Unpack[ApprovalFacts],
) -> int:
    """Let an approval item say something else from a day on; returns the version's number.

    `seen` is the number of the version it goes on from. One that has ended is in force again.
    Raises `NotFound`; refuses a day before today or before that version, and a version that
    changes nothing.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    last = _last(uow, code)
    check_seen(last, seen)
    check_day(uow, last, valid_from)
    said = {**_read(uow, dict(facts)), "ended": False}
    check_facts({name: said.get(name, getattr(last, name)) for name in _CHECKED}, _departments(uow))
    changed = changed_in(last, said)
    row = next_version(uow, last, valid_from, {**said, "reason": reason_of(reason)})
    renew(stamp)
    uow.record(
        events.ApprovalItemVersionSet(row.item.id, code, row.number, valid_from, changed),
        words=reason,
    )
    return row.number


def end_approval_item(
    uow: UnitOfWork, *, code: str, seen: int, valid_from: date, reason: str
) -> None:
    """Let nothing call for an approval item from a day on; links and records stay as they are.

    Raises `NotFound`; refuses one that has ended, and a day before today or before the last change.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    last = _last(uow, code)
    check_seen(last, seen)
    if last.ended:
        raise Refused("catalogue.approval_ended_already")
    check_day(uow, last, valid_from)
    said = {"ended": True, "reason": reason_of(reason)}
    row = next_version(uow, last, valid_from, said)
    renew(stamp)
    uow.record(events.ApprovalItemEnded(row.item.id, code, row.number, valid_from), words=reason)


def link_items(uow: UnitOfWork, *, code: str, items: Collection[str], seen: Collection[str]) -> int:
    """Let an approval item call for these items and services from today on, and for no other.

    Each that was linked or not before gets a new version; returns how many. `seen` are those that
    were linked when the form was opened: `catalogue.moved` where others are by now. Raises
    `NotFound`; refuses an unknown item, and a new link with an approval item that has ended.
    """
    hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    _last(uow, code)
    offered = listed.by_code(uow.session)
    if not set(items) <= set(offered):
        raise Refused("catalogue.item_value", field="items")
    if {one for one, item in offered.items() if calls(item, code)} != set(seen):
        raise Refused("catalogue.moved")
    count = 0
    for item in offered.values():
        linked = [one.code for one in item.approvals]
        if (code in linked) == (item.code in items):
            continue
        others = [one for one in linked if one != code]
        put_item_version_in_force(
            uow, code=item.code, approvals=[*others, code] if item.code in items else others
        )
        count += 1
    if not count:
        raise Refused("catalogue.unchanged")
    return count


def calls(item: ItemRow, code: str) -> bool:
    """Whether an approval item is linked with an item."""
    return code in {one.code for one in item.approvals}


_CHECKED = ("name", "name_en", "departments", "applies_to", "condition", "condition_en")


def _last(uow: UnitOfWork, code: str) -> models.ApprovalItemVersion:
    version = models.ApprovalItemVersion
    query = select(version).where(version.code == code, version.valid_to.is_(None))
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _read(uow: UnitOfWork, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as the table keeps them."""
    said: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else list(value)
        for name, value in facts.items()
    }
    if "stage" in said:
        stages = {row.code: row.id for row in listed.stages(uow.session)}
        code = said.pop("stage")
        if code not in stages:
            raise Refused("catalogue.approval_stage", field="stage")
        said["stage_id"] = stages[code]
    return said


def _departments(uow: UnitOfWork) -> set[str]:
    return {row.name_2018 for row in listed.department_names(uow.session)}
