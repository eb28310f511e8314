"""Which association judges what."""

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.vetting import policy
from marketplace.vetting.events import CompetenceGranted, CompetenceWithdrawn
from marketplace.vetting.models import Competence


def _lock(uow: UnitOfWork, item_code: str, region_code: str) -> Competence | None:
    query = select(Competence).where(
        Competence.item_code == item_code, Competence.region_code == region_code
    )
    return uow.session.scalars(query.with_for_update()).one_or_none()


def grant_competence(
    uow: UnitOfWork, *, association_id: int, item_code: str, region_code: str
) -> None:
    """Make an association competent for an item in a region and all below it.

    There is one for each item and region: whoever had it before hands it over; cases already open
    stay where they are. Refused for an organisation that is no association.
    """
    held = _lock(uow, item_code, region_code)
    policy.may_govern_competence(uow.actor).require()
    item = catalogue.item(uow.session, item_code, None)
    region = catalogue.regions(uow.session).resolve(region_code)
    if region is None:
        raise NotFound
    association = accounts.organisation(uow.session, association_id)
    if Capacity.ASSOCIATION not in association.capacities:
        raise Refused("vetting.no_association_capacity")
    if held is None:
        held = _lock(uow, item.code, region)
    if held is not None and held.association_id == association_id:
        return
    if held is not None:
        _end(uow, held)
    row = uow.add(
        Competence(
            association_id=association_id,
            item_code=item.code,
            region_code=region,
            granted_at=uow.now,
        )
    )
    uow.record(CompetenceGranted.of(row))


def withdraw_competence(uow: UnitOfWork, *, item_code: str, region_code: str) -> None:
    """End a competence; new applications go to the association of the next region upwards."""
    held = _lock(uow, item_code, region_code)
    policy.may_govern_competence(uow.actor).require()
    if held is None:
        raise NotFound
    _end(uow, held)


def _end(uow: UnitOfWork, held: Competence) -> None:
    uow.record(CompetenceWithdrawn.of(held))
    uow.session.delete(held)
    uow.session.flush()
