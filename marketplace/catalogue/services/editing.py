"""Putting versions of items, rules and synonyms in force; a stamp for each part that changed."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import func, select

from marketplace.catalogue import events, models, policy
from marketplace.catalogue.queries import listed, reference
from marketplace.catalogue.rules import items
from marketplace.catalogue.rules.reference import Part, check_value
from marketplace.catalogue.services.versions import next_version
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import LimitUnit


def hold(uow: UnitOfWork, part: Part) -> models.CatalogueStamp:
    """Lock the part for this act, so that acts on one part follow each other."""
    query = (
        select(models.CatalogueStamp)
        .where(models.CatalogueStamp.part == part.value)
        .with_for_update()
    )
    stamp = uow.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if stamp is None:
        stamp = models.CatalogueStamp(part=part.value, token=_new_token())
        uow.session.add(stamp)
        uow.session.flush()
    return stamp


def renew(stamp: models.CatalogueStamp) -> None:
    """Tell every process that the part has changed."""
    stamp.token = _new_token()


def _new_token() -> str:
    return secrets.token_hex(16)


_ALLOWED = {
    "limit_unit": frozenset(unit.value for unit in LimitUnit),
    "limit_basis": frozenset({"law", "ministry_rule", "other_region_example", "assumption"}),
}


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
    open_to: items.OpenTo
    payer_basis: str
    payer_basis_en: str
    payer_document: str
    departments_now: list[str]
    prepares: list[str]
    papers_owed: list[list[str]]
    checks: list[list[str]]
    requirements: dict[str, Any]
    approvals: list[str]


def put_item_version_in_force(uow: UnitOfWork, *, code: str, **changes: Unpack[ItemChanges]) -> int:
    """Make a new version of an item hold from today on; returns the version's id.

    What is not named stays as it was; the version before ends today and stays readable. Raises
    `NotFound` for an unknown item. Refuses values no item can have, requirements that name
    unknown qualifications, approval items or prepared items, another payer without the number of
    the document that says so and its basis, and a version that changes nothing. A market service
    has no limit and ends by a version that is open to nobody, which needs no document.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    before = _version_in_force(uow, code)
    facts: dict[str, Any] = dict(changes)
    _check_facts(uow, before.kind, facts)
    _check_payer(before, facts)
    codes = facts.pop("approvals", None)
    linked = list(before.approvals)
    approvals = linked if codes is None else _approvals(uow, codes, {one.code for one in linked})
    changed = tuple(sorted(name for name in facts if getattr(before, name) != facts[name]))
    if [one.id for one in approvals] != [one.id for one in before.approvals]:
        changed += ("approvals",)
    if not changed:
        raise Refused("catalogue.item_unchanged")
    today = local_date(uow.now)
    version = next_version(uow, before, today, {**facts, "approvals": approvals})
    renew(stamp)
    uow.record(
        events.ItemVersionInForce(before.item_id, code, version.id, version.number, today, changed)
    )
    return version.id


# Operators' own services are numbered from here on, so that shipped ones never meet them.
_FIRST_OWN, _LAST_OWN = 51, 99

_OF_A_SERVICE: dict[str, Any] = {
    "limit_unit": LimitUnit.WORKDAYS.value,
    "limit_basis": "assumption",
    "variants": [],
    "open_to": items.OpenTo.ENTERPRISE,
    "commissioned_by_plan": "enterprise",
    "departments_2018": [],
}


def add_market_service(uow: UnitOfWork, *, stage: str, **facts: Unpack[ItemChanges]) -> str:
    """Offer one more market service from today on; returns the code it was given.

    Raises `NotFound` for an unknown stage; refuses what no version of it could say.
    """
    stamp = hold(uow, Part.ITEMS)
    policy.may_edit_catalogue(uow.actor).require()
    said: dict[str, Any] = _OF_A_SERVICE | dict(facts)
    _check_facts(uow, items.ItemKind.MARKET, said)
    if not said.get("payer_basis", "").strip():
        raise Refused("catalogue.payer_basis", field="payer_basis")
    found = uow.session.scalars(select(models.Stage).where(models.Stage.code == stage))
    if (within := found.one_or_none()) is None:
        raise NotFound
    item = models.Item(
        code=_next_code(uow),
        kind=items.ItemKind.MARKET,
        position=(uow.session.scalar(select(func.max(models.Item.position))) or 0) + 1,
        stage=within,
    )
    linked, today = _approvals(uow, said.pop("approvals", ())), local_date(uow.now)
    version = uow.add(
        models.ItemVersion(item=item, number=1, valid_from=today, approvals=linked, **said)
    )
    renew(stamp)
    uow.record(events.ItemVersionInForce(item.id, item.code, version.id, 1, today, ()))
    return item.code


