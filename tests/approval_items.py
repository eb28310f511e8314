"""Approval items for tests: added, changed, ended, and what they call for."""

from datetime import timedelta

from marketplace.catalogue.queries import listed
from marketplace.catalogue.services import approval_items
from marketplace.infra.unit_of_work import UnitOfWork
from tests.conftest import TODAY

CODE = "X01"
SAID = {
    "stage": "S3",
    "name": "取用地下水许可",
    "name_en": "Permit to use groundwater",
    "departments": ["水利"],
    "applies_to": "special",
    "condition": "取用地下水的项目",
    "condition_en": "Projects that use groundwater",
    "statutory_limit": "20个工作日",
    "statutory_limit_en": "20 working days",
    "law": "水法48",
}


def add(**changes):
    said = {"code": CODE, "valid_from": TODAY, "reason": "某发〔2026〕5号"} | SAID | changes
    return lambda uow: approval_items.add_approval_item(uow, **said)


def change(code=CODE, seen=1, days=0, reason="改", **changes):
    day = TODAY + timedelta(days=days)
    return lambda uow: approval_items.set_approval_version(
        uow, code=code, seen=seen, valid_from=day, reason=reason, **changes
    )


def end(code=CODE, seen=1, days=0):
    day = TODAY + timedelta(days=days)
    return lambda uow: approval_items.end_approval_item(
        uow, code=code, seen=seen, valid_from=day, reason="取消"
    )


def link(*items, code=CODE):
    """Link with these items, knowing those linked now."""

    def act(uow: UnitOfWork) -> int:
        every = listed.by_code(uow.session).items()
        seen = [one for one, item in every if approval_items.calls(item, code)]
        return approval_items.link_items(uow, code=code, items=items, seen=seen)

    return act


def rename(uow: UnitOfWork, number: int) -> None:
    """A name of this number, going on from the first version."""
    change(name=f"第{number}次改名")(uow)


def end_first(uow: UnitOfWork) -> None:
    """It ends, going on from the first version."""
    end()(uow)


def call_for(uow: UnitOfWork) -> None:
    """It calls for one item."""
    link("JL-Z05")(uow)
