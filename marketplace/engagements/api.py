"""Engagements of the public interface: those of one's own organisation, on either side."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from marketplace.engagements import policy
from marketplace.engagements.queries import lists
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.rules import State
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.scopes import Scope
from marketplace.kernel.times import local_date
from marketplace.web.api import ApiBlueprint
from marketplace.web.api_fields import (
    N_,
    PUBLIC_ID,
    Answer,
    NoParameters,
    length,
    money,
    one_of,
)
from marketplace.web.api_paging import Page, Paging, fetched_page, read_cursor
from marketplace.web.context import current_actor, reading_session, request_time

blp = ApiBlueprint("api_engagements", __name__, tag="engagements")


class Engagement(Answer):
    """An engagement, whose turn it is and by when."""

    id = fields.String(attribute="public_id", required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    item_code = fields.String(required=True)
    project_id = fields.String(attribute="project_public_id", required=True)
    project_code = fields.String(required=True)
    institution_id = fields.String(attribute="institution_public_id", required=True)
    provider_name = fields.String(required=True)
    client_name = fields.String(required=True)
    payer = fields.String(
        required=True, metadata={"description": N_("Who pays: enterprise or department.")}
    )
    amount = money(attribute="amount_fen", required=True, allow_none=True)
    requested_at = fields.AwareDateTime(required=True)
    contracted_at = fields.AwareDateTime(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    accepted_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    returns = fields.Integer(
        required=True, metadata={"description": N_("How often a delivery was returned.")}
    )
    due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": N_("By when the institution delivers; null while its clock stands.")
        },
    )
    within_limit = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={
            "description": N_("Whether the accepted version came in time; null before acceptance.")
        },
    )
    turn = fields.String(
        attribute="owes",
        required=True,
        allow_none=True,
        metadata={"description": N_("Whose turn it is: client or provider; null for nobody’s.")},
    )
    turn_due_on = fields.Date(required=True, allow_none=True)
    light = fields.String(required=True)


class Engagements(Answer):
    """A page of engagements."""

    data = fields.List(fields.Nested(Engagement), required=True)
    next = fields.String(required=True, allow_none=True)


class Wanted(Paging):
    """Which engagements."""

    state = fields.List(
        fields.String(validate=one_of(*State)),
        load_default=list,
        validate=length(0, len(State)),
        metadata={"description": N_("States; without any, all of them.")},
    )


@blp.operation(
    "/engagements",
    summary=N_("The engagements of our organisation, the latest first"),
    scope=Scope.ENGAGEMENTS_READ,
    takes=Wanted,
    gives=Engagements,
    problems=(404,),
)
def list_engagements(asked: Mapping[str, Any]) -> Page[EngagementRow]:
    actor = _reader()
    (below,) = read_cursor(asked) or ("",)
    rows = lists.latest_engagements(
        reading_session(),
        actor.organisation_id or 0,
        states=[State(one) for one in asked["state"]],
        below=below,
        limit=asked["limit"] + 1,
        today=local_date(request_time()),
    )
    return fetched_page(rows, asked, lambda row: row.number)


@blp.operation(
    "/engagements/<engagement_id>",
    summary=N_("One engagement of our organisation"),
    scope=Scope.ENGAGEMENTS_READ,
    takes=NoParameters,
    gives=Engagement,
    problems=(404,),
    address={"engagement_id": (PUBLIC_ID, N_("The id of the engagement."))},
)
def read_engagement(_asked: Mapping[str, Any], engagement_id: str) -> EngagementRow:
    actor = _reader()
    row = lists.engagement(reading_session(), engagement_id, local_date(request_time()))
    if not (actor.acts_for(row.client_id) or actor.acts_for(row.provider_id)):
        raise NotFound
    return row


def _reader() -> Actor:
    actor = current_actor()
    if not policy.may_list(actor):
        raise Refused("account.not_your_role")
    return actor
