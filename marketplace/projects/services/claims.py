"""The claim on an item of a project: who commissions it pays for it, and nobody else meanwhile.

A pick and a publication each take the claim in their own transaction, so that a department and an
enterprise can never both commission the same item of a project.
"""

from sqlalchemy import select

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.projects import policy
from marketplace.projects.events import ItemClaimed, ItemClaimPassed, ItemReleased
from marketplace.projects.models import ItemClaim, Project
from marketplace.projects.policy import ProjectStanding
from marketplace.projects.queries.needing import need_on
from marketplace.projects.queries.reading import claim_of, may_claim
from marketplace.projects.rules import Claimant, falls_free

# The field in which a client says that it commissions although nobody knows of the need.
CONFIRMED = "need_confirmed"


def claim_item(
    uow: UnitOfWork,
    *,
    project_id: int,
    item_code: str,
    claimed_by: Claimant,
    record_kind: str,
    record_id: int,
    organisation_id: int | None = None,
    need_confirmed: bool = False,
) -> None:
    """Take the claim on an item for an engagement or a competition.

    `organisation_id` is the enterprise or department behind it, by default the actor's. Refused
    while somebody holds the item (the refusal says who), for a project that is not open or has
    another enterprise by now, and for what it does not need (`require_need`). Who may commission
    is asked by the caller (`policy.may_act_on`) before.
    """
    claimed_by = Claimant(claimed_by)
    holder = organisation_id or uow.actor.organisation_id
    project = _lock_open(uow, project_id, claimed_by, holder)
    held = claim_of(uow.session, project.id, item_code)
    if held is not None and (held.record_kind, held.record_id) == (record_kind, record_id):
        return
    may_claim(uow.session, held).require()
    _require_need(uow, project, item_code, need_confirmed)
    claim = ItemClaim(
        project_id=project.id,
        item_code=item_code,
        claimed_by=claimed_by,
        record_kind=record_kind,
        record_id=record_id,
        organisation_id=holder,
        claimed_at=uow.now,
    )
    uow.add(claim)
    uow.record(ItemClaimed(project.id, item_code, claim.claimed_by.value, record_kind, record_id))


def require_need(
    uow: UnitOfWork, *, project_id: int, item_code: str, need_confirmed: bool = False
) -> None:
    """Refuse what the actor's own project does not need now; hold its record until the act ends.

    Refuses `project.handed_over`, `project.item_taken`, `project.item_granted`,
    `project.item_not_asked` and, unless `need_confirmed`, `project.need_unknown`: where the
    platform has not answered, whoever commissions says that they do so all the same.
    """
    own = uow.actor.organisation_id
    project = _lock_open(uow, project_id, Claimant.ENTERPRISE, own)
    may_claim(uow.session, claim_of(uow.session, project.id, item_code)).require()
    _require_need(uow, project, item_code, need_confirmed)


def hold_project(uow: UnitOfWork, project_id: int) -> None:
    """Hold the record until the act ends, so that what the act read of its state stays true."""
    uow.lock(Project, project_id)


def _lock_open(
    uow: UnitOfWork, project_id: int, by: Claimant, organisation_id: int | None
) -> Project:
    project = uow.lock(Project, project_id)
    standing = ProjectStanding(project.id, project.enterprise_id, project.state)
    policy.may_hold(standing, by, organisation_id).require()
    return project


def _require_need(uow: UnitOfWork, project: Project, item_code: str, confirmed: bool) -> None:
    found = need_on(uow.session, project.id, item_code, local_date(uow.now))
    policy.may_commission(found, confirmed=confirmed).require(field=CONFIRMED)


def release_item(uow: UnitOfWork, *, record_kind: str, record_id: int) -> bool:
    """Give up what a record holds; False where it holds nothing (any more)."""
    claim = _lock_claim(uow, record_kind, record_id)
    if claim is None:
        return False
    _release(uow, claim)
    return True


def _release(uow: UnitOfWork, claim: ItemClaim) -> None:
    claim.released_at = uow.now
    uow.flush()
    about = (claim.project_id, claim.item_code, claim.claimed_by.value)
    uow.record(ItemReleased(*about, claim.record_kind, claim.record_id))


def use_claim(uow: UnitOfWork, *, record_kind: str, record_id: int) -> None:
    """An institution takes the work on: from now on the claim stays, whoever gets the project.

    Refuses `project.claim_fell_free` where the project got another enterprise before.
    """
    claim = _lock_claim(uow, record_kind, record_id)
    if claim is None:
        raise Refused("project.claim_fell_free")
    claim.used_at = uow.now


def hand_claim(
    uow: UnitOfWork, *, project_id: int, record_kind: str, record_id: int, to_id: int | None
) -> int:
    """Let the enterprise that has the project now hold what the one before held; returns it.

    Refuses `project.handed_over` where that is not its enterprise at this instant.
    """
    project = uow.lock(Project, project_id)
    claim = _lock_claim(uow, record_kind, record_id)
    if claim is None:
        raise NotFound
    if to_id is None or project.enterprise_id != to_id:
        raise Refused("project.handed_over")
    claim.organisation_id = to_id
    return to_id


def free_unused(uow: UnitOfWork, project: Project) -> None:
    """Give up what the enterprise of before holds of a locked project and nobody works on."""
    query = select(ItemClaim).where(
        ItemClaim.project_id == project.id, ItemClaim.released_at.is_(None)
    )
    for claim in uow.session.scalars(query.order_by(ItemClaim.id).with_for_update()).all():
        if falls_free(claim):
            _release(uow, claim)


def pass_claim(
    uow: UnitOfWork, *, record_kind: str, record_id: int, to_kind: str, to_id: int
) -> None:
    """Let another record hold the claim: the engagement that an award became.

    Raises `NotFound` where neither record holds it; done before, it changes nothing.
    """
    claim = _lock_claim(uow, record_kind, record_id)
    if claim is None:
        if _lock_claim(uow, to_kind, to_id) is None:
            raise NotFound
        return
    claim.record_kind, claim.record_id = to_kind, to_id
    uow.flush()
    uow.record(ItemClaimPassed(claim.project_id, claim.item_code, to_kind, to_id))


def _lock_claim(uow: UnitOfWork, record_kind: str, record_id: int) -> ItemClaim | None:
    query = select(ItemClaim).where(
        ItemClaim.record_kind == record_kind,
        ItemClaim.record_id == record_id,
        ItemClaim.released_at.is_(None),
    )
    return uow.session.scalars(query.with_for_update()).one_or_none()
