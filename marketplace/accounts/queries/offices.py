"""Who decides about an organisation: never that organisation itself."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from marketplace.accounts.queries import parties
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.actors import Capacity


def supervisor_for(
    session: Session, region_code: str, but: Collection[int | None] = ()
) -> int | None:
    """The supervisor of the nearest region upwards, else the first there is."""
    every = parties.organisations_with(session, Capacity.SUPERVISOR)
    offices = [office for office in every if office.id not in but]
    for code in catalogue.regions(session).upwards(region_code):
        for office in offices:
            if office.region_code == code:
                return office.id
    return offices[0].id if offices else None


def judge_for(session: Session, house_id: int | None, about_id: int) -> int | None:
    """Who decides about an organisation what this house decides about others.

    Nobody decides a matter of their own: then it is the supervisor of the organisation's region.
    None where the house is none, or where there is no other supervisor.
    """
    if house_id != about_id:
        return house_id
    region_code = parties.organisation(session, about_id).region_code
    return supervisor_for(session, region_code, but={about_id})
