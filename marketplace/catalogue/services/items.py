"""Putting a new version of an item in force."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from marketplace.catalogue import policy, queries
from marketplace.catalogue.events import ItemVersionInForce
from marketplace.catalogue.models import ApprovalItem, Item, ItemVersion
from marketplace.catalogue.rules import Need, Requirements
from marketplace.catalogue.rules.parts import Part
from marketplace.catalogue.services.stamps import hold, renew
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import LimitUnit

_ALLOWED = {
    "limit_unit": frozenset(unit.value for unit in LimitUnit),
    "limit_basis": frozenset({"law", "ministry_rule", "other_region_example", "assumption"}),
    "open_to": frozenset({"enterprise", "department", "either"}),
}
# Kept by the service, not by whoever asks for a new version.
_OWN_COLUMNS = frozenset({"id", "item_id", "number", "valid_from", "valid_to"})


class ItemChanges(TypedDict, total=False):
    """What may differ in a new version; `approvals` are codes of approval items."""

    name: str
    name_en: str
    limit_value: int
    limit_unit: str
    limit_basis: str
    variants: list[dict[str, Any]]
    legal_basis: list[dict[str, str]]
    service_content: str
    service_content_en: str
    provider_qualification: str
    provider_qualification_en: str
    conflict_rule: str
    conflict_rule_en: str
    open_to: str
    open_to_reason: str
    open_to_reason_en: str
    departments_now: list[str]
    requirements: dict[str, Any]
    approvals: list[str]


def put_item_version_in_force(uow: UnitOfWork, *, code: str, **changes: Unpack[ItemChanges]) -> int:
    """Make a new version of an item hold from today on; returns the version's id.

    What is not named stays as it was; the version before ends today and stays readable. Raises
    `NotFound` for an unknown item. Refuses values no item can have, requirements that name
    unknown qualifications, unknown approval items, and a version that changes nothing.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    before = _version_in_force(uow, code)
    facts: dict[str, Any] = dict(changes)
    _check_facts(facts)
    if "requirements" in facts:
        _check_requirements(uow, facts["requirements"])
    approvals = _approvals(uow, facts.pop("approvals", None), before)
    changed = tuple(sorted(name for name in facts if getattr(before, name) != facts[name]))
    if [one.id for one in approvals] != [one.id for one in before.approvals]:
        changed += ("approvals",)
    if not changed:
        raise Refused("catalogue.item_unchanged")
    today = local_date(uow.now)
    version = _succeed(uow, before, facts, approvals, today)
    renew(stamp)
    uow.record(ItemVersionInForce(before.item_id, code, version.id, version.number, today, changed))
    return version.id


def _version_in_force(uow: UnitOfWork, code: str) -> ItemVersion:
    query = (
        select(ItemVersion)
        .join(Item)
        .where(Item.code == code, ItemVersion.valid_to.is_(None))
        .with_for_update()
    )
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_facts(facts: Mapping[str, Any]) -> None:
    if facts.get("limit_value", 1) < 1:
        raise Refused("catalogue.item_limit", field="limit_value")
    for name, allowed in _ALLOWED.items():
        if name in facts and facts[name] not in allowed:
            raise Refused("catalogue.item_value", field=name)
    for name in ("name", "name_en"):
        if name in facts and not str(facts[name]).strip():
            raise Refused("catalogue.item_value", field=name)
    if not all(_is_variant(one) for one in facts.get("variants", ())):
        raise Refused("catalogue.item_value", field="variants")
    if not all(set(one) == {"law", "article"} for one in facts.get("legal_basis", ())):
        raise Refused("catalogue.item_value", field="legal_basis")


def _is_variant(one: Mapping[str, Any]) -> bool:
    return set(one) == {"name", "name_en", "value"} and one["value"] > 0


def _check_requirements(uow: UnitOfWork, data: Mapping[str, Any]) -> None:
    try:
        requirements = Requirements.from_data(data)
    except TypeError:
        raise Refused("catalogue.item_requirements", field="requirements") from None
    for need in requirements.all_of + requirements.any_of:
        if not _is_known(uow, need):
            raise Refused("catalogue.item_requirements", field="requirements")


def _is_known(uow: UnitOfWork, need: Need) -> bool:
    kind = queries.qualification_kind(uow.session, need.kind)
    if kind is None:
        return False
    levels = {"", *(level.name for level in kind.levels)}
    specialties = {"", *(specialty.name for specialty in kind.specialties)}
    return need.level_at_least in levels and need.specialty in specialties


def _approvals(uow: UnitOfWork, codes: list[str] | None, before: ItemVersion) -> list[ApprovalItem]:
    if codes is None:
        return list(before.approvals)
    query = select(ApprovalItem).where(ApprovalItem.code.in_(codes)).order_by(ApprovalItem.code)
    rows = list(uow.session.scalars(query))
    if len(rows) != len(set(codes)):
        raise Refused("catalogue.item_value", field="approvals")
    return rows


def _succeed(
    uow: UnitOfWork,
    before: ItemVersion,
    facts: Mapping[str, Any],
    approvals: list[ApprovalItem],
    today: date,
) -> ItemVersion:
    columns = {column.key for column in ItemVersion.__table__.columns} - _OWN_COLUMNS
    kept = {name: getattr(before, name) for name in columns}
    before.valid_to = today
    uow.session.flush()
    return uow.add(
        ItemVersion(
            **(kept | dict(facts)),
            item_id=before.item_id,
            number=before.number + 1,
            valid_from=today,
            approvals=approvals,
        )
    )