def _next_code(uow: UnitOfWork) -> str:
    own = models.Item.code.between(f"JL-S{_FIRST_OWN}", f"JL-S{_LAST_OWN}")
    last = uow.session.scalar(select(func.max(models.Item.code)).where(own))
    number = int(last.removeprefix("JL-S")) + 1 if last else _FIRST_OWN
    if number > _LAST_OWN:
        raise Refused("catalogue.no_code_left")
    return f"JL-S{number}"


def _version_in_force(uow: UnitOfWork, code: str) -> models.ItemVersion:
    query = (
        select(models.ItemVersion)
        .join(models.Item)
        .where(models.Item.code == code, models.ItemVersion.valid_to.is_(None))
        # What is commissioned meanwhile points to the version, and need not wait.
        .with_for_update(key_share=True)
    )
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_facts(uow: UnitOfWork, kind: items.ItemKind, facts: Mapping[str, Any]) -> None:
    if facts.get("limit_value", 1) < 1:
        raise Refused("catalogue.item_limit", field="limit_value")
    allowed = _ALLOWED | {"open_to": frozenset(items.OPEN_TO[kind])}
    wrong = [name for name in allowed if name in facts and facts[name] not in allowed[name]]
    wrong += [name for name in ("name", "name_en") if not str(facts.get(name, "-")).strip()]
    if not all(_is_variant(one) for one in facts.get("variants", ())):
        wrong.append("variants")
    if not all(set(one) == {"law", "article"} for one in facts.get("legal_basis", ())):
        wrong.append("legal_basis")
    if kind is items.ItemKind.MARKET:
        wrong += [name for name in ("limit_value", "variants") if facts.get(name)]
    if not set(facts.get("prepares", ())) <= _may_prepare(uow, kind):
        wrong.append("prepares")
    if wrong:
        raise Refused("catalogue.item_value", field=wrong[0])
    _check_lines(facts)
    _check_requirements(uow, facts.get("requirements", {}))


def _check_lines(facts: Mapping[str, Any]) -> None:
    for name in items.LISTS:
        if not items.are_lines(facts.get(name, ())):
            raise Refused(
                "catalogue.lines", field=name, most=items.MOST_LINES, longest=items.LONGEST_LINE
            )


def _may_prepare(uow: UnitOfWork, kind: items.ItemKind) -> set[str]:
    """The listed items whose object a service may produce; listed items produce none."""
    if kind is items.ItemKind.LISTED:
        return set()
    query = select(models.Item.code).where(models.Item.kind == items.ItemKind.LISTED)
    return set(uow.session.scalars(query))


def _check_payer(before: models.ItemVersion, facts: dict[str, Any]) -> None:
    """Who may commission an item, and by which rule they pay, changes by a document only."""
    basis = facts.get("payer_basis", before.payer_basis)
    other_payer = facts.get("open_to", before.open_to) != before.open_to
    if not basis.strip() or (other_payer and basis == before.payer_basis):
        raise Refused("catalogue.payer_basis", field="payer_basis")
    if not other_payer and basis == before.payer_basis:
        facts.pop("payer_document", None)
        return
    if before.kind is items.ItemKind.LISTED and not facts.get("payer_document", "").strip():
        raise Refused("catalogue.payer_document", field="payer_document")
    facts.setdefault("payer_basis_en", "")


def _is_variant(one: Mapping[str, Any]) -> bool:
    return set(one) == {"name", "name_en", "value"} and one["value"] > 0


def _check_requirements(uow: UnitOfWork, data: Mapping[str, Any]) -> None:
    try:
        requirements = items.Requirements.from_data(data)
    except TypeError:
        raise Refused("catalogue.item_requirements", field="requirements") from None
    for need in requirements.all_of + requirements.any_of:
        if not _is_known(uow, need):
            raise Refused("catalogue.item_requirements", field="requirements")


