"""The listed items and the market services of the public interface."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from marketplace.catalogue.queries import listed
from marketplace.catalogue.queries.rows import ItemRow
from marketplace.catalogue.rules.items import ItemKind
from marketplace.kernel.times import local_date
from marketplace.web.api import ApiBlueprint
from marketplace.web.api_fields import N_, Answer, NoParameters, one_of
from marketplace.web.api_paging import Page, Paging, page_of
from marketplace.web.context import reading_session, request_time

blp = ApiBlueprint("api_items", __name__, tag="items")

ITEM_CODE = r"^JL-[ZS][0-9]{2}$"


class CallingToday(fields.List[Any]):
    """The approval items that call for an item on the day of the question."""

    def get_value(self, obj: Any, *_args: Any, **_options: Any) -> Any:
        """Those in force today, as they hold today."""
        return obj.called_by(local_date(request_time()))


class Named(Answer):
    """A code with its names."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)


class TimeLimit(Answer):
    """How long something may take."""

    value = fields.Integer(required=True)
    unit = fields.String(required=True, metadata={"enum": ["workdays", "days"]})


class Variant(Answer):
    """A kind of project for which another time limit holds."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    limit = fields.Nested(TimeLimit, required=True)


class Item(Answer):
    """A service item as it is in force."""

    kind = fields.String(
        required=True,
        metadata={
            "enum": [str(one) for one in ItemKind],
            "description": N_("A listed item, or a market service beside the list."),
        },
    )
    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    stage = fields.Nested(Named, required=True)
    limit = fields.Nested(
        TimeLimit,
        required=True,
        allow_none=True,
        attribute="own_limit",
        metadata={"description": N_("Null for a market service: both sides agree on it.")},
    )
    variants = fields.List(fields.Nested(Variant), required=True)
    open_to = fields.String(
        required=True,
        metadata={
            "description": N_(
                "Who may commission it: enterprise, department, either or nobody (ended)."
            )
        },
    )
    approvals = CallingToday(
        fields.Nested(Named),
        required=True,
        metadata={"description": N_("The approval items that call for it.")},
    )
    valid_from = fields.Date(required=True)


class Items(Answer):
    """A page of items."""

    data = fields.List(fields.Nested(Item), required=True)
    next = fields.String(required=True, allow_none=True)


class Listing(Paging):
    """A page of one kind of items."""

    kind = fields.String(
        load_default=ItemKind.LISTED.value,
        validate=one_of(*ItemKind),
        metadata={"description": N_("Listed items, or the market services beside them.")},
    )


@blp.operation(
    "/items",
    summary=N_("The listed service items, or the market services, in order"),
    takes=Listing,
    gives=Items,
    problems=(404,),
)
def list_items(asked: Mapping[str, Any]) -> Page[ItemRow]:
    offered = listed.items if asked["kind"] == ItemKind.LISTED else listed.market_services
    return page_of(offered(reading_session()), asked, lambda item: item.code)


@blp.operation(
    "/items/<code>",
    summary=N_("One service item"),
    takes=NoParameters,
    gives=Item,
    problems=(404,),
    address={"code": (ITEM_CODE, N_("The code of the item."))},
)
def read_item(_asked: Mapping[str, Any], code: str) -> ItemRow:
    return listed.item(reading_session(), code)
