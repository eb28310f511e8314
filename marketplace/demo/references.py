"""What the operator edits in the reference tables while the market goes on."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from marketplace.accounts import queries as accounts
from marketplace.accounts.services import departments
from marketplace.catalogue.queries import listed
from marketplace.catalogue.services import approval_items, kinds, put_item_version_in_force
from marketplace.demo import coining
from marketplace.demo.cast import DEPARTMENTS
from marketplace.demo.market import Market
from marketplace.demo.opening import SYSTEM_ADMIN
from marketplace.demo.stage import Act, Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date

# Numbers below are those of the cast.
_BUREAU = 900
_KIND = "hydrology_survey"
_LEVELS = [["甲级", "Grade A"], ["乙级", "Grade B"]]
_SPECIALTIES = [["水文水资源", "Hydrology and water resources"], ["水质评价", "Water quality"]]
# Those who hold it may review flood reports as well: nobody who is in the market has to leave.
_ITEM = "JL-Z06"


def reference_acts(market: Market) -> Iterator[Act]:
    """A kind of qualification comes, an item asks for it; an approval item comes, one changes."""
    yield market.act(34, 9, SYSTEM_ADMIN, partial(_add_kind))
    yield market.act(33, 9, SYSTEM_ADMIN, partial(_ask_for, _ITEM))
    yield market.act(12, 9, SYSTEM_ADMIN, partial(_specialise))

    yield market.act(25, 9, SYSTEM_ADMIN, partial(_add_department))
    yield market.act(10, 9, SYSTEM_ADMIN, partial(_rename_department))
    yield market.act(20, 9, SYSTEM_ADMIN, partial(_add_approval))
    yield market.act(8, 9, SYSTEM_ADMIN, partial(_change_approval))


def _add_department(_stage: Stage, uow: UnitOfWork) -> None:
    departments.add_department(
        uow,
        name="松原市示范行政审批局",
        credit_code=coining.credit_code(DEPARTMENTS[0].code_kind, _BUREAU),
        region_code="220700",
    )


def _rename_department(stage: Stage, uow: UnitOfWork) -> None:
    key = stage.organisation(uow.session, coining.credit_code(DEPARTMENTS[0].code_kind, _BUREAU))
    row = accounts.organisation(uow.session, key)
    departments.change_department(
        uow,
        department=row.public_id,
        seen=0,
        name="松原市示范政务服务和数字化建设管理局",
        region_code=row.region_code,
        valid_from=local_date(uow.now),
        reason="示例：机构改革更名",
    )


def _add_approval(_stage: Stage, uow: UnitOfWork) -> None:
    approval_items.add_approval_item(
        uow,
        code="C42",
        valid_from=local_date(uow.now),
        reason="示例：主管部门来函，项目审批平台已增加该事项",
        stage="S1",
        name="取用地下水许可（示例）",
        name_en="Permit to use groundwater (example)",
        departments=["水利"],
        applies_to="special",
        condition="取用地下水的项目",
        condition_en="projects that use groundwater",
        statutory_limit="20个工作日",
        statutory_limit_en="20 working days",
    )


def _change_approval(_stage: Stage, uow: UnitOfWork) -> None:
    approval_items.set_approval_version(
        uow,
        code="C42",
        seen=1,
        valid_from=local_date(uow.now),
        reason="示例：主管部门压缩办理时限",
        statutory_limit="15个工作日",
        statutory_limit_en="15 working days",
    )


def _add_kind(_stage: Stage, uow: UnitOfWork) -> None:
    kinds.add_kind(
        uow,
        code=_KIND,
        name="水文、水资源调查评价机构资质",
        name_en="Hydrological survey and water resources assessment qualification",
        levels=_LEVELS,
        reason="示例：主管部门来函，建议承认该资质",
    )


def _ask_for(item: str, _stage: Stage, uow: UnitOfWork) -> None:
    before = listed.item(uow.session, item).requirements
    alternatives = [asdict(need) for need in before.any_of]
    asked = {"kind": _KIND, "level_at_least": "乙级", "specialty": ""}
    put_item_version_in_force(
        uow,
        code=item,
        requirements={"all_of": [], "any_of": [*alternatives, asked], "basis": before.basis},
    )


def _specialise(_stage: Stage, uow: UnitOfWork) -> None:
    kinds.put_kind_in_force(
        uow,
        code=_KIND,
        seen=1,
        specialties=_SPECIALTIES,
        reason="示例：主管部门补充专业范围",
    )
