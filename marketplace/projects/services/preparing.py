"""Who prepared what an item examines: written at the contract, asked wherever one is chosen."""

from collections.abc import Iterable

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects.events import ItemPrepared
from marketplace.projects.models import Preparer, Project
from marketplace.projects.queries.preparing import may_provide


def record_preparer(
    uow: UnitOfWork,
    *,
    project_id: int,
    item_codes: Iterable[str],
    organisation_id: int,
    record: tuple[str, int, str],
    service_code: str,
) -> None:
    """Keep for good that an institution is contracted for what these items examine.

    `record` is the kind, key and number of the work. The project is held until the act ends, so
    that whoever is chosen for one of the items in the same second is chosen before or after.
    """
    kind, key, number = record
    project = uow.lock(Project, project_id)
    for code in item_codes:
        uow.add(
            Preparer(
                project_id=project.id,
                item_code=code,
                organisation_id=organisation_id,
                record_kind=kind,
                record_id=key,
                record_number=number,
                service_code=service_code,
                since=uow.now,
            )
        )
        uow.record(ItemPrepared(project.id, code, organisation_id, kind, key))


def require_independent(
    uow: UnitOfWork, *, project_id: int, item_code: str, organisation_id: int
) -> None:
    """Refuse who did, or is tied to who did, what the item of the project examines.

    Refuses `project.prepared`, which names the earlier work; the project is held until the act
    ends.
    """
    project = uow.lock(Project, project_id)
    may_provide(uow.session, project.id, item_code, organisation_id).require()
