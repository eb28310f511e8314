"""The institution says who does a work."""

from collections.abc import Collection

from sqlalchemy import update

from marketplace.engagements.services.working import lock_engagement
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.staffing import policy, queries
from marketplace.staffing.events import PractitionersNamed
from marketplace.staffing.models import NamedPractitioner


def name_practitioners(
    uow: UnitOfWork, *, engagement: int | str, practitioners: Collection[str]
) -> None:
    """From now on these practitioners (public ids) do the work, and nobody else.

    Who is named in another work on the same days is said to both sides and not refused. Refuses
    `staffing.unknown` for somebody who is not in force in the institution's dossier; outsiders
    find no work (`NotFound`).
    """
    row, standing = lock_engagement(uow, engagement)
    policy.may_name(uow.actor, standing).require()
    today = local_date(uow.now)
    offered = queries.nameable(uow.session, row.id, row.listing_id, today)
    chosen = [one for one in offered if one.person.public_id in set(practitioners)]
    if len(chosen) < len(set(practitioners)):
        raise Refused("staffing.unknown", field="practitioners")
    present, wanted = queries.lines_named(uow.session, row.id), {one.person.line for one in chosen}
    if set(present) == wanted:
        return
    gone = [key for line, key in present.items() if line not in wanted]
    _end(uow, gone)
    for one in chosen:
        if one.person.line not in present:
            uow.add(_named(uow, row.id, row.listing_id, one))
    elsewhere = sum(1 for one in chosen if one.elsewhere)
    uow.record(PractitionersNamed.of(row, count=len(chosen), also_elsewhere=elsewhere))


def _named(
    uow: UnitOfWork, engagement_id: int, listing_id: int, one: queries.Named
) -> NamedPractitioner:
    return NamedPractitioner(
        engagement_id=engagement_id,
        listing_id=listing_id,
        institution_id=one.person.institution_id,
        practitioner_id=one.person.id,
        line=one.person.line,
        named_at=uow.now,
        named_by=uow.actor.user_id,
    )


def _end(uow: UnitOfWork, ids: Collection[int]) -> None:
    if ids:
        uow.session.execute(
            update(NamedPractitioner).where(NamedPractitioner.id.in_(ids)).values(ended_at=uow.now)
        )
