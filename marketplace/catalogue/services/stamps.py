"""The change stamp of each part: held for the act, renewed when something changed."""

import secrets

from sqlalchemy import select

from marketplace.catalogue.models import CatalogueStamp
from marketplace.catalogue.rules.parts import Part
from marketplace.infra.unit_of_work import UnitOfWork


def hold(uow: UnitOfWork, part: Part) -> CatalogueStamp:
    """Lock the part for this act, so that acts on one part follow each other."""
    query = select(CatalogueStamp).where(CatalogueStamp.part == part.value).with_for_update()
    stamp = uow.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if stamp is None:
        stamp = CatalogueStamp(part=part.value, token=_new_token())
        uow.session.add(stamp)
        uow.session.flush()
    return stamp


def renew(stamp: CatalogueStamp) -> None:
    """Tell every process that the part has changed."""
    stamp.token = _new_token()


def _new_token() -> str:
    return secrets.token_hex(16)
