"""Who deals with a complaint: the competent association, or the supervisor."""

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.complaints.queries.subjects import Subject
from marketplace.kernel.actors import Capacity
from marketplace.vetting import queries as vetting


def handler_of(session: Session, found: Subject) -> int | None:
    """The organisation that decides: for a provider the association competent for item and region.

    What departments and enterprises do, and what no association is competent for, goes to the
    supervisor of the region. None where there is no supervisor either.
    """
    if found.about_institution:
        for item_code in found.item_codes:
            association = vetting.competent_association(session, item_code, found.region_code)
            if association is not None:
                return association
    return supervisor_for(session, found.region_code)


def supervisor_for(session: Session, region_code: str) -> int | None:
    """The supervisor of the nearest region upwards, else the first there is."""
    offices = accounts.organisations_with(session, Capacity.SUPERVISOR)
    tree = catalogue.regions(session)
    region = tree.resolve(region_code) or region_code
    for code in (region, *tree.ancestors(region)):
        for office in offices:
            if office.region_code == code:
                return office.id
    return offices[0].id if offices else None
