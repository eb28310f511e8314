"""Versions of items that begin today because a later release ships what an earlier one did not."""

from sqlalchemy import select

from marketplace.catalogue import models
from marketplace.catalogue.rules.items import OpenTo
from marketplace.catalogue.services.editing import put_item_version_in_force
from marketplace.catalogue.services.shipped import read_yaml, shipped_payer, work_lists
from marketplace.infra.unit_of_work import UnitOfWork


def follow_payers(uow: UnitOfWork) -> int:
    """Where the shipped list says anew who may commission an item, a version from today says so.

    Only for items that hold as they were shipped: what the operator changed is theirs. What was
    commissioned before stays under its own version.
    """
    query = (
        select(models.Item.code, models.ItemVersion.open_to)
        .join(models.Item, models.Item.id == models.ItemVersion.item_id)
        .where(models.ItemVersion.valid_to.is_(None), models.ItemVersion.number == 1)
    )
    held, count = {row[0]: row[1] for row in uow.session.execute(query)}, 0
    for row in read_yaml("items.yaml")["items"]:
        if held.get(row["id"], row["open_to"]) != row["open_to"]:
            said = shipped_payer(row)
            document = said["payer_basis"].split("：", 1)[0]
            put_item_version_in_force(uow, code=row["id"], payer_document=document, **said)
            count += 1
    return count


def follow_work_lists(uow: UnitOfWork) -> int:
    """Where no version of an item ever said what is handed over and checked, one does from today.

    Lists that the operator wrote, or took away again, are theirs.
    """
    version = models.ItemVersion
    query = select(models.Item.code, version).join(models.Item, models.Item.id == version.item_id)
    said, offered = set(), set()
    for code, row in uow.session.execute(query):
        if row.papers_owed or row.checks:
            said.add(code)
        if row.valid_to is None and row.open_to is not OpenTo.NOBODY:
            offered.add(code)
    silent = sorted(offered & work_lists().keys() - said)
    for code in silent:
        shipped = work_lists()[code]
        put_item_version_in_force(
            uow, code=code, papers_owed=shipped["papers_owed"], checks=shipped["checks"]
        )
    return len(silent)
