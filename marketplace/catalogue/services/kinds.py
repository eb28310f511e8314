"""Kinds of qualification: added, changed by new versions, ended when nobody needs them."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import func, select

from marketplace.catalogue import events, models, policy
from marketplace.catalogue.queries import kinds, reference
from marketplace.catalogue.queries.rows import KindRow
from marketplace.catalogue.rules.kinds import check_kept, read_code, read_terms
from marketplace.catalogue.rules.reference import Part
from marketplace.catalogue.services.editing import hold, renew
from marketplace.catalogue.services.versions import changed_in, check_seen, next_version, reason_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.characters import same_name
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date


class KindFacts(TypedDict, total=False):
    """What may differ in a new version; levels and specialties are pairs of name and English."""

    name: str
    name_en: str
    levels: list[list[str]]
    specialties: list[list[str]]


def add_kind(uow: UnitOfWork, *, code: str, reason: str, **facts: Unpack[KindFacts]) -> str:
    """Know one more kind of qualification from today on; returns its code.

    Items may ask for it at once. Refuses a code or a name that another kind has, and levels or
    specialties that stand there twice or lack their English.
    """
    stamp = _hold(uow)
    policy.may_edit_catalogue(uow.actor).require()
    code = read_code(code)
    if reference.qualification_kind(uow.session, code) is not None:
        raise Refused("catalogue.kind_code_taken", field="code")
    said = _read(uow, code, {"levels": [], "specialties": [], **facts})
    last = uow.session.scalar(select(func.max(models.QualificationKind.position))) or 0
    kind = uow.add(models.QualificationKind(code=code, position=last + 1))
    today = local_date(uow.now)
    uow.add(
        models.QualificationKindVersion(
            kind=kind, number=1, valid_from=today, ended=False, reason=reason_of(reason), **said
        )
    )
    renew(stamp)
    uow.record(events.KindVersionInForce(kind.id, code, 1, today, ()), words=reason)
    return code


def put_kind_in_force(
    uow: UnitOfWork, *, code: str, seen: int, reason: str, **facts: Unpack[KindFacts]
) -> int:
    """Make a new version of a kind hold from today on; returns its number.

    `seen` is the number of the version it goes on from. One that has ended is offered again. Raises
    `NotFound`; refuses a version that changes nothing, and to take away a level or a specialty
    that somebody holds or an item asks for.
    """
    stamp = _hold(uow)
    policy.may_edit_catalogue(uow.actor).require()
    last = _last(uow, code)
    check_seen(last, seen)
    said = _read(uow, code, dict(facts)) | {"ended": False}
    changed = changed_in(last, said)
    check_kept(said, kinds.used(uow.session, code))
    said["reason"] = reason_of(reason)
    row = next_version(uow, last, local_date(uow.now), said)
    renew(stamp)
    uow.record(
        events.KindVersionInForce(row.kind.id, code, row.number, row.valid_from, changed),
        words=reason,
    )
    return row.number


def end_kind(uow: UnitOfWork, *, code: str, seen: int, reason: str) -> None:
    """Offer a kind no more from today on; it stays readable where it was named.

    Raises `NotFound`; refuses one that an item asks for or an institution holds or has drafted.
    """
    stamp = _hold(uow)
    policy.may_edit_catalogue(uow.actor).require()
    last = _last(uow, code)
    check_seen(last, seen)
    if last.ended:
        raise Refused("catalogue.kind_ended")
    if kinds.used(uow.session, code):
        raise Refused("catalogue.kind_used")
    said = {"ended": True, "reason": reason_of(reason)}
    row = next_version(uow, last, local_date(uow.now), said)
    renew(stamp)
    uow.record(events.KindEnded(row.kind.id, code, row.number, row.valid_from), words=reason)


def hold_kind(uow: UnitOfWork, code: str) -> KindRow | None:
    """The kind as it may be held now, kept from changing until this act is over; None without."""
    query = select(models.QualificationKind.id).where(models.QualificationKind.code == code)
    uow.session.scalar(query.with_for_update(read=True))
    row = reference.qualification_kind(uow.session, code)
    return None if row is None or row.ended else row


def _hold(uow: UnitOfWork) -> models.CatalogueStamp:
    """No item may begin to ask for a kind while it changes."""
    hold(uow, Part.ITEMS)
    return hold(uow, Part.KINDS)


def _last(uow: UnitOfWork, code: str) -> models.QualificationKindVersion:
    kind = models.QualificationKind
    # No certificate of the kind is entered meanwhile.
    if uow.session.scalar(select(kind.id).where(kind.code == code).with_for_update()) is None:
        raise NotFound
    version = models.QualificationKindVersion
    query = select(version).where(version.code == code, version.valid_to.is_(None))
    return uow.session.scalars(query).one()


def _read(uow: UnitOfWork, code: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept."""
    for field in ("name", "name_en"):
        if field in facts:
            facts[field] = facts[field].strip()
            if not facts[field]:
                raise Refused("catalogue.kind_name", field=field)
    for field in ("levels", "specialties"):
        if field in facts:
            facts[field] = read_terms(field, facts[field])
    others = (row for row in reference.kinds_offered(uow.session) if row.code != code)
    if any(same_name(row.name, facts.get("name", "")) for row in others):
        raise Refused("catalogue.kind_name_taken", field="name")
    return facts