def _is_known(uow: UnitOfWork, need: items.Need) -> bool:
    kind = reference.qualification_kind(uow.session, need.kind)
    if kind is None or kind.ended:
        return False
    levels = {"", *(level.name for level in kind.levels)}
    specialties = {"", *(specialty.name for specialty in kind.specialties)}
    return need.level_at_least in levels and need.specialty in specialties


def _approvals(
    uow: UnitOfWork, codes: Sequence[str], linked: Collection[str] = ()
) -> list[models.ApprovalItem]:
    """The approval items of these codes; one that has ended is not linked anew."""
    today = local_date(uow.now)
    ended = {
        one.code
        for one in listed.approval_items(uow.session)
        if one.last.ended and one.last.valid_from <= today
    }
    if ended & (set(codes) - set(linked)):
        raise Refused("catalogue.approval_ended", field="approvals")
    query = (
        select(models.ApprovalItem)
        .where(models.ApprovalItem.code.in_(codes))
        .order_by(models.ApprovalItem.code)
    )
    rows = list(uow.session.scalars(query))
    if len(rows) != len(set(codes)):
        raise Refused("catalogue.item_value", field="approvals")
    return rows


_LONGEST_TERM = 40

_MOST_MEANINGS = 12


def add_rulebook_entry(
    uow: UnitOfWork,
    *,
    key: str,
    value: Any,
    valid_from: date,
    source: str = "",
    note: str = "",
) -> int:
    """Give a rule a new value from a day on; returns the entry's id.

    What held before stays on record. Refuses an unknown rule, a value of another shape, a day
    that is past, and a second value for the same day.
    """
    stamp = hold(uow, Part.RULEBOOK)
    policy.may_edit_catalogue(uow.actor).require()
    book = reference.rulebook(uow.session)
    if key not in book:
        raise Refused("catalogue.unknown_rule", field="key")
    if valid_from < local_date(uow.now):
        raise Refused("catalogue.rule_in_the_past", field="valid_from")
    if any(entry.valid_from == valid_from for entry in book.history(key)):
        raise Refused("catalogue.rule_dated_twice", field="valid_from")
    before = book.entry(key, valid_from)
    check_value(before.value, value)
    entry = uow.add(
        models.RulebookEntry(
            key=key,
            value=value,
            unit=before.unit,
            valid_from=valid_from,
            source=source.strip(),
            note=note.strip(),
            added_at=uow.now,
        )
    )
    renew(stamp)
    uow.record(events.RulebookEntryAdded(entry.id, key, valid_from))
    return entry.id


def put_synonym(uow: UnitOfWork, *, term: str, meanings: list[str]) -> str:
    """Say what a search for `term` also looks for; returns the synonym's public id.

    A known term gets the new meanings. Refuses an empty or overlong term, and meanings that
    are none, too many, or the term itself.
    """
    stamp = hold(uow, Part.SYNONYMS)
    policy.may_edit_catalogue(uow.actor).require()
    term = "".join(term.split())
    if not term or len(term) > _LONGEST_TERM:
        raise Refused("catalogue.synonym_term", field="term")
    found = list(dict.fromkeys("".join(one.split()) for one in meanings if one.strip()))
    too_long = any(len(one) > _LONGEST_TERM for one in found)
    if not found or len(found) > _MOST_MEANINGS or too_long or term in found:
        raise Refused("catalogue.synonym_meanings", field="meanings")
    row = uow.session.scalars(
        select(models.Synonym).where(models.Synonym.term == term)
    ).one_or_none()
    if row is None:
        row = uow.add(models.Synonym(term=term, meanings=found))
    else:
        row.meanings = found
    renew(stamp)
    uow.record(events.SynonymPut(row.id))
    return row.public_id


def remove_synonym(uow: UnitOfWork, *, public_id: str) -> None:
    """Forget a search synonym; raises `NotFound` when there is none of that id."""
    stamp = hold(uow, Part.SYNONYMS)
    row = uow.lock(models.Synonym, public_id)
    policy.may_edit_catalogue(uow.actor).require()
    uow.session.delete(row)
    renew(stamp)
    uow.record(events.SynonymRemoved(row.id))
